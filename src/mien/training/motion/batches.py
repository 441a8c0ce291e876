"""Batches for motion transfer: two views of one face, and the true motion between them.

Everything is in normalised coordinates: the picture spans -1 to 1, as in `mien.models.warping`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import torch
from jaxtyping import Float, Float32, UInt8
from torch import Tensor

from mien.errors import UsageError
from mien.face.local_maps import REACH_CM, local_maps
from mien.face.prior_points import in_pixels, normalised, paper_mirror, prior_points, spread_mirror
from mien.face.square import SQUARE_CM
from mien.training.core.recipe import Order
from mien.training.faces.colour_jitter import JitterRanges, colour_jitter
from mien.training.faces.face_motion import FaceMotion
from mien.training.faces.face_set import FaceSet
from mien.training.faces.light import other_light
from mien.training.faces.order import rows_of_batch
from mien.training.motion.augmentation import MotionAugmentation
from mien.training.motion.exact_pairs import exact_pair
from mien.training.motion.placement import backward_motion, random_placements

Pairs: TypeAlias = Literal["any_two", "from_original", "exact"]
"""How the two views of a pair are chosen. `any_two`, as published: two random views in order, which
may be the same view. `from_original`: mostly the original picture and another view, as when a portrait
moves. `exact`: the original picture and another view, which is deformed further, with the exact motion of
each pixel (`mien.training.motion.exact_pairs`)."""

UNMOVED_SHARE = 0.05
"""Share of pairs `from_original` with the same view twice."""

FROM_VIEW_0_SHARE = 0.6
"""Share of pairs `from_original` that start from the original picture."""


_UNVARIED = MotionAugmentation(mirror=0.0, time_flip=0.0)


@dataclass(frozen=True)
class MotionBatch:
    """The input of a training step.

    Attributes:
        source: (B, 3, S, S) float32 RGB in [-1, 1].
        driving: (B, 3, S, S) the same faces after they moved.
        source_points: (B, K, 2) prior points; None for networks that find their own.
        driving_points: (B, K, 2) the same points after they moved.
        displacement: (B, 2, G, G) the true backward motion: the content of the driving picture at z is
            at ``z + displacement`` in the source.
        maps: (B, K, 2, 2) the linear map around each prior point, from the source to the driving
            picture, as fitted to the motion of the vertices.
        drawn: (B, 1, S, S) share of each driving pixel that the source does not show; for pairs
            ``exact`` only.
    """

    source: Float32[Tensor, "batch 3 size size"]
    driving: Float32[Tensor, "batch 3 size size"]
    source_points: Float32[Tensor, "batch points 2"] | None
    driving_points: Float32[Tensor, "batch points 2"] | None
    displacement: Float32[Tensor, "batch 2 cells cells"]
    maps: Float32[Tensor, "batch points 2 2"] | None = None
    drawn: Float32[Tensor, "batch 1 size size"] | None = None

    def to(self, device: torch.device) -> MotionBatch:
        """Return the batch on another device."""
        parts: dict[str, Any] = {part.name: getattr(self, part.name) for part in fields(self)}
        there = {
            name: part.to(device, non_blocking=True)
            for name, part in parts.items()
            if part is not None
        }
        return replace(self, **there)


class _Pair(NamedTuple):
    """One pair of a batch, see `MotionBatch`; pictures are uint8 and channels come last."""

    source: UInt8[np.ndarray, "size size 3"]
    driving: UInt8[np.ndarray, "size size 3"]
    source_points: Float[np.ndarray, "points 2"]
    driving_points: Float[np.ndarray, "points 2"]
    displacement: Float[np.ndarray, "cells cells 2"]
    maps: Float32[np.ndarray, "points 2 2"] | None = None
    drawn: Float32[np.ndarray, "size size"] | None = None


def make_motion_batch(
    faces: FaceSet,
    *,
    points: int | None,
    with_points: bool,
    batch_size: int,
    seed: int,
    step: int,
    augmentation: MotionAugmentation | None = None,
    pairs: Pairs = "from_original",
    tracked: bool = True,
    order: Order = "drawn",
) -> MotionBatch:
    """Draw a batch; deterministic per seed and step.

    Args:
        faces: A face set of kind ``rig`` or ``flow``, or of clips.
        points: Number of prior points; None for the 18 published ones.
        with_points: Whether the network takes prior points.
        batch_size: Number of pairs.
        seed: Seed of the run.
        step: Step of the run.
        augmentation: How pairs are varied; None leaves them as they are.
        pairs: How the two views of a pair are chosen.
        tracked: Whether prior points follow the face. Otherwise both pictures of a pair have the
            points of the face's original picture, as in the published training with EWP.
        order: How faces are chosen for batches.

    Raises:
        UsageError: The set has no motion.
    """
    motion = motion_of(faces)
    rng = np.random.default_rng([seed, step])
    if order == "passes":
        chosen = rows_of_batch(faces.rows, batch_size, seed, step)
    else:
        chosen = rng.choice(faces.rows, batch_size, replace=len(faces) < batch_size)
    varied = augmentation or _UNVARIED
    count = points if with_points else None
    drawn = [
        _Pair(**exact_pair(faces, int(face), count, rng, varied)._asdict())
        if pairs == "exact"
        else _pair(faces, motion, int(face), count, rng, varied, pairs, tracked)
        for face in chosen
    ]
    pixels = np.stack([[p.source for p in drawn], [p.driving for p in drawn]])
    pixels = pixels.astype(np.float32) / 127.5 - 1
    if varied.has_light:
        pixels = other_light(pixels, varied, rng)
    if varied.has_jitter:
        ranges = JitterRanges(varied.brightness, varied.contrast, varied.saturation, varied.hue)
        pixels = colour_jitter(pixels, ranges, rng)
    source, driving = (
        torch.from_numpy(np.ascontiguousarray(p.transpose(0, 3, 1, 2))) for p in pixels
    )
    backward = np.stack([p.displacement for p in drawn]).transpose(0, 3, 1, 2)
    displacement = torch.from_numpy(backward.astype(np.float32))
    shares = _stacked([None if p.drawn is None else p.drawn[None] for p in drawn])
    if not with_points:
        return MotionBatch(source, driving, None, None, displacement, drawn=shares)
    own, its = (
        _stacked([getattr(p, name) for p in drawn]) for name in ("source_points", "driving_points")
    )
    return MotionBatch(
        source, driving, own, its, displacement, _stacked([p.maps for p in drawn]), shares
    )


def _stacked(parts: Sequence[np.ndarray | None]) -> Any:
    """Stack a part of all pairs into a tensor; None if the pairs do not have it."""
    there = [part for part in parts if part is not None]
    return torch.from_numpy(np.stack(there).astype(np.float32)) if there else None


def motion_of(faces: FaceSet) -> FaceMotion:
    """Return the motion of a face set.

    Raises:
        UsageError: The set has no motion.
    """
    if faces.motion is None or not faces.is_paired:
        raise UsageError(
            "expected a face set with the motion of its views, got one without: make it with "
            "'mien train faces', with --kind flow or rig, or of --clips"
        )
    return faces.motion


def _pair(
    faces: FaceSet,
    motion: FaceMotion,
    face: int,
    count: int | None,
    rng: np.random.Generator,
    varied: MotionAugmentation,
    pairs: Pairs,
    tracked: bool,
) -> _Pair:
    views = int(faces.view_counts[face])
    first, second = _views(pairs, views, rng)
    source_place, driving_place = random_placements(rng, varied.placement)
    flipped = varied.time_flip > 0 and rng.random() < varied.time_flip
    if flipped:
        first, second = second, first
    mesh = motion.points[face]
    side = faces.size
    start, end = faces.place(face, first), faces.place(face, second)
    before, after = (
        source_place.points(mesh + motion.moved[start]),
        driving_place.points(mesh + motion.moved[end]),
    )
    own, its = (
        normalised(prior_points(in_pixels(mesh + motion.moved[at], side), count), side)
        for at in ((start, end) if tracked else (faces.place(face, 0),) * 2)
    )
    displacement = backward_motion(
        np.asarray(motion.field[start], np.float32),
        np.asarray(motion.field[end], np.float32),
        source_place,
        driving_place,
    )
    source = source_place.picture(faces.images[start])
    driving = driving_place.picture(faces.images[end])
    own, its = source_place.points(own), driving_place.points(its)
    reach = REACH_CM * 2 / float(faces.facts.get("square_cm", SQUARE_CM))
    maps = local_maps(own, before, (after - before)[None], reach)[0]
    if not flipped and varied.mirror and rng.random() < varied.mirror:
        twins = paper_mirror() if count is None else spread_mirror(count)
        flip = np.array([-1.0, 1.0])
        source, driving = source[:, ::-1], driving[:, ::-1]
        own, its = own[twins] * flip, its[twins] * flip
        maps = maps[twins] * np.outer(flip, flip).astype(np.float32)
        displacement = displacement[:, ::-1] * flip
    return _Pair(source, driving, own, its, displacement, maps)


def _views(pairs: Pairs, views: int, rng: np.random.Generator) -> tuple[int, int]:
    """Choose the source's and the driving view of a pair."""
    if pairs == "any_two":
        first, second = sorted(map(int, rng.integers(views, size=2)))
        return first, second
    first = 0 if rng.random() < FROM_VIEW_0_SHARE else int(rng.integers(views))
    second = (first + int(rng.integers(1, views))) % views
    return first, first if rng.random() < UNMOVED_SHARE else second
