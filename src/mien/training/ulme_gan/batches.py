"""Batches of a face set, each a pure function of a seed and a step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor

from mien.au.catalog import sided_names
from mien.au.intensity import MAX_INTENSITY
from mien.training.faces.face_set import FaceSet

UNMOVED_SHARE = 0.08
"""Of the pairs: the same picture on both sides, so that no change asked is no change made."""

FROM_VIEW_0_SHARE = 0.7
"""Of the pairs: they begin at the picture as it was found, as a portrait does."""


@dataclass(frozen=True)
class Batch:
    """What a training step looks at.

    Attributes:
        images: (B, 3, S, S) float32 in [-1, 1], what the generator is given.
        own: (B, A) the AUs these show, over 5.
        wanted: (B, A) the AUs that are to be shown, over 5.
        targets: (B, 3, S, S) the same faces showing them; None where the set has no pairs.
    """

    images: Float32[Tensor, "batch 3 size size"]
    own: Float32[Tensor, "batch aus"]
    wanted: Float32[Tensor, "batch aus"]
    targets: Float32[Tensor, "batch 3 size size"] | None

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        targets = None if self.targets is None else self.targets.to(device, non_blocking=True)
        return Batch(
            self.images.to(device, non_blocking=True),
            self.own.to(device, non_blocking=True),
            self.wanted.to(device, non_blocking=True),
            targets,
        )


def make_batch(
    faces: FaceSet,
    aus: tuple[str, ...],
    *,
    batch_size: int,
    seed: int,
    step: int,
    jitter: float = 0.0,
    augment: bool = True,
) -> Batch:
    """Draw a batch: the same one whenever it is asked for, so that a resumed run goes on exactly.

    Args:
        faces: The set.
        aus: The generator's AUs; ``AU12`` is the mean of ``AU12L`` and ``AU12R``.
        batch_size: Pairs.
        seed: Of the run.
        step: Of the run.
        jitter: Wanted AUs over 5 are off by at most so much, uniformly (unpaired sets only: a
            pair's target shows what it shows).
        augment: Whether faces are mirrored and their light and colours changed.
    """
    rng = np.random.default_rng([seed, step])
    chosen = rng.choice(faces.rows, batch_size, replace=len(faces) < batch_size)
    views = faces.images.shape[1]
    if faces.is_paired:
        first = np.where(
            rng.random(batch_size) < FROM_VIEW_0_SHARE, 0, rng.integers(0, views, batch_size)
        )
        second = (first + rng.integers(1, views, batch_size)) % views
        second = np.where(rng.random(batch_size) < UNMOVED_SHARE, first, second)
        pictures = [
            (faces.images[f, a], faces.images[f, b])
            for f, a, b in zip(chosen, first, second, strict=True)
        ]
        own, wanted = faces.aus[chosen, first], faces.aus[chosen, second]
    else:
        pictures = [(faces.images[f, 0],) * 2 for f in chosen]
        own, wanted = faces.aus[chosen, 0], faces.aus[rng.choice(faces.rows, batch_size), 0]
    mirrored = rng.random(batch_size) < 0.5 if augment else np.zeros(batch_size, bool)
    order = np.where(mirrored[:, None], _mirror_order(faces.au_names), np.arange(own.shape[1]))
    own, wanted = (
        _for_generator(np.take_along_axis(a, order, 1), faces.au_names, aus) for a in (own, wanted)
    )
    if jitter and not faces.is_paired:
        wanted = (wanted + rng.uniform(-jitter, jitter, wanted.shape)).clip(0, 1)
    pixels = np.stack([np.stack(pair) for pair in pictures], 1).astype(np.float32) / 127.5 - 1
    pixels[:, mirrored] = pixels[:, mirrored, :, ::-1]
    if augment:
        pixels = other_light(pixels, rng)
    images, targets = (
        torch.from_numpy(np.ascontiguousarray(p.transpose(0, 3, 1, 2))) for p in pixels
    )
    return Batch(
        images,
        torch.from_numpy(own.astype(np.float32)),
        torch.from_numpy(wanted.astype(np.float32)),
        targets if faces.is_paired else None,
    )


def other_light(
    pixels: Float32[np.ndarray, "2 batch size size 3"], rng: np.random.Generator
) -> Float32[np.ndarray, "2 batch size size 3"]:
    """Change light, contrast and colour balance of each pair, alike on both of its sides."""
    shape = (1, pixels.shape[1], 1, 1)
    gain = rng.uniform(0.8, 1.2, (*shape, 1)) * rng.uniform(0.94, 1.06, (*shape, 3))
    shift = rng.uniform(-0.15, 0.15, (*shape, 1))
    return np.clip(pixels * gain.astype(np.float32) + shift.astype(np.float32), -1, 1)


def _mirror_order(names: tuple[str, ...]) -> np.ndarray:
    """Where each AU's value comes from once the picture is mirrored."""
    other = {"L": "R", "R": "L"}
    return np.array([names.index(n[:-1] + other[n[-1]] if n[-1] in other else n) for n in names])


def _for_generator(
    values: Float[np.ndarray, "batch aus"], names: tuple[str, ...], wanted: tuple[str, ...]
) -> Float[np.ndarray, "batch wanted"]:
    """Intensities over 5 of the generator's AUs; a unit that the set does not have is 0."""
    result = np.zeros((len(values), len(wanted)), np.float32)
    for column, name in enumerate(wanted):
        sides = [names.index(side) for side in sided_names(name) if side in names]
        if sides:
            result[:, column] = values[:, sides].mean(1) / MAX_INTENSITY
    return result
