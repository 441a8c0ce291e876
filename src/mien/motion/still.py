"""Read action units from one picture. Without a neutral frame, a face's usual look counts as expression too.

Regressions read the units from blendshapes and landmark geometry. ``tools/build_still_aus.py`` fitted the regressions
to pictures that the rig rendered; ``docs/still.md`` shows how good they are for each AU.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from jaxtyping import Float64

from mien.au.catalog import CATALOG, RIG_NAMES, sided_names
from mien.au.intensity import MAX_INTENSITY
from mien.errors import UnknownAUError
from mien.face.portrait import MAX_YAW_DEGREES, Face
from mien.motion.still_features import FEATURE_NAMES, mirror_order, still_features

LEAST_RELIABILITY = 0.4
"""AUs with a lower rank correlation (Spearman) for people who were not used in the fit are not read."""
SURE_YAW_DEGREES = 15.0
"""Up to this yaw a head faces the camera, as in the fit's pictures. Beyond it, confidence falls to 0 at the largest
yaw."""


@dataclass(frozen=True)
class StillAUs:
    """The action units of one picture.

    Attributes:
        intensities: FACS 0 to 5 by sided name (``AU12L``, ``AU12R``, ``AU26``), in the catalogue's order. AU43 stands
            for any closed eye, because one picture cannot show whether it is a blink (AU45).
        confidence: 0 to 1 by the same names: how well this AU's intensities were ranked for people not used in the fit,
            lower for a turned head. It does not include how this person's resting face differs from others.
        unread: Units, such as ``AU4``, that one picture does not show well enough.

    Raises:
        UnknownAUError: A name that is not a sided AU of the rig.
        ValueError: Confidences of other AUs, or an intensity out of its range.
    """

    intensities: Mapping[str, float]
    confidence: Mapping[str, float]
    unread: tuple[str, ...]

    def __post_init__(self) -> None:
        if tuple(self.intensities) != tuple(self.confidence):
            raise ValueError(
                f"expected one confidence an intensity, got {list(self.confidence)} "
                f"for {list(self.intensities)}"
            )
        for name, value in self.intensities.items():
            if name not in RIG_NAMES:
                raise UnknownAUError(f"expected sided names such as AU12L or AU26, got {name!r}")
            if not 0 <= value <= MAX_INTENSITY:
                raise ValueError(f"expected intensities from 0 to 5, got {name} = {value}")
        for attribute in ("intensities", "confidence"):
            object.__setattr__(self, attribute, MappingProxyType(dict(getattr(self, attribute))))

    def both_sides(self) -> dict[str, float]:
        """Return the mean of both sides by the unit's name (``AU12``), as OpenFace counts."""
        return {
            unit: float(np.mean([self.intensities[side] for side in sided_names(unit)]))
            for unit in CATALOG
            if sided_names(unit)[0] in self.intensities
        }


@dataclass(frozen=True, eq=False)
class _Unit:
    """A unit's regression and the calibration of its score."""

    weights: Float64[np.ndarray, " features"]
    constant: float
    score_knots: Float64[np.ndarray, " knots"]
    intensity_knots: Float64[np.ndarray, " knots"]
    reliability: float

    @property
    def is_read(self) -> bool:
        """Whether its intensities are ranked well enough to be read."""
        return self.reliability >= LEAST_RELIABILITY

    def intensity(self, features: np.ndarray) -> float:
        """Return an intensity from 0 to 5 that does not decrease as the score increases."""
        score = float(features @ self.weights) + self.constant
        level = np.interp(score, self.score_knots, self.intensity_knots)
        return float(np.clip(level, 0, MAX_INTENSITY))


@lru_cache(maxsize=1)
def _model() -> tuple[np.ndarray, np.ndarray, dict[str, _Unit]]:
    """Return the features' means and spreads, and every unit by name."""
    text = (files("mien") / "assets" / "still_aus.json").read_text(encoding="utf-8")
    asset = json.loads(text)
    if tuple(asset["features"]) != FEATURE_NAMES:
        raise ValueError(
            "the still-image asset is older than its features: run tools/build_still_aus.py"
        )
    units = {
        name: _Unit(
            np.array(unit["weights"]),
            float(unit["constant"]),
            np.array(unit["score_knots"]),
            np.array(unit["intensity_knots"]),
            float(unit["reliability"]),
        )
        for name, unit in asset["units"].items()
    }
    return np.array(asset["mean"]), np.array(asset["spread"]), units


def still_units() -> tuple[str, ...]:
    """Return the units, such as ``AU12``, that one picture shows well enough."""
    return tuple(name for name, unit in _model()[2].items() if unit.is_read)


def still_aus(face: Face) -> StillAUs:
    """Read the action units of one picture's face.

    Args:
        face: A face from `mien.face.portrait.find_face`.

    Returns:
        Intensities and confidence of the units that can be read, and the names of those that cannot.
    """
    mean, spread, units = _model()
    here = (still_features(face) - mean) / spread
    mirrored = (still_features(face)[list(mirror_order())] - mean) / spread
    frontal = _frontal(face)
    intensities: dict[str, float] = {}
    confidence: dict[str, float] = {}
    for name, unit in units.items():
        if not unit.is_read:
            continue
        sides = sided_names(name)
        readings = [unit.intensity(here), unit.intensity(mirrored)]
        if (
            len(sides) == 1
        ):  # the net treats left and right differently, so a midline unit is read from both sides
            readings = [float(np.mean(readings))]
        intensities.update(zip(sides, readings, strict=True))
        confidence.update(dict.fromkeys(sides, round(unit.reliability * frontal, 3)))
    unread = tuple(name for name in units if sided_names(name)[0] not in intensities)
    return StillAUs(intensities, confidence, unread)


def _frontal(face: Face) -> float:
    """Return 1 for a face that looks at the camera, falling to 0 at the largest yaw."""
    yaw = abs(face.pose.yaw_degrees)
    return float(np.interp(yaw, [SURE_YAW_DEGREES, MAX_YAW_DEGREES], [1.0, 0.0]))
