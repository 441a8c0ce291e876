"""AU values of a program for each frame, in its own unit: intensities, probabilities, percent or presence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Bool, Float64

from mien.au.checks import as_numbers, check_times, checked_names
from mien.errors import BadTrackError
from mien.types import Times

Unit: TypeAlias = Literal["intensity", "share", "probability", "percent"]
"""Unit of a value: a FACS intensity from 0 to 5; a share of the strongest movement, 0 to 1; the probability that the AU
is present, 0 to 1; a score from 0 to 100."""

HIGHEST: Mapping[Unit, float] = {
    "intensity": 5.0,
    "share": 1.0,
    "probability": 1.0,
    "percent": 100.0,
}
"""The largest value of each unit."""

PRESENT_FROM: Mapping[Unit, float] = {
    "intensity": 0.5,
    "share": 0.1,
    "probability": 0.5,
    "percent": 50.0,
}
"""The value from which an AU counts as present. A share of 0.1 is an intensity of 0.5 of 5."""

TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class AUSamples:
    """AU values of a clip's frames. Immutable: the arrays are read-only copies.

    Attributes:
        names: Canonical AU names of the columns; may be empty if there is only presence.
        values: (T, A) in the unit; NaN where the program gives no value.
        times_seconds: (T,) seconds, from 0 or later, strictly increasing.
        unit: The unit of the values.
        confidence: (T,) 0 to 1; None if the program gives none.
        presence: (T,) whether the AU is present, by AU name, for AUs whose presence the program itself decides.
        seen: (T,) whether the frame has a face; all True if not given.

    Raises:
        UnknownAUError: An AU that is not in the catalogue.
        BadTrackError: No AU, shapes that do not fit, values outside the unit, times that do not rise.
    """

    names: tuple[str, ...]
    values: Float64[np.ndarray, "frames aus"]
    times_seconds: Times
    unit: Unit = "intensity"
    confidence: Float64[np.ndarray, " frames"] | None = None
    presence: Mapping[str, Bool[np.ndarray, " frames"]] = field(default_factory=dict)
    seen: Bool[np.ndarray, " frames"] | None = None

    def __post_init__(self) -> None:
        names = checked_names(self.names) if self.names or not self.presence else ()
        checked_names(tuple(self.presence)) if self.presence else None
        times = as_numbers("times_seconds", self.times_seconds, ndim=1)
        frames = len(times)
        if not frames:
            raise BadTrackError("expected at least one frame, got none")
        check_times(times)
        values = np.array(self.values, dtype=np.float64).reshape(frames, len(names))
        with np.errstate(invalid="ignore"):
            outside = (values < -TOLERANCE) | (values > HIGHEST[self.unit] + TOLERANCE)
        if outside.any() or np.isinf(values).any():
            row, column = np.argwhere(outside | np.isinf(values))[0]
            raise BadTrackError(
                f"expected {names[column]} from 0 to {HIGHEST[self.unit]:g} ({self.unit}), got "
                f"{values[row, column]:g} at {times[row]:g} s"
            )
        object.__setattr__(self, "names", names)
        seen = np.ones(frames, bool) if self.seen is None else self.seen
        parts = {
            "values": np.clip(values, 0.0, HIGHEST[self.unit]),
            "times_seconds": np.maximum(times, 0.0),
            "seen": seen,
        }
        if self.confidence is not None:
            parts["confidence"] = np.clip(np.asarray(self.confidence, np.float64), 0.0, 1.0)
        for name, array in parts.items():
            _freeze(self, name, np.array(array), frames)
        presence = {name: np.array(there, bool) for name, there in self.presence.items()}
        for name, there in presence.items():
            if there.shape != (frames,):
                raise BadTrackError(f"expected {frames} values for {name}, got {there.shape}")
            there.setflags(write=False)
        object.__setattr__(self, "presence", MappingProxyType(presence))

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.times_seconds)

    @property
    def all_names(self) -> tuple[str, ...]:
        """The AUs that have a value or a presence."""
        return (*self.names, *(name for name in self.presence if name not in self.names))

    def there(self, name: str, threshold: float | None = None) -> Bool[np.ndarray, " frames"]:
        """Return (T,) whether an AU is present in each frame.

        Args:
            name: One of `all_names`.
            threshold: The value from which the AU counts as present, in the unit of the table. None uses the
                program's own decision; if it made none, `PRESENT_FROM`.
        """
        if threshold is None and name in self.presence:
            return self.presence[name]
        if name not in self.names:
            return self.presence[name]
        level = PRESENT_FROM[self.unit] if threshold is None else threshold
        with np.errstate(invalid="ignore"):
            there: Bool[np.ndarray, " frames"] = self.values[:, self.names.index(name)] >= level
        return there

    def known(self, name: str) -> Bool[np.ndarray, " frames"]:
        """Return (T,) whether the frame has a face and, if the AU has values, a value of the AU."""
        seen = self.seen
        assert seen is not None
        if name not in self.names:
            return seen
        known: Bool[np.ndarray, " frames"] = seen & ~np.isnan(
            self.values[:, self.names.index(name)]
        )
        return known

    def in_unit(self, unit: Unit, scale: float | None) -> AUSamples:
        """Return the values in another unit.

        Args:
            unit: The new unit.
            scale: The FACS intensity that the largest value of a unit other than ``intensity`` stands for. May be None
                if both units are the same, or are a probability and a percentage.

        Raises:
            ScaleNeededError: A scale is needed and none is given.
            BadTrackError: An intensity above the scale.
        """
        if unit == self.unit:
            return self
        # A percentage is a probability times 100. All other pairs of units need a scale.
        same = {unit, self.unit} == {"probability", "percent"}
        if not same and scale is None:
            other = self.unit if unit == "intensity" else unit
            raise ScaleNeededError(
                f"a {NAMED[other]} is not a FACS intensity: say which intensity {HIGHEST[other]:g} stands for, "
                "such as --scale 5"
            )
        ratio = 1.0 if same or scale is None else 5.0 / scale
        size = {
            name: most if name == "intensity" else most * ratio for name, most in HIGHEST.items()
        }
        values = self.values / size[self.unit] * size[unit]
        if np.nanmax(values, initial=0.0) > HIGHEST[unit] + TOLERANCE:
            raise BadTrackError(
                f"intensities up to {np.nanmax(self.values):g} do not fit: --scale {scale:g} makes "
                f"{scale:g} the largest; use --scale {np.nanmax(self.values):.3g} or more"
            )
        return replace(self, values=values, unit=unit)


class ScaleNeededError(BadTrackError):
    """Values that are not FACS intensities, without a scale that says what they stand for."""


NAMED: Mapping[Unit, str] = {
    "intensity": "FACS intensity",
    "share": "share of the strongest movement",
    "probability": "probability",
    "percent": "score in percent",
}
"""The units in words."""


def _freeze(samples: AUSamples, name: str, array: np.ndarray, frames: int) -> None:
    if len(array) != frames:
        raise BadTrackError(f"expected {frames} frames of {name}, got {len(array)}")
    array.setflags(write=False)
    object.__setattr__(samples, name, array)
