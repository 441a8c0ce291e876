"""Which portraits a pool takes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated

from mien.common.option_help import option
from mien.errors import UsageError

if TYPE_CHECKING:
    from mien.pool.measures import PortraitMeasures

TONES = (
    ("very light", 55.0),
    ("light", 41.0),
    ("intermediate", 28.0),
    ("tan", 10.0),
    ("brown", -30.0),
    ("dark", -90.0),
)
"""Groups of skin tone, each with its lower limit of the individual typology angle, degrees.

Source: Chardon et al. (1991), International Journal of Cosmetic Science 13; Del Bino & Bernerd (2013), British
Journal of Dermatology 169.
"""

RIGHT_ANGLE = 90.0
"""At this angle or more, positive or negative, b* is 0 or less: only coloured light makes skin that blue."""


@dataclass(frozen=True, kw_only=True)
class ScreenLimits:
    """Limits of the measures of a portrait. docs/pool.md says where they come from.

    Raises:
        UsageError: A limit is below 0, infinite or not a number.
    """

    least_eyes_px: Annotated[float, option("PX")] = 60.0
    """Least distance between the eyes."""

    most_yaw: Annotated[float, option("DEGREES")] = 10.0
    """Largest turn of the head to a side."""

    most_pitch: Annotated[float, option("DEGREES")] = 12.0
    """Largest nod of the head."""

    most_roll: Annotated[float, option("DEGREES")] = 10.0
    """Largest tilt of the head."""

    most_intensity: Annotated[float, option("INTENSITY")] = 0.0
    """Highest intensity, 0 to 5, of an AU that the resting face clearly shows."""

    most_smile: Annotated[float, option("SCORE")] = 0.2
    """Highest score of a smile, 0 to 1."""

    most_lips_apart: Annotated[float, option("DISTANCE")] = 0.03
    """Largest distance between the lips, as a share of the distance between the eyes."""

    least_sharpness: Annotated[float, option("SHARPNESS")] = 0.25
    """Least fine detail of the face."""

    most_bridge_line: Annotated[float, option("LINE")] = 3.0
    """Strongest line across the bridge of the nose, which glasses have."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not 0 <= value < float("inf"):
                raise UsageError(f"expected {each.name} of 0 or more, got {value:g}")

    def reasons(self, measured: PortraitMeasures) -> tuple[str, ...]:
        """Return why a portrait is refused, a few words each; none if it is taken."""
        found = []
        if measured.eyes_px < self.least_eyes_px:
            found.append(
                f"small: eyes {measured.eyes_px:g} px apart, at least {self.least_eyes_px:g}"
            )
        for name in ("yaw", "pitch", "roll"):
            value, most = getattr(measured, name), getattr(self, f"most_{name}")
            if abs(value) > most:
                found.append(f"not frontal: {name} {value:.1f} degrees, at most {most:g}")
        if measured.strongest_intensity > self.most_intensity:
            found.append(
                f"not neutral: {measured.strongest_au} about {measured.strongest_intensity:.1f}, at most "
                f"{self.most_intensity:g}"
            )
        for name in ("smile", "lips_apart"):
            value, most = getattr(measured, name), getattr(self, f"most_{name}")
            if value > most:
                found.append(f"not neutral: {name.replace('_', ' ')} {value:.2f}, at most {most:g}")
        if measured.sharpness < self.least_sharpness:
            found.append(f"not sharp: {measured.sharpness:.2f}, at least {self.least_sharpness:g}")
        if measured.bridge_line > self.most_bridge_line:
            found.append(
                f"glasses: line across the nose {measured.bridge_line:.1f}, at most {self.most_bridge_line:g}"
            )
        if measured.mouth_covered:
            found.append("mouth covered")
        if abs(measured.skin_angle) >= RIGHT_ANGLE:
            found.append("colour of the light: the skin is bluish, so its tone cannot be measured")
        return tuple(found)


def tone_of(measured: PortraitMeasures) -> str:
    """Return the group of skin tone of a portrait; empty if coloured light makes the skin bluish."""
    if abs(measured.skin_angle) >= RIGHT_ANGLE:
        return ""
    return next(name for name, above in TONES if measured.skin_angle > above)
