from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from mien.au.catalog import RIG_NAMES
from mien.models.ulme_gan import DiscriminatorConfig, GeneratorConfig
from mien.training.faces.face_set import FaceSet
from mien.training.ulme_gan.recipe import PAINTED, PUBLISHED, UlmeGanRecipe

SIZE = 16
AUS = ("AU4L", "AU4R", "AU12L", "AU12R", "AU26")


@pytest.fixture(autouse=True)
def one_thread():
    """Tiny nets are quickest so, and sums are in one order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def faces_of(views: int, count: int = 24, seed: int = 0) -> FaceSet:
    """Smooth pictures of 16 px; in further views the lower part is brighter the more AU26."""
    rng = np.random.default_rng(seed)
    rows = np.linspace(0, 1, SIZE)
    phase = rng.uniform(0, 6, (count, 1, 1, 1, 3))
    base = 0.5 + 0.3 * np.sin(3 * rows[:, None, None] + 2 * rows[None, :, None] + phase)
    aus = np.zeros((count, views, len(RIG_NAMES)), np.float32)
    jaw = aus[:, :, RIG_NAMES.index("AU26")]
    jaw[:] = rng.uniform(0, 5, (count, views))
    if views > 1:
        jaw[:, 0] = 0
    moved = 0.04 * jaw[..., None, None, None] * (rows > 0.6)[:, None, None]
    images = ((base + moved).clip(0, 1) * 255).astype(np.uint8)
    names = tuple(f"person {number}" for number in range(count))
    return FaceSet(images, aus, RIG_NAMES, names, {"kind": "rig" if views > 1 else "still"})


def clips_of(lengths: tuple[int, ...] = (2, 5, 3), seed: int = 0) -> FaceSet:
    """The same pictures as clips of these lengths, of people 0, 1, ..."""
    single = faces_of(1, sum(lengths), seed)
    names = tuple(f"person {number}" for number in range(len(lengths)))
    starts = np.cumsum([0, *lengths])
    return replace(single, identities=names, facts={"kind": "clips"}, rows=None, starts=starts)


@pytest.fixture
def pairs() -> tuple[FaceSet, FaceSet]:
    return faces_of(3).split(0.25)


@pytest.fixture
def singles() -> tuple[FaceSet, FaceSet]:
    return faces_of(1).split(0.25)


@pytest.fixture
def ours() -> UlmeGanRecipe:
    generator = replace(PAINTED.generator, image_px=SIZE, width=4, blocks=1, aus=AUS)
    return replace(
        PAINTED, generator=generator, batch_size=3, steps=6, warmup_steps=2, precision="32-true"
    )


@pytest.fixture
def published() -> UlmeGanRecipe:
    return replace(
        PUBLISHED,
        generator=GeneratorConfig(image_px=SIZE, width=4, blocks=1),
        discriminator=DiscriminatorConfig(image_px=SIZE, width=4, layers=2),
        batch_size=3,
        steps=6,
        critic_steps=2,
    )
