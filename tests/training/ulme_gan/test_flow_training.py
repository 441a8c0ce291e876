"""Training of the generator with flow, on stripes that move to the right with AU26."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lightning_fabric import Fabric

from mien.au.catalog import RIG_NAMES
from mien.engines.weights import load_weights
from mien.errors import UsageError
from mien.training.core.run_options import RunOptions
from mien.training.core.start_or_resume import train
from mien.training.export import export_run
from mien.training.faces.augmentation import Augmentation
from mien.training.faces.face_set import FaceSet
from mien.training.ulme_gan.batches import make_batch
from mien.training.ulme_gan.recipe import OURS, UlmeGanRecipe
from mien.training.ulme_gan.trainer import UlmeGanTrainer
from tests.training.conftest import AUS, SIZE


def stripes(count: int = 24) -> FaceSet:
    """Pictures of 16 px in two views: stripes move by 1 px for an intensity of 2.5."""
    phase = np.random.default_rng(0).uniform(0, 6, (count, 1, 1, 1, 1))
    jaw = np.zeros((count, 2), np.float32)
    jaw[:, 1] = np.random.default_rng(1).uniform(1, 5, count)
    away = jaw / 2.5
    x = np.arange(SIZE)[:, None] - away[:, :, None, None, None]
    images = 127 + 100 * np.sin(0.5 * x + phase)
    pixels = np.broadcast_to(images, (count, 2, SIZE, SIZE, 1)).repeat(3, -1).astype(np.uint8)
    aus = np.zeros((count, 2, len(RIG_NAMES)), np.float32)
    aus[:, :, RIG_NAMES.index("AU26")] = jaw
    way_back = np.zeros((count, 2, SIZE, SIZE, 3), np.float16)
    way_back[..., 0] = -away[:, :, None, None]
    names = tuple(f"person {number}" for number in range(count))
    facts = {"kind": "flow", "square_cm": 16.5, "square_down_cm": 1.15}
    return FaceSet(pixels, aus, RIG_NAMES, names, facts, way_back=way_back)


@pytest.fixture
def recipe() -> UlmeGanRecipe:
    generator = replace(OURS.generator, image_px=SIZE, width=4, blocks=1, aus=AUS)
    return replace(
        OURS, generator=generator, batch_size=4, steps=40, warmup_steps=2, learning_rate=0.01,
        ema_decay=0.5, augmentation=Augmentation(mirror=0.0),
    )  # fmt: skip


def test_it_learns_the_motion_and_its_weights_are_exported(
    recipe: UlmeGanRecipe, tmp_path: Path
) -> None:
    options = RunOptions(accelerator="cpu", validate_every=40, save_every=40)
    result = train(UlmeGanTrainer, recipe, *stripes().split(0.25), tmp_path / "r", options=options)
    assert result.validation["flow_cosine"] > 0.9
    assert 0.6 < result.validation["flow_amplitude"] < 1.4
    card = export_run(tmp_path / "r", tmp_path / "w")
    assert card.crop.startswith("a square of 16.5 canonical centimetres around the face, 1.15 cm")
    assert load_weights(tmp_path / "w", "ulme-gan").config["flow"] is True


def test_random_weights_do_not_know_the_motion(recipe: UlmeGanRecipe) -> None:
    trainer = UlmeGanTrainer(recipe, Fabric(accelerator="cpu"), 40)
    scores = trainer.validate(trainer.draw_held_out(stripes()))
    assert abs(scores["flow_amplitude"]) < 0.3


def test_a_mirrored_flow_points_the_other_way() -> None:
    faces = stripes()
    batch = make_batch(
        faces, AUS, batch_size=16, seed=0, step=0, augmentation=Augmentation(), with_flow=True
    )
    assert batch.way_back is not None and batch.targets is not None
    x = batch.way_back[:, 0]
    assert (x > 0).any() and (x < 0).any()
    # Sampling a row of the input one and a half pixels away gives the target's.
    for image, target, flow in zip(batch.images, batch.targets, x, strict=True):
        place = np.arange(4, 12) + flow[8, 4:12].numpy()
        row = np.interp(place, np.arange(SIZE), image[0, 8].numpy())
        assert np.abs(row - target[0, 8, 4:12].numpy()).max() < 0.12


def test_faces_of_another_kind_are_refused(recipe: UlmeGanRecipe) -> None:
    without = replace(stripes(), way_back=None)
    with pytest.raises(UsageError, match="expected a face set of kind flow"):
        UlmeGanTrainer.check_faces(recipe, *without.split(0.25))
