"""AU labels as people type them into annotation programs: ``AU12L``, ``L12C``, ``AU 12 left``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mien.au.catalog import CATALOG
from mien.au.intensity import intensity_from_level, parse_intensity
from mien.errors import BadTrackError

_SIDES = {
    "l": "L", "left": "L", "r": "R", "right": "R", "b": "", "both": "", "bilateral": "", "none": "", "": "",
}  # fmt: skip
_LABEL = re.compile(
    r"(?:(?P<before>left|right|both|bilateral|[lr])[\s_.-]*)?(?P<word>au|action unit)?[\s_.-]*0*(?P<number>[1-9]\d?)"
    r"(?:[\s_.-]*(?P<after>left|right|both|bilateral|[lr]))?(?:[\s_.-]*(?P<level>[a-e]))?"
    r"(?P<apex>[\s_.-]+apex)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Label:
    """The content of a label.

    Attributes:
        au: Canonical AU name, with its side.
        intensity: FACS intensity; None if the label has no level; 0 if it says that the AU is absent.
        is_apex: Whether the label marks the apex of a movement, not the movement.
        has_word: Whether the label has the word ``AU``, not only a number.
    """

    au: str
    intensity: float | None
    is_apex: bool
    has_word: bool


def parse_label(text: str) -> Label | None:
    """Read a label; sides are the person's own.

    Returns:
        The content of the label; None if it is not the label of an AU that Mien knows.

    Raises:
        BadTrackError: A side of an AU that lies on the midline, or two different sides.
    """
    found = _LABEL.fullmatch(text.strip())
    unit = CATALOG.get(f"AU{found['number']}") if found else None
    if found is None or unit is None:
        return None
    sides = {side for word in ("before", "after") if (side := _SIDES[(found[word] or "").lower()])}
    if len(sides) > 1:
        raise BadTrackError(f"expected one side in the label {text.strip()!r}, got left and right")
    side = "".join(sides)
    level = found["level"]
    return Label(
        sided(unit.name, side, text.strip()),
        intensity_from_level(level) if level else None,
        bool(found["apex"]),
        bool(found["word"]),
    )


def sided(name: str, letter: str, label: str) -> str:
    """Return an AU's name with a side.

    Args:
        name: The AU without a side.
        letter: ``L``, ``R``, or empty for both sides.
        label: The text that was read, for the message.

    Raises:
        BadTrackError: The AU lies on the midline.
    """
    if letter and not CATALOG[name].sided:
        raise BadTrackError(
            f"expected no side with {name} ({CATALOG[name].facs_name}), which lies on the midline, got {label!r}"
        )
    return name + letter


def side_letter(text: str) -> str | None:
    """Return ``L``, ``R`` or empty text for a word such as ``left``, ``R`` or ``bilateral``; None for other words."""
    return _SIDES.get(text.strip().lower())


def level_of(text: str) -> float | None:
    """Return the intensity that ``B`` or ``2.5`` means; None for other text and for 0, which is not a level."""
    return coded_intensity(text) or None


def coded_intensity(text: str) -> float | None:
    """Return the intensity that ``B``, ``2.5`` or ``0`` means; None for other text."""
    try:
        return parse_intensity(text.strip())
    except BadTrackError:
        return None
