"""Features of one picture of a face: numbers that AUs change, independent of the head's pose and size."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float64

from mien.face import mesh
from mien.face.blendshapes import BLENDSHAPE_NAMES
from mien.face.portrait import Face

_LEAST_SCORE = 1e-3
"""Blendshape scores are clipped this far from 0 and 1 before the logit, because the net's sigmoid saturates there."""

_NOSE_BASE, _CHIN, _UPPER_LIP, _LOWER_LIP, _INNER_UPPER, _INNER_LOWER = 2, 152, 0, 17, 13, 14

_LEFT: dict[str, int | tuple[int, ...]] = {
    "inner_corner": 362,
    "outer_corner": 263,
    "brow_inner": (285, 336),
    "brow_middle": (282, 334),
    "brow_outer": (276, 300),
    "lid_upper": mesh.LEFT_EYE_UPPER[3:6],
    "lid_lower": mesh.LEFT_EYE_LOWER[3:6],
    "iris": mesh.LEFT_IRIS[0],
    "cheek": (280, 425),
    "nose_wing": 278,
    "nose_side": (419, 456),
    "lip_upper": (267, 269),
    "lip_lower": (314, 405),
    "lip_corner": 291,
    "lip_outside": (287, 432),
}
"""Vertices by place, on the subject's left. The vertices on the right are their mirror images."""

_MIDLINE = (
    "mouth_opening",
    "upper_lip_height",
    "lower_lip_height",
    "mouth_width",
    "nose_to_lip",
    "nose_to_lower_lip",
    "lip_to_chin",
    "nose_to_chin",
    "brow_gap",
)
_SIDED = (
    "brow_inner_height",
    "brow_middle_height",
    "brow_outer_height",
    "lid_opening",
    "lid_upper_height",
    "lid_lower_height",
    "lid_opening_by_eye_width",
    "iris_shown_above",
    "cheek_to_lid",
    "nose_wing_height",
    "nose_wing_width",
    "nose_side_height",
    "lip_upper_height",
    "lip_lower_height",
    "lip_corner_height",
    "lip_corner_to_nose",
    "lip_corner_width",
    "lip_outside_height",
)

FEATURE_NAMES: tuple[str, ...] = (
    *BLENDSHAPE_NAMES[1:],
    *_MIDLINE,
    *(f"{name}{side}" for name in _SIDED for side in ("Left", "Right")),
)
"""Blendshapes (without ``_neutral``), then distances; Left and Right are the subject's own."""


@lru_cache(maxsize=1)
def mirror_order() -> tuple[int, ...]:
    """Return for each feature the index of its twin on the other side of the face."""

    def twin(name: str) -> str:
        if name.endswith("Left"):
            return name.removesuffix("Left") + "Right"
        if name.endswith("Right"):
            return name.removesuffix("Right") + "Left"
        return {"jawLeft": "jawRight", "mouthLeft": "mouthRight"}.get(name, name)

    return tuple(FEATURE_NAMES.index(twin(name)) for name in FEATURE_NAMES)


def face_points_cm(face: Face) -> Float64[np.ndarray, "478 3"]:
    """Return a face's landmarks turned to the front, in canonical centimetres.

    Returns:
        (478, 3) x to the image right, y down, z away from the camera. The depth has no fixed origin, so only
        differences between points have a meaning.
    """
    points = np.asarray(face.landmarks, np.float64)
    return face.pose.unproject_vectors(points[:, :2] - face.pose.translation_px, points[:, 2])


def still_features(face: Face) -> Float64[np.ndarray, " features"]:
    """Return a face's features.

    Returns:
        One number for each of `FEATURE_NAMES`: logits of blendshape scores, then distances in canonical centimetres
        (positive heights lie further up the face). ``lid_opening_by_eye_width`` is a ratio.
    """
    scores = np.array([face.blendshapes[name] for name in BLENDSHAPE_NAMES[1:]])
    scores = np.clip(scores, _LEAST_SCORE, 1 - _LEAST_SCORE)
    points = face_points_cm(face)
    sides = [_side_distances(points, places, sign) for places, sign in _places()]
    return np.concatenate(
        [
            np.log(scores / (1 - scores)),
            _midline_distances(points),
            np.stack(sides, axis=1).reshape(-1),
        ]
    )


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[dict[str, list[int]], float], ...]:
    """Return the vertices of the left and of the right side, and the sign of x that points outwards."""
    twin = mesh.mirror_index()
    left = {
        name: [index] if isinstance(index, int) else list(index) for name, index in _LEFT.items()
    }
    right = {name: [int(twin[i]) for i in index] for name, index in left.items() if name != "iris"}
    right["iris"] = [mesh.RIGHT_IRIS[0]]
    return (left, 1.0), (right, -1.0)


def _midline_distances(points: np.ndarray) -> np.ndarray:
    """Return the distances named in `_MIDLINE`, in that order."""
    x, y = points[:, 0], points[:, 1]
    return np.array(
        [
            y[_INNER_LOWER] - y[_INNER_UPPER],
            y[_INNER_UPPER] - y[_UPPER_LIP],
            y[_LOWER_LIP] - y[_INNER_LOWER],
            x[291] - x[61],
            y[_UPPER_LIP] - y[_NOSE_BASE],
            y[_LOWER_LIP] - y[_NOSE_BASE],
            y[_CHIN] - y[_LOWER_LIP],
            y[_CHIN] - y[_NOSE_BASE],
            x[285] - x[55],
        ]
    )


def _side_distances(
    points: np.ndarray, places: dict[str, list[int]], outwards: float
) -> np.ndarray:
    """Return the distances named in `_SIDED`, in that order, for one side of the face."""
    at = {name: points[index].mean(axis=0) for name, index in places.items()}
    inner, outer = at["inner_corner"], at["outer_corner"]
    eye = (inner + outer) / 2
    mouth_y = points[[_INNER_UPPER, _INNER_LOWER], 1].mean()
    nose = points[_NOSE_BASE]
    opening = at["lid_lower"][1] - at["lid_upper"][1]
    return np.array(
        [
            inner[1] - at["brow_inner"][1],
            eye[1] - at["brow_middle"][1],
            outer[1] - at["brow_outer"][1],
            opening,
            eye[1] - at["lid_upper"][1],
            eye[1] - at["lid_lower"][1],
            opening / max(abs(outer[0] - inner[0]), 1e-6),
            at["iris"][1] - at["lid_upper"][1],
            at["cheek"][1] - at["lid_lower"][1],
            inner[1] - at["nose_wing"][1],
            outwards * (at["nose_wing"][0] - nose[0]),
            inner[1] - at["nose_side"][1],
            nose[1] - at["lip_upper"][1],
            mouth_y - at["lip_lower"][1],
            mouth_y - at["lip_corner"][1],
            nose[1] - at["lip_corner"][1],
            outwards * (at["lip_corner"][0] - nose[0]),
            mouth_y - at["lip_outside"][1],
        ]
    )
