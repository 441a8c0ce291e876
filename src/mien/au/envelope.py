"""The rise, hold and fall of one AU."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from jaxtyping import Float64, Num

from mien.au.catalog import canonical_name
from mien.au.intensity import parse_intensity
from mien.errors import BadTrackError
from mien.types import Times

Shape: TypeAlias = Literal["linear", "smooth", "minimum_jerk"]
"""How an AU gets from one level to the next."""

FORM = "AU12L=2.5@0.10-0.20-0.25-0.45"
"""An envelope as text: AU = peak or level @ onset - apex start - apex end - offset, seconds."""

_EASES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda t: t,
    # Raised cosine: starts and ends at rest.
    "smooth": lambda t: 0.5 - 0.5 * np.cos(np.pi * t),
    # Flash and Hogan (1985), the course of a limb's movement: velocity and acceleration are 0 at both ends.
    "minimum_jerk": lambda t: t**3 * (10.0 + t * (6.0 * t - 15.0)),
}
_TEXT = re.compile(
    r"\s*(?P<au>\w+)\s*=\s*(?P<peak>[^@\s]+)\s*@\s*(?P<times>[\d.]+(?:\s*-\s*[\d.]+){3})"
    r"\s*(?::\s*(?P<shape>\w+)\s*)?",
    re.ASCII,
)
_SAME_TIME_SECONDS = 1e-9  # times this close are equal: different sums may round differently


@dataclass(frozen=True)
class Envelope:
    """The course of one AU: 0 to the onset, the peak from apex start to its end, 0 from the offset.

    A rise of no length (onset = apex start) is a step to the peak at the onset. A fall of no length
    is a step to 0 at the offset.

    Attributes:
        au: Canonical AU name.
        onset_seconds: When the AU starts to move.
        apex_start_seconds: When it reaches its peak.
        apex_end_seconds: When it starts to fall.
        offset_seconds: When it is gone.
        peak_intensity: FACS intensity at the apex, 0 to 5.
        shape: ``linear``, ``smooth`` (raised cosine) or ``minimum_jerk``, for rise and fall.

    Raises:
        UnknownAUError: An AU that is not in the catalogue.
        BadTrackError: Times that are negative or out of order, an empty envelope, a peak outside 0
            to 5.

    Example:
        >>> Envelope.parse("AU12L=B@0.10-0.20-0.25-0.45").peak_intensity
        2.0
    """

    au: str
    onset_seconds: float
    apex_start_seconds: float
    apex_end_seconds: float
    offset_seconds: float
    peak_intensity: float
    shape: Shape = "smooth"

    def __post_init__(self) -> None:
        if self.au != canonical_name(self.au):
            raise BadTrackError(f"expected AU name {canonical_name(self.au)}, got {self.au!r}")
        for name in _NUMBERS:
            object.__setattr__(self, name, _number(name, getattr(self, name)))
        parse_intensity(self.peak_intensity)
        if self.shape not in get_args(Shape):
            raise BadTrackError(
                f"expected shape {', '.join(get_args(Shape))}, got {self.shape!r} for {self.au}"
            )
        times = self.times_seconds
        if times[0] < 0 or list(times) != sorted(times) or times[0] == times[3]:
            raise BadTrackError(
                "expected 0 <= onset <= apex start <= apex end <= offset and onset before offset, "
                f"got {'-'.join(f'{t:g}' for t in times)} s for {self.au}"
            )

    @property
    def times_seconds(self) -> tuple[float, float, float, float]:
        """Onset, apex start, apex end and offset."""
        return (
            self.onset_seconds,
            self.apex_start_seconds,
            self.apex_end_seconds,
            self.offset_seconds,
        )

    def intensity(
        self, times_seconds: Num[np.ndarray, " frames"]
    ) -> Float64[np.ndarray, " frames"]:
        """Return the intensity at each time.

        Args:
            times_seconds: (T,) seconds, in any order.

        Returns:
            (T,) FACS intensities from 0 to the peak; 0 at the offset itself.
        """
        times = np.asarray(times_seconds, dtype=np.float64)
        onset, start, end, offset = self.times_seconds
        rise = _progress(times, onset, start)
        fall = _progress(times, end, offset)
        ease = _EASES[self.shape]
        intensity: np.ndarray = self.peak_intensity * np.minimum(ease(rise), 1.0 - ease(fall))
        return intensity

    @classmethod
    def parse(cls, text: str) -> Envelope:
        """Read an envelope from text such as ``AU12L=2.5@0.10-0.20-0.25-0.45``.

        The peak may be a FACS level (``AU12L=B@...``), and ``:linear`` or another shape may follow
        the times.

        Raises:
            UnknownAUError: An AU that is not in the catalogue.
            BadTrackError: Text of another form, or values that are not a valid envelope.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise BadTrackError(
                f"expected an envelope such as {FORM} (AU = peak @ onset - apex start - "
                f"apex end - offset in seconds), got {text!r}"
            )
        try:
            onset, start, end, offset = (float(part) for part in match["times"].split("-"))
        except ValueError:
            raise BadTrackError(
                f"expected four times in seconds as in {FORM}, got {text!r}"
            ) from None
        shape: dict[str, Any] = {"shape": match["shape"]} if match["shape"] else {}
        peak = parse_intensity(match["peak"])
        return cls(canonical_name(match["au"]), onset, start, end, offset, peak, **shape)

    def format(self) -> str:
        """Return the text that :meth:`parse` reads exactly, with the shape if not ``smooth``."""
        times = "-".join(_shortest(t) for t in self.times_seconds)
        shape = "" if self.shape == "smooth" else f":{self.shape}"
        return f"{self.au}={_shortest(self.peak_intensity)}@{times}{shape}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Envelope:
        """Make an envelope from :meth:`to_dict`'s form.

        Raises:
            BadTrackError: Missing or unknown fields, or values that are not a valid envelope.
        """
        known = {f.name for f in fields(cls)}
        if not isinstance(data, Mapping) or not known - {"shape"} <= set(data) <= known:
            got = sorted(data) if isinstance(data, Mapping) else data
            raise BadTrackError(f"expected an envelope with {', '.join(sorted(known))}, got {got}")
        return cls(**data)


_NUMBERS = tuple(f.name for f in fields(Envelope) if f.name not in ("au", "shape"))


def _progress(times: Times, start: float, end: float) -> np.ndarray:
    """Return how far each time is from start (0) to end (1); a step from 0 to 1 if they are equal."""
    if end - start <= _SAME_TIME_SECONDS:
        return (times >= start - _SAME_TIME_SECONDS).astype(np.float64)
    progress = (times - start) / (end - start)
    # A frame at the end must give exactly 1, even if its time was rounded down.
    return np.where(times >= end - _SAME_TIME_SECONDS, 1.0, np.clip(progress, 0.0, 1.0))


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise BadTrackError(f"expected a number as {name}, got {value!r}")
    number = float(value)
    if not math.isfinite(number):
        raise BadTrackError(f"expected a finite {name}, got {value!r}")
    return number


def _shortest(value: float) -> str:
    """Return the shortest digits of a float, without an exponent: its minus sign would separate two times."""
    return np.format_float_positional(value, trim="-")
