"""docs/training.md and its Chinese page explain each number of a run's log."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from lightning_fabric import Fabric

from mien.training.core.base_trainer import BaseTrainer
from mien.training.motion.recipe import MotionLossWeights
from mien.training.motion.trainer import MotionTrainer
from mien.training.ulme_gan.recipe import OURS, LossWeights
from mien.training.ulme_gan.trainer import UlmeGanTrainer
from tests.training.conftest import AUS, SIZE
from tests.training.motion.conftest import moved_faces, recipe_of
from tests.training.ulme_gan.test_flow_training import stripes

DOCS = Path(__file__).resolve().parents[2] / "docs"
AVD = {"shift", "affine", "shift_left"}
"""What tests/training/avd/test_trainer.py finds in its validations."""


@pytest.fixture(params=["training.md", "training.zh.md"])
def tables(request: pytest.FixtureRequest) -> list[set[str]]:
    """The names in the first column of each table of the section on the log."""
    text = (DOCS / request.param).read_text(encoding="utf-8")
    section = re.split(r"^## (?=\d)", text, flags=re.MULTILINE)[5]
    found = [
        set(re.findall(r"`([^`]+)`", " ".join(line.split("|")[1] for line in block.splitlines())))
        for block in section.split("\n\n")
        if block.startswith("|")
    ]
    assert section.startswith("5.") and len(found) == 4
    return found


def figures_of(trainer: BaseTrainer, faces: object) -> set[str]:
    return set(trainer.validate(trainer.draw_held_out(faces)))


def test_each_loss_is_explained(tables: list[set[str]]) -> None:
    gan = {f"generator/{each.name}" for each in fields(LossWeights)} - {"generator/penalty"}
    assert tables[1] == gan | {"critic/au", "critic/distance", "critic/penalty"}
    assert tables[2] == {f"net/{each.name}" for each in fields(MotionLossWeights)}


def test_each_figure_of_held_out_people_is_explained(tables: list[set[str]]) -> None:
    cpu = Fabric(accelerator="cpu")
    generator = replace(OURS.generator, image_px=SIZE, width=4, blocks=1, aus=AUS)
    gan = UlmeGanTrainer(replace(OURS, generator=generator), cpu, 1)
    motion = MotionTrainer(recipe_of("fomm-awp"), cpu, 1)
    said = figures_of(gan, stripes()) | figures_of(motion, moved_faces()) | AVD
    assert tables[3] == said
