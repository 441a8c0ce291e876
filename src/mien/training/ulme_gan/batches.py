"""Batches of ULME-GAN, deterministic per seed and step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor

from mien.au.catalog import sided_names
from mien.au.intensity import MAX_INTENSITY
from mien.training.core.recipe import Order
from mien.training.faces.augmentation import Augmentation
from mien.training.faces.face_set import FaceSet
from mien.training.faces.light import other_light
from mien.training.faces.order import rows_of_batch

UNMOVED_SHARE = 0.08
"""Share of pairs with the same picture on both sides, which teach the generator to change nothing unasked."""

FROM_VIEW_0_SHARE = 0.7
"""Share of pairs that start from the original picture, as a portrait does."""


@dataclass(frozen=True)
class Batch:
    """The input of a training step.

    Attributes:
        images: (B, 3, S, S) float32 RGB in [-1, 1], the generator's input.
        own: (B, A) AUs that the images show, intensity / 5.
        wanted: (B, A) AUs that the output should show, intensity / 5; with noise also outside [0, 1].
        targets: (B, 3, S, S) the same faces with the wanted AUs; None if the set has no pairs.
        way_back: (B, 3, S, S) true flow (x, y) from targets to images in pixels, and the share of each pixel that
            the flow does not explain; None if not requested.
    """

    images: Float32[Tensor, "batch 3 size size"]
    own: Float32[Tensor, "batch aus"]
    wanted: Float32[Tensor, "batch aus"]
    targets: Float32[Tensor, "batch 3 size size"] | None
    way_back: Float32[Tensor, "batch 3 size size"] | None = None

    def to(self, device: torch.device) -> Batch:
        """Return the batch on another device."""
        targets, way_back = (
            None if part is None else part.to(device, non_blocking=True)
            for part in (self.targets, self.way_back)
        )
        return Batch(
            self.images.to(device, non_blocking=True),
            self.own.to(device, non_blocking=True),
            self.wanted.to(device, non_blocking=True),
            targets,
            way_back,
        )


def make_batch(
    faces: FaceSet,
    aus: tuple[str, ...],
    *,
    batch_size: int,
    seed: int,
    step: int,
    jitter: float = 0.0,
    jitter_clip: bool = False,
    augmentation: Augmentation | None = None,
    order: Order = "drawn",
    with_flow: bool = False,
) -> Batch:
    """Draw a batch; deterministic per seed and step, so that a resumed run is exact.

    Args:
        faces: The face set.
        aus: The generator's AUs; ``AU12`` is the mean of ``AU12L`` and ``AU12R``.
        batch_size: Number of pairs.
        seed: Seed of the run.
        step: Step of the run.
        jitter: Largest uniform noise on the wanted AUs, intensity / 5; for unpaired sets only, as
            the target of a pair shows known AUs.
        jitter_clip: Whether AUs with noise are clipped to [0, 1].
        augmentation: How faces are varied; None leaves them as they are.
        order: How faces are chosen for batches.
        with_flow: Whether to add the true flow, for sets that have it; all pairs then start from view 0.
    """
    rng = np.random.default_rng([seed, step])
    if order == "passes":
        chosen = rows_of_batch(faces.rows, batch_size, seed, step)
    else:
        chosen = rng.choice(faces.rows, batch_size, replace=len(faces) < batch_size)
    if faces.is_paired:
        views = faces.view_counts[chosen]
        from_view_0 = (rng.random(batch_size) < FROM_VIEW_0_SHARE) | with_flow
        first = np.where(from_view_0, 0, rng.integers(0, views))
        second = (first + rng.integers(1, views)) % views
        second = np.where(rng.random(batch_size) < UNMOVED_SHARE, first, second)
        sides = [
            [faces.place(int(face), int(view)) for face, view in zip(chosen, side, strict=True)]
            for side in (first, second)
        ]
        pictures = [(faces.images[a], faces.images[b]) for a, b in zip(*sides, strict=True)]
        own, wanted = (np.stack([faces.aus[at] for at in side]) for side in sides)
    else:
        pictures = [(faces.images[f, 0],) * 2 for f in chosen]
        own, wanted = faces.aus[chosen, 0], faces.aus[rng.choice(faces.rows, batch_size), 0]
    mirrored = np.zeros(batch_size, bool)
    if augmentation is not None and augmentation.mirror:
        mirrored = rng.random(batch_size) < augmentation.mirror
    columns = np.where(mirrored[:, None], _mirror_order(faces.au_names), np.arange(own.shape[1]))
    own, wanted = (
        _for_generator(np.take_along_axis(a, columns, 1), faces.au_names, aus)
        for a in (own, wanted)
    )
    if jitter and not faces.is_paired:
        wanted = wanted + rng.uniform(-jitter, jitter, wanted.shape)
        wanted = wanted.clip(0, 1) if jitter_clip else wanted
    pixels = np.stack([np.stack(pair) for pair in pictures], 1).astype(np.float32) / 127.5 - 1
    pixels[:, mirrored] = pixels[:, mirrored, :, ::-1]
    if augmentation is not None and augmentation.has_light:
        pixels = other_light(pixels, augmentation, rng)
    way_back = None
    if with_flow:
        assert faces.way_back is not None, "the trainer checks that the set has flow"
        ways = np.stack([faces.way_back[at] for at in sides[1]])
        way_back = torch.from_numpy(_channels_first(_mirrored_flow(ways, mirrored)))
    images, targets = (torch.from_numpy(_channels_first(p)) for p in pixels)
    return Batch(
        images,
        torch.from_numpy(own.astype(np.float32)),
        torch.from_numpy(wanted.astype(np.float32)),
        targets if faces.is_paired else None,
        way_back,
    )


def _channels_first(maps: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(maps.transpose(0, 3, 1, 2), np.float32)


def _mirrored_flow(ways: np.ndarray, mirrored: np.ndarray) -> np.ndarray:
    """Mirror the flows (B, S, S, 3) of mirrored pictures: motion to the right becomes motion to the left."""
    result = ways.astype(np.float32)
    result[mirrored] = result[mirrored, :, ::-1] * np.array([-1, 1, 1], np.float32)
    return result


def _mirror_order(names: tuple[str, ...]) -> np.ndarray:
    """Return the index of the AU whose value each AU takes when the picture is mirrored."""
    other = {"L": "R", "R": "L"}
    return np.array([names.index(n[:-1] + other[n[-1]] if n[-1] in other else n) for n in names])


def _for_generator(
    values: Float[np.ndarray, "batch aus"], names: tuple[str, ...], wanted: tuple[str, ...]
) -> Float[np.ndarray, "batch wanted"]:
    """Return intensity / 5 of the generator's AUs; an AU that the set lacks is 0."""
    result = np.zeros((len(values), len(wanted)), np.float32)
    for column, name in enumerate(wanted):
        sides = [names.index(side) for side in sided_names(name) if side in names]
        if sides:
            result[:, column] = values[:, sides].mean(1) / MAX_INTENSITY
    return result
