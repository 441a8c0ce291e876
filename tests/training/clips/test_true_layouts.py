"""From a data set in its true layout to a judged clip: faces, training, resuming, export, fine-tuning, transfer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mien.engines.weights import load_weights
from mien.evaluate.images import evaluate_images
from mien.training.face_sets import build_clips
from mien.training.options import ClipOptions, TrainOptions
from mien.training.run import export_weights, faces_for, resolve_recipe, train
from mien.transfer import transfer
from tests.datasets import copies
from tests.training.clips.conftest import SIZE, write_frames
from tests.training.motion.conftest import TINY

SMALL_GAN = (
    *(f"generator.{field}" for field in (f"image_px={SIZE}", "width=4", "blocks=1")),
    *(f"discriminator.{field}" for field in (f"image_px={SIZE}", "width=4", "layers=2")),
    *("batch_size=2", "critic_steps=1"),
)
SMALL_NET = (*(f"network.{name}={value}" for name, value in TINY.items()), "batch_size=2")
OURS_ON_CLIPS = (*SMALL_NET, "pairs=from_original", "weights.shown=0")
"""Clips do not say where each pixel comes from."""


def casme2(root: Path, frames) -> None:
    rows = [
        (subject, f"EP0{subject}_01", None, 46, 47, 48, None, "4", "others") for subject in (1, 2)
    ]
    copies.casme2_table(root / "CASME2-coding-20140508.xlsx", rows)
    for subject, clip, *_ in rows:
        folder = root / "CASME2_RAW_selected" / f"sub{subject:02d}" / clip
        write_frames(folder, [frames[0], *frames], "img{}.jpg", first=45)


def samm(root: Path, frames) -> None:
    rows = [
        (s, f"{s}_1_2", 1, 12, 13, 14, 3, "Micro", "4", "Anger", 1, None) for s in ("006", "007")
    ]
    copies.samm_table(root / "SAMM_Micro_FACS_Codes_v2.xlsx", rows)
    for subject, clip, *_ in rows:
        write_frames(root / "SAMM" / subject / clip, frames, f"{subject}_{{:05d}}.jpg", first=12)


def smic(root: Path, frames) -> None:
    rows = [(s, f"s{s}_ne_01", 100, 102, 3, "negative") for s in (3, 10)]
    copies.smic_table(root / "SMIC-HS-E_annotation.xlsx", rows)
    for subject, clip, *_ in rows:
        folder = root / "HS" / f"s{subject}" / "micro" / "negative" / clip
        write_frames(folder, frames, "image{:06d}.bmp", first=100)


@pytest.mark.parametrize(
    ("write", "labels", "architecture", "recipe", "prior", "small", "people", "trained_on"),
    [
        (
            *(casme2, "measured", "ulme-gan", "published", None, SMALL_GAN, ("sub02", "sub01")),
            "3 frames from clips",
        ),
        (
            samm,
            "measured",
            "fomm",
            "ours",
            "awp",
            OURS_ON_CLIPS,
            ("007", "006"),
            "1 clips of filmed",
        ),
        (smic, "still", "mraa", "ours", "awp", OURS_ON_CLIPS, ("s03", "s10"), "1 clips of filmed"),
    ],
    ids=["casme2", "samm", "smic"],
)
def test_faces_training_export_fine_tuning_and_transfer(
    write: Callable[..., None],
    labels,
    architecture: str,
    recipe: str,
    prior: str | None,
    small: tuple[str, ...],
    people: tuple[str, str],
    trained_on: str,
    moving_face,
    face_file: Path,
    tmp_path: Path,
):
    name = write.__name__
    write(tmp_path / name, moving_face)
    options = ClipOptions(labels=labels, crop="published")
    faces = build_clips(f"{name}:{tmp_path / name}", tmp_path / "set", size=SIZE, options=options)
    assert faces.facts["counts"]["frames"] == 6  # from onset to offset
    learned, held_out = faces.split()
    sides = [{part.identities[row] for row in part.rows} for part in (learned, held_out)]
    assert sides == [{f"{name}_{people[0]}"}, {f"{name}_{people[1]}"}]

    run = tmp_path / "run"
    first = TrainOptions(recipe=recipe, set=small, steps=2, accelerator="cpu", minutes=1e-9)
    asked = resolve_recipe(architecture, run, first, prior=prior)
    opened = faces_for(asked, str(tmp_path / "set"), run)
    assert train(opened, run, asked, first).stopped == "minutes"
    again = TrainOptions(resume=True, accelerator="cpu")
    result = train(opened, run, resolve_recipe(architecture, run, again), again)
    assert (result.step, result.stopped) == (2, "finished")

    card = export_weights(run, tmp_path / "weights")
    assert "a square of 13.5 canonical centimetres" in card.crop
    assert card.training_data.startswith(trained_on)
    config = load_weights(tmp_path / "weights", architecture).config
    assert (config["image_px"], config["square_cm"]) == (SIZE, 13.5)  # the engine cuts it likewise

    tuning = TrainOptions(
        recipe=recipe, set=small, steps=1, accelerator="cpu", init=tmp_path / "weights"
    )
    assert train(opened, tmp_path / "tuned", asked, tuning).step == 2

    driver, out = write_frames(tmp_path / "driver", moving_face), tmp_path / "moved"
    settings = {"weights": tmp_path / "weights"}
    made = transfer(driver, face_file, out, engine=architecture, fps=100, engine_settings=settings)
    assert made.track is None or len(made.track) == 3
    judged = evaluate_images(out, reference=driver, lpips=False)
    assert judged.mean.l1 is not None and judged.mean.l1 > 0
