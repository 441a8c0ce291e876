"""The published recipes of FOMM and MRAA, narrow, from clips in a true layout to judged clips, as commands."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.cli.main import main
from mien.engines.weights import read_card
from mien.errors import MissingExtraError
from mien.io.clips import open_clip
from mien.metrics.vgg_weights import find_vgg16
from tests.training.clips.conftest import write_frames
from tests.training.clips.test_true_layouts import casme2
from tests.training.motion.conftest import TINY

SIZE = 128
"""The perceptual loss takes nothing smaller."""

NETWORK = {**TINY, "image_px": SIZE}


@pytest.fixture(autouse=True)
def needs_vgg() -> None:
    try:
        find_vgg16()
    except MissingExtraError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def face_set(moving_face: tuple[np.ndarray, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("published")
    casme2(root / "CASME2", moving_face)
    made = ("--clips", f"casme2:{root / 'CASME2'}", "--crop", "published", "--size", SIZE)
    command("train", "faces", *made, "--out", root / "set")
    return root / "set"


def command(*words: object) -> None:
    assert main([str(word) for word in words]) == 0


@pytest.mark.parametrize(
    "network, prior, losses",
    [
        ("fomm", "ewp", {"adversarial", "features", "perceptual", "linear_equivariance"}),
        ("mraa", "awp", {"perceptual"}),
    ],
)
def test_a_published_recipe_from_clips_to_judged_clips(
    network: str,
    prior: str,
    losses: set[str],
    face_set: Path,
    moving_face: tuple[np.ndarray, ...],
    face_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run, weights, moved = tmp_path / "run", tmp_path / "w", tmp_path / "moved"
    small = [f"--set=network.{name}={value}" for name, value in NETWORK.items()]
    few = ("--set", "batch_size=2", "--steps", 2, "--accelerator", "cpu", "--log-every", 1)
    asked = ("--data", face_set, "--prior", prior, "--recipe", "published", *small, *few)
    command("train", network, *asked, "--out", run)
    log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    steps = [line for line in log if line["kind"] == "train"]
    assert [line["step"] for line in steps] == [1, 2]
    for line in steps:
        learned = {name.removeprefix("net/"): value for name, value in line.items()}
        assert all(learned[name] > 0 and math.isfinite(learned[name]) for name in losses), line
        assert (
            ("adversarial" in learned) == ("critic/total" in learned) == ("adversarial" in losses)
        )

    command("train", "export", run, "--out", weights)
    card = read_card(weights, network)
    assert card.config["prior"] == prior and "13.5 canonical centimetres" in card.crop
    assert card.recipe["weights"]["perceptual"] == 10.0
    assert card.recipe["prior_points"] == ("once" if prior == "ewp" else "tracked")

    driver = write_frames(tmp_path / "driver", moving_face)
    engine = ("--engine", network, "--weights", weights, "--fps", 100)
    command("transfer", driver, face_file, *engine, "--out", moved)
    assert len(list(open_clip(moved))) == len(moving_face)
    capsys.readouterr()
    command("evaluate", "reconstruction", driver, *engine, "--no-lpips", "--json")
    judged: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (judged["engine"], judged["frames"]) == (network, len(moving_face))
    assert 0 < judged["mean"]["l1"] < 0.2 and math.isfinite(judged["motion"]["cosine"])
