"""Measure a portrait, to decide whether a pool takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import cv2
import numpy as np
from jaxtyping import Float64, UInt8

from mien.face.mouth_cover import mouth_is_covered
from mien.face.portrait import Face, Portrait
from mien.generate.resting import resting_aus
from mien.types import Image

EYES_APART_PX = 64
"""Distance between the eyes in the level crop that is measured."""

_CROP = (128, 160)  # width, height
_EYES_AT = (64.0, 64.0)  # the middle between the eyes
_RIGHT_EYE, _LEFT_EYE = (33, 133), (263, 362)
_LIPS = (13, 14)
_BRIDGE = (slice(54, 74), slice(60, 68))
_FACE = (slice(40, 128), slice(20, 108))
_CHEEKS = ((slice(90, 102), slice(34, 46)), (slice(90, 102), slice(82, 94)))
DIGITS = 3

LevelCrop: TypeAlias = UInt8[np.ndarray, "160 128 3"]
Lightness: TypeAlias = Float64[np.ndarray, "160 128"]


@dataclass(frozen=True)
class PortraitMeasures:
    """The measures of a portrait; angles in degrees.

    Attributes:
        width: Width of the picture, pixels.
        height: Height of the picture, pixels.
        eyes_px: Distance between the middles of the eyes, pixels.
        yaw: Turn to the side; above 0 to the subject's left.
        pitch: Nod; above 0 the face points up.
        roll: Tilt.
        strongest_au: The AU that the resting face shows most; empty if none is clearly seen.
        strongest_intensity: Its intensity, 0 to 5.
        smile: The landmark network's score of a smile, 0 to 1.
        lips_apart: Distance between the lips in the middle over the distance between the eyes.
        sharpness: Fine detail of the face: the standard deviation of its Laplacian over that of its lightness, with
            the eyes `EYES_APART_PX` apart.
        bridge_line: Strength of a line across the bridge of the nose, which glasses cause: the largest second
            difference of the lightness L* from row to row.
        mouth_covered: Whether a mask or a scarf covers the mouth.
        skin_angle: Individual typology angle of the cheeks: above 55 very light, below -30 dark. Light that is not
            neutral changes it.
    """

    width: int
    height: int
    eyes_px: float
    yaw: float
    pitch: float
    roll: float
    strongest_au: str
    strongest_intensity: float
    smile: float
    lips_apart: float
    sharpness: float
    bridge_line: float
    mouth_covered: bool
    skin_angle: float

    def row(self) -> dict[str, str]:
        """Return the measures as cells of a table."""
        return {each.name: str(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def of_row(cls, row: dict[str, str]) -> PortraitMeasures:
        """Read what `row` wrote.

        Raises:
            KeyError: A column is missing.
            ValueError: A cell is not a number.
        """
        readers: dict[str, Callable[[str], Any]] = {
            "int": int,
            "float": float,
            "str": str,
            "bool": "True".__eq__,
        }
        return cls(**{each.name: readers[str(each.type)](row[each.name]) for each in fields(cls)})


def measure_portrait(portrait: Portrait) -> PortraitMeasures:
    """Measure a portrait.

    Args:
        portrait: The picture and its face.
    """
    face, image = portrait.face, portrait.image
    crop = level_crop(image, face)
    lightness, _, yellow = lab(crop)
    shown = resting_aus(face)
    strongest = next(iter(shown), "")
    smile = [face.blendshapes.get(f"mouthSmile{side}", 0.0) for side in ("Left", "Right")]
    cheeks = [(lightness[at], yellow[at]) for at in _CHEEKS]
    return PortraitMeasures(
        width=image.shape[1],
        height=image.shape[0],
        eyes_px=_round(_eyes(face)[2]),
        yaw=_round(face.pose.yaw_degrees),
        pitch=_round(face.pose.pitch_degrees),
        roll=_round(face.pose.roll_degrees),
        strongest_au=strongest,
        strongest_intensity=_round(shown.get(strongest, 0.0)),
        smile=_round(float(np.mean(smile))),
        lips_apart=_round(_lips_apart(face)),
        sharpness=_round(sharpness(lightness)),
        bridge_line=_round(bridge_line(lightness)),
        mouth_covered=mouth_is_covered(image, face),
        skin_angle=_round(
            float(
                np.degrees(
                    np.arctan2(
                        np.median([np.median(light) for light, _ in cheeks]) - 50,
                        np.median([np.median(blue) for _, blue in cheeks]),
                    )
                )
            )
        ),
    )


def level_crop(image: Image, face: Face) -> LevelCrop:
    """Return the face upright, its eyes level and `EYES_APART_PX` apart."""
    right, left, apart = _eyes(face)
    scale = EYES_APART_PX / apart
    colours = np.ascontiguousarray(image[..., :3])
    if scale < 1:  # a warp alone would skip pixels: too sharp, with false lines
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        colours = cv2.resize(colours, size, interpolation=cv2.INTER_AREA)
        factors = np.array(size) / np.array(image.shape[1::-1])
        right, left = right * factors, left * factors
    across = left - right
    scale, angle = EYES_APART_PX / float(np.hypot(*across)), float(np.arctan2(across[1], across[0]))
    cos, sin = scale * np.cos(-angle), scale * np.sin(-angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    shift = np.array(_EYES_AT) - turn @ ((right + left) / 2)
    matrix = np.concatenate([turn, shift[:, None]], axis=1)
    return cv2.warpAffine(
        colours, matrix, _CROP, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def lab(crop: LevelCrop) -> Float64[np.ndarray, "3 160 128"]:
    """Return CIELAB's L*, a* and b* of a picture, (3, H, W)."""
    found: np.ndarray = cv2.cvtColor(crop.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.moveaxis(found.astype(np.float64), 2, 0)


def bridge_line(lightness: Lightness) -> float:
    """Return the strength of a line across the bridge of the nose in a level crop."""
    profile = lightness[_BRIDGE].mean(1)
    return float(np.abs(profile[2:] - 2 * profile[1:-1] + profile[:-2]).max())


def sharpness(lightness: Lightness) -> float:
    """Return the amount of fine detail in a level crop; see `PortraitMeasures`."""
    face = lightness[_FACE]
    detail = cv2.Laplacian(np.ascontiguousarray(face), cv2.CV_64F, ksize=1)
    return float(detail.std() / max(face.std(), 1e-6))


def _eyes(face: Face) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the middles of the subject's right and left eye, pixels, and their distance."""
    points = face.landmarks[:, :2].astype(np.float64)
    right, left = (points[list(each)].mean(0) for each in (_RIGHT_EYE, _LEFT_EYE))
    return right, left, float(np.hypot(*(left - right)))


def _lips_apart(face: Face) -> float:
    upper, lower = (face.landmarks[each, :2].astype(np.float64) for each in _LIPS)
    return float(np.hypot(*(lower - upper))) / _eyes(face)[2]


def _round(value: float) -> float:
    return round(float(value), DIGITS)
