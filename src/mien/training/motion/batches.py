"""Batches for motion transfer: two views of one face, and how one came of the other.

Everything is normalised: a picture is from -1 to 1 from edge to edge, as in `mien.models.warping`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from mien.errors import UsageError
from mien.face.prior_points import in_pixels, normalised, paper_mirror, prior_points, spread_mirror
from mien.training.faces.face_motion import FaceMotion
from mien.training.faces.face_set import FaceSet
from mien.training.ulme_gan.batches import other_light

UNMOVED_SHARE = 0.05
"""Of the pairs: the same view twice."""

FROM_VIEW_0_SHARE = 0.6
"""Of the pairs: they begin at the picture as it was found, as a portrait does."""

_INVERSION_STEPS = 12


@dataclass(frozen=True)
class MotionBatch:
    """What a training step looks at.

    Attributes:
        source: (B, 3, S, S) float32 in [-1, 1].
        driving: (B, 3, S, S) the same faces after they moved.
        source_points: (B, K, 2) prior points; None for networks that find their own.
        driving_points: (B, K, 2) where they went.
        displacement: (B, 2, G, G) the true backward motion: driving z was at source z plus this.
    """

    source: Float32[Tensor, "batch 3 size size"]
    driving: Float32[Tensor, "batch 3 size size"]
    source_points: Float32[Tensor, "batch points 2"] | None
    driving_points: Float32[Tensor, "batch points 2"] | None
    displacement: Float32[Tensor, "batch 2 cells cells"]

    def to(self, device: torch.device) -> MotionBatch:
        """The same batch on another device."""
        parts: dict[str, Any] = {part.name: getattr(self, part.name) for part in fields(self)}
        return MotionBatch(
            **{n: p if p is None else p.to(device, non_blocking=True) for n, p in parts.items()}  # type: ignore[arg-type]
        )


class Placement(NamedTuple):
    """Where a view is put: ``place = linear @ own + shift``, normalised.

    Attributes:
        linear: (2, 2).
        shift: (2,).
    """

    linear: np.ndarray
    shift: np.ndarray

    def points(self, own: np.ndarray) -> np.ndarray:
        """Carry (..., 2) points of the view to where they are put."""
        return own @ self.linear.T + self.shift

    def back(self, placed: np.ndarray) -> np.ndarray:
        """The way back from `points`."""
        return (placed - self.shift) @ np.linalg.inv(self.linear).T

    def picture(self, image: np.ndarray) -> np.ndarray:
        """Move a square picture; its border goes on."""
        size = image.shape[0]
        # Pixel i is at (2 i + 1) / size - 1.
        offset = self.linear @ np.full(2, 1 - size) + size * self.shift + size - 1
        matrix = np.column_stack([self.linear, offset / 2])
        return cv2.warpAffine(
            image, matrix, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )


def make_motion_batch(
    faces: FaceSet,
    *,
    points: int | None,
    with_points: bool,
    batch_size: int,
    seed: int,
    step: int,
    augment: bool = True,
) -> MotionBatch:
    """Draw a batch: the same one whenever it is asked for.

    Args:
        faces: A set that a rig moved.
        points: Vertices that are the prior; None for the 18 published points.
        with_points: Whether the network takes points.
        batch_size: Pairs.
        seed: Of the run.
        step: Of the run.
        augment: Whether faces are mirrored, put a little elsewhere, and their light changed.

    Raises:
        UsageError: A set without motion.
    """
    motion = motion_of(faces)
    rng = np.random.default_rng([seed, step])
    chosen = rng.choice(faces.rows, batch_size, replace=len(faces) < batch_size)
    pairs = [
        _pair(faces, motion, int(face), points if with_points else None, rng, augment)
        for face in chosen
    ]
    source, driving, source_points, driving_points, displacement = (
        np.stack(part) for part in zip(*pairs, strict=True)
    )
    pixels = np.stack([source, driving]).astype(np.float32) / 127.5 - 1
    if augment:
        pixels = other_light(pixels, rng)
    images = [torch.from_numpy(np.ascontiguousarray(p.transpose(0, 3, 1, 2))) for p in pixels]
    given = [torch.from_numpy(p.astype(np.float32)) for p in (source_points, driving_points)]
    backward = torch.from_numpy(displacement.transpose(0, 3, 1, 2).astype(np.float32))
    if not with_points:
        return MotionBatch(images[0], images[1], None, None, backward)
    return MotionBatch(images[0], images[1], given[0], given[1], backward)


def motion_of(faces: FaceSet) -> FaceMotion:
    """A set's motion.

    Raises:
        UsageError: It has none.
    """
    if faces.motion is None or not faces.is_paired:
        raise UsageError(
            "expected a face set that says how its views moved, got one that does not: make it "
            "anew with 'mien train faces --kind rig'"
        )
    return faces.motion


def _pair(
    faces: FaceSet,
    motion: FaceMotion,
    face: int,
    count: int | None,
    rng: np.random.Generator,
    augment: bool,
) -> tuple[np.ndarray, ...]:
    views = faces.images.shape[1]
    first = 0 if rng.random() < FROM_VIEW_0_SHARE else int(rng.integers(views))
    second = (first + int(rng.integers(1, views))) % views
    second = first if rng.random() < UNMOVED_SHARE else second
    source_place, driving_place = _placements(rng, augment)
    mesh = motion.points[face]
    side = faces.size
    own, its = (
        normalised(prior_points(in_pixels(mesh + motion.moved[face, v], side), count), side)
        for v in (first, second)
    )
    displacement = _backward(
        np.asarray(motion.field[face, first], np.float32),
        np.asarray(motion.field[face, second], np.float32),
        source_place,
        driving_place,
    )
    source = source_place.picture(faces.images[face, first])
    driving = driving_place.picture(faces.images[face, second])
    own, its = source_place.points(own), driving_place.points(its)
    if augment and rng.random() < 0.5:
        twins = paper_mirror() if count is None else spread_mirror(count)
        flip = np.array([-1.0, 1.0])
        source, driving = source[:, ::-1], driving[:, ::-1]
        own, its = own[twins] * flip, its[twins] * flip
        displacement = displacement[:, ::-1] * flip
    return source, driving, own, its, displacement


def _placements(rng: np.random.Generator, augment: bool) -> tuple[Placement, Placement]:
    """Where the source and the driving view are put: near each other, as a steadied head is."""
    if not augment:
        still = Placement(np.eye(2), np.zeros(2))
        return still, still
    source = _similarity(rng, turn=0.06, scale=0.05, shift=0.06)
    little = _similarity(rng, turn=0.006, scale=0.004, shift=0.006)
    driving = Placement(little.linear @ source.linear, little.points(source.shift))
    return source, driving


def _similarity(rng: np.random.Generator, turn: float, scale: float, shift: float) -> Placement:
    angle, size = rng.normal(0, turn), np.exp(rng.normal(0, scale))
    cosine, sine = size * np.cos(angle), size * np.sin(angle)
    return Placement(np.array([[cosine, -sine], [sine, cosine]]), rng.normal(0, shift, 2))


def _backward(
    to_first: np.ndarray, to_second: np.ndarray, source: Placement, driving: Placement
) -> np.ndarray:
    """(G, G, 2): where the driving picture's cells were in the source, less where they are.

    Args:
        to_first: (G, G, 2) from view 0's cells to where they are in the source's view.
        to_second: The same for the driving view.
        source: Where the source's view is put.
        driving: Where the driving view is put.
    """
    cells = to_first.shape[0]
    centres = (2 * np.arange(cells, dtype=np.float32) + 1) / cells - 1
    grid = np.stack(np.meshgrid(centres, centres), -1)
    moved = driving.back(grid).astype(np.float32)
    at_rest = moved
    for _ in range(_INVERSION_STEPS):
        at_rest = moved - _sampled(to_second, at_rest)
    return source.points(at_rest + _sampled(to_first, at_rest)) - grid


def _sampled(field: np.ndarray, places: np.ndarray) -> np.ndarray:
    """A field (G, G, 2) at normalised places (..., 2); nothing moves beyond it."""
    x, y = np.moveaxis(in_pixels(places, field.shape[0]).astype(np.float32), -1, 0)
    return cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
