"""Eight predefined micro-expressions.

The AU sets start from EMFACS (Ekman and Friesen's list of AU combinations that signal an emotion)
and are reduced to AUs that coded micro-expressions show (:mod:`mien.au.statistics`). Each preset's
``why`` gives the reasons with numbers of clips of at most 0.5 s. The main AU has weight 1, the
others less.

The timing comes from the data: rise and fall are the emotion's medians, to 10 ms, with a hold of
40 ms centred on the coded apex. So a preset lasts 0.3 to 0.4 s, like the clips it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.statistics import typical_timing
from mien.errors import UsageError

DEFAULT_INTENSITY = 2.0
"""Level B: slight, but visible."""

APEX_HOLD_SECONDS = 0.04
"""Time at the peak, centred on the coded apex; even a clip of 25 frames a second has a frame at the peak."""

Course = Literal["main", "suppressed", "control"]
"""When an AU moves: with the others; early and for a shorter time; or late, to suppress another AU."""


@dataclass(frozen=True)
class PresetAU:
    """One AU of a preset.

    Attributes:
        au: Canonical name.
        weight: Peak relative to the preset's strongest, in (0, 1].
        course: ``main`` for all but repression.
    """

    au: str
    weight: float
    course: Course = "main"


@dataclass(frozen=True)
class Preset:
    """A predefined expression: its AUs, their relative strengths, and the reasons for them."""

    name: str
    aus: tuple[PresetAU, ...]
    why: str

    def expression(self, intensity: str | float = DEFAULT_INTENSITY) -> Expression:
        """Return the expression with its strongest peak at ``intensity``, a number or a level.

        Raises:
            BadTrackError: An intensity outside 0 to 5.
        """
        timing = typical_timing(self.name)
        rise, fall = round(timing.rise_seconds, 2), round(timing.fall_seconds, 2)
        envelopes = tuple(_envelope(part, rise, fall) for part in self.aus)
        return Expression(envelopes, self.name).with_peak(intensity)


def _envelope(part: PresetAU, rise: float, fall: float) -> Envelope:
    half = APEX_HOLD_SECONDS / 2
    onset, start, end, offset = 0.0, rise - half, rise + half, rise + fall
    if part.course == "suppressed":
        # This AU rises early, and falls when the others are at their apex.
        start, end, offset = 0.5 * rise, 0.5 * rise + half, rise + half + 0.5 * fall
    elif part.course == "control":
        onset = 0.35 * rise
    onset, start, end, offset = (round(t, 3) for t in (onset, start, end, offset))
    return Envelope(part.au, onset, start, end, offset, part.weight, "minimum_jerk")


def _aus(*parts: tuple[str, float] | tuple[str, float, Course]) -> tuple[PresetAU, ...]:
    return tuple(PresetAU(*part) for part in parts)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "happiness",
            _aus(("AU12", 1.0), ("AU6", 0.7)),
            "6+12 in EMFACS, and the most frequent in the data (107 of 331; AU12 in 264).",
        ),
        Preset(
            "surprise",
            _aus(("AU1", 1.0), ("AU2", 1.0), ("AU5", 0.8)),
            "1+2+5 is the most frequent in the data (182 of 495). EMFACS adds the jaw drop, 26, which "
            "is left out, because micro-expressions hardly show it (4 of 495).",
        ),
        Preset(
            "disgust",
            _aus(("AU9", 1.0), ("AU10", 0.7), ("AU4", 0.7), ("AU7", 0.4)),
            "EMFACS: 9 or 10. The data mostly show 4 (641 of 847) and 7 (302), which alone look like "
            "anger; 10 (106) and 9 (61) make them disgust.",
        ),
        Preset(
            "anger",
            _aus(("AU4", 1.0), ("AU7", 0.7), ("AU23", 0.5), ("AU24", 0.5)),
            "EMFACS: 4+5+7+23 or 24. The data show 4 (158 of 264), 7 (85), 24 (22) and 23 (10); "
            "5 (16) is left out, because it opens the lids that 7 narrows.",
        ),
        Preset(
            "fear",
            _aus(("AU1", 0.9), ("AU2", 0.5), ("AU4", 0.8), ("AU5", 1.0), ("AU20", 0.7)),
            "EMFACS: 1+2+4+5+20, with 25 or 26, which are left out, because micro-expressions hardly "
            "show them. The data show 4 (184 of 369), 5 (63), 1 (41), 20 (22) and 2 (19).",
        ),
        Preset(
            "sadness",
            _aus(("AU1", 0.9), ("AU4", 0.7), ("AU15", 1.0), ("AU17", 0.5)),
            "EMFACS: 1+4+15, with 17. The data show 4 (128 of 343), 17 (41), 1 (30) and 15 (22).",
        ),
        Preset(
            "contempt",
            _aus(("AU14L", 1.0), ("AU12L", 0.6)),
            "One side alone. EMFACS: unilateral 12 or 14. The data show unilateral 12 most (55 "
            "of 144 as 12L or 12R alone), then 14 (17). The left side moves by default.",
        ),
        Preset(
            "repression",
            _aus(
                ("AU12", 0.7, "suppressed"),
                ("AU17", 1.0, "control"),
                ("AU15", 0.5, "control"),
                ("AU24", 0.5, "control"),
            ),
            "CASME II's name for a suppressed feeling: a smile, 12, starts and is suppressed. The "
            "data show it suppressed by 17 (17 of 22) and 15 (6); 24, pressed lips, is added.",
        ),
    )
}
"""The presets by name."""


def preset(name: str, intensity: str | float | None = None) -> Expression:
    """Return a predefined expression.

    Args:
        name: One of :data:`PRESETS`; upper or lower case does not matter.
        intensity: Intensity of the strongest peak, as a number from 0 to 5 or a level A to E; None for
            level B.

    Raises:
        UsageError: An unknown name.
        BadTrackError: An intensity outside 0 to 5.

    Example:
        >>> preset("happiness", "C").au_names
        ('AU12', 'AU6')
    """
    found = PRESETS.get(name.strip().casefold()) if isinstance(name, str) else None
    if found is None:
        raise UsageError(f"unknown expression {name!r}: expected one of {', '.join(PRESETS)}")
    return found.expression(DEFAULT_INTENSITY if intensity is None else intensity)
