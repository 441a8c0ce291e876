"""Pairs for motion transfer with the exact motion of each pixel, and with more motion than the rig's AUs have.

A face set of kind ``flow`` knows where each pixel of a view comes from in the face's original picture.
The AUs alone span few motions, and a network that sees only these learns to explain every motion by them.
Therefore each driving picture is deformed further, by a random smooth motion of the skin and a slight
motion of the head.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float, Float32, UInt8

from mien.face import mesh
from mien.face.local_maps import REACH_CM, local_maps
from mien.face.prior_points import in_pixels, normalised, prior_points
from mien.face.square import FLOW_SQUARE_CM
from mien.training.faces.face_set import FaceSet
from mien.training.motion.augmentation import MotionAugmentation
from mien.training.motion.placement import random_placement

UNMOVED_SHARE = 0.05
"""Share of pairs with the original picture twice."""

_SMOOTH_CM = ((2.0, 0.05), (0.6, 0.03))
"""Length over which a random motion changes, and its standard deviation, canonical centimetres; one row for each
motion in the sum."""

_HEAD = {"turn": 0.006, "scale": 0.004, "shift": 0.006}
"""Standard deviations of the head's slight motion: radians, share, normalised."""

_NOISE_CM = 0.004
"""Largest standard deviation of the noise of measured vertices, canonical centimetres."""

_EDGE = 0.25
"""Share of the picture's side over which the random motion fades out towards the edge."""

_INVERSION_STEPS = 6


class ExactPair(NamedTuple):
    """A pair of a batch; see `mien.training.motion.batches.MotionBatch`. Pictures are uint8, channels last."""

    source: UInt8[np.ndarray, "size size 3"]
    driving: UInt8[np.ndarray, "size size 3"]
    source_points: Float[np.ndarray, "points 2"]
    driving_points: Float[np.ndarray, "points 2"]
    displacement: Float32[np.ndarray, "size size 2"]
    maps: Float32[np.ndarray, "points 2 2"]
    drawn: Float32[np.ndarray, "size size"]


def exact_pair(
    faces: FaceSet,
    face: int,
    count: int | None,
    rng: np.random.Generator,
    varied: MotionAugmentation,
) -> ExactPair:
    """Draw a pair: a face's original picture, and one of its views after a further motion.

    Args:
        faces: A face set of kind ``flow``.
        face: Index of the face in the set.
        count: Number of prior points; None for the published ones.
        rng: Source of the random choices.
        varied: How the pair is varied; ``smooth`` is the size of the random motion.
    """
    motion, ways = faces.motion, faces.way_back
    assert motion is not None and ways is not None, "the trainer checks that the set knows them"
    view = 0 if rng.random() < UNMOVED_SHARE else int(rng.integers(1, faces.view_counts[face]))
    size = faces.size
    side_cm = float(faces.facts.get("square_cm", FLOW_SQUARE_CM))
    place = random_placement(rng, varied.placement)
    centres = (2 * np.arange(size, dtype=np.float32) + 1) / size - 1
    grid = np.stack(np.meshgrid(centres, centres), -1)
    further = np.zeros((size, size, 2), np.float32)
    if varied.smooth:
        further = random_motion(size, rng, varied.smooth, side_cm)
    # The driving picture at q shows the view at q + further(q), both as they are placed.
    in_view = place.back(grid + further).astype(np.float32)
    columns, rows = np.ascontiguousarray(np.moveaxis(in_pixels(in_view, size), -1, 0), np.float32)
    at = faces.place(face, view)
    driving = cv2.remap(
        faces.images[at], columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    stored = np.asarray(ways[at], np.float32)
    way = cv2.remap(stored, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    displacement = further + way[..., :2] * np.float32(2 / size) @ place.linear.T.astype(np.float32)
    vertices = place.points(motion.points[face])
    there = place.points(motion.points[face] + np.asarray(motion.moved[at], np.float64))
    moved = _carried(there, further) - vertices
    unit = 2 / side_cm
    measured = vertices + moved + rng.normal(0, rng.uniform(0, _NOISE_CM) * unit, moved.shape)
    source = place.picture(faces.images[faces.place(face, 0)])
    if varied.mirror and rng.random() < varied.mirror:
        twins, flip = mesh.mirror_index(), np.array([-1.0, 1.0])
        source, driving = source[:, ::-1], driving[:, ::-1]
        vertices, measured = vertices[twins] * flip, measured[twins] * flip
        displacement, way = displacement[:, ::-1], way[:, ::-1]
        displacement = displacement * np.array([-1, 1], np.float32)
    own, its = (
        normalised(prior_points(in_pixels(v, size), count), size) for v in (vertices, measured)
    )
    maps = local_maps(own, vertices, (measured - vertices)[None], REACH_CM * unit)[0]
    return ExactPair(
        source, driving, own, its, displacement.astype(np.float32), maps, way[..., 2].clip(0, 1)
    )


def random_motion(
    size: int, rng: np.random.Generator, strength: float, side_cm: float
) -> Float32[np.ndarray, "size size 2"]:
    """Draw a smooth motion of skin that fades out towards the picture's edge, and a slight motion of the head.

    Args:
        size: Side of the picture, pixels.
        rng: Source of the random numbers.
        strength: Size of the skin's motion; 1 is 0.05 cm in motions that change over 2 cm and 0.03 cm over 0.6 cm, as
            standard deviations. Each of the two is scaled by a random factor from 0 to 1.5.
        side_cm: Side of the picture, canonical centimetres.

    Returns:
        (S, S, 2) displacement, normalised.
    """
    skin = np.zeros((size, size, 2), np.float32)
    for length_cm, deviation_cm in _SMOOTH_CM:
        nodes = max(2, round(side_cm / length_cm))
        noise = rng.normal(0, 1, (nodes, nodes, 2)).astype(np.float32)
        wave = cv2.resize(noise, (size, size), interpolation=cv2.INTER_CUBIC)
        skin += wave * np.float32(deviation_cm * rng.uniform(0, 1.5) * strength * 2 / side_cm)
    steps = np.clip((np.arange(size) + 0.5) / (_EDGE * size), 0, 1)
    inwards = np.minimum(steps, steps[::-1]).astype(np.float32)
    skin *= np.minimum(inwards[:, None], inwards[None])[..., None]
    centres = (2 * np.arange(size) + 1) / size - 1
    grid = np.stack(np.meshgrid(centres, centres), -1)
    angle = rng.normal(0, _HEAD["turn"])
    larger = np.exp(rng.normal(0, _HEAD["scale"]))
    turn = larger * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    head = grid @ (turn - np.eye(2)).T + rng.normal(0, _HEAD["shift"], 2)
    result: np.ndarray = skin + head.astype(np.float32)
    return result


def _carried(
    places: Float[np.ndarray, "vertices 2"], further: Float32[np.ndarray, "size size 2"]
) -> Float[np.ndarray, "vertices 2"]:
    """Return where places of the view are in the driving picture: the q for which ``q + further(q)`` is the place."""
    size = len(further)
    q = places
    for _ in range(_INVERSION_STEPS):
        x, y = np.ascontiguousarray(in_pixels(q, size).T, np.float32)
        moved = cv2.remap(further, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        q = places - moved.reshape(-1, 2)
    return q
