"""FACS sheets of coders as a table: a row for each AU that was seen in a clip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mien.au.catalog import Side, parse_au, sided_names
from mien.errors import UsageError

LEVELS = ("A", "B", "C", "D", "E")
SIDES: tuple[Side, ...] = ("both", "left", "right")

FACS_START = ("coder", "trial", "stimulus_file", "au", "side", "level")
"""The first columns of a sheet, by which it is recognised."""

FACS_COLUMNS = (
    *FACS_START,
    *("onset_frame", "apex_frame", "offset_frame"),
    *("onset_seconds", "apex_seconds", "offset_seconds"),
    *("frames", "fps", "plays", "rt_ms", "rated_at"),
)
"""Columns of a sheet. A clip in which nothing was seen has one row without an AU."""


@dataclass(frozen=True)
class SeenAU:
    """An AU that a coder saw in a clip.

    Attributes:
        au: The AU's name without a side, such as ``AU12``.
        side: The side that moved, as the subject sees it; ``both`` for an AU of the midline.
        level: Intensity at the apex, A to E.
        onset_frame: The last frame before the AU moves, counted from 0.
        apex_frame: The frame of its highest intensity.
        offset_frame: The first frame in which it is gone.

    Raises:
        UsageError: The side or level is unknown, an AU of the midline has a side, or frames are out of order.
        UnknownAUError: The AU is unknown.
    """

    au: str
    side: Side
    level: str
    onset_frame: int
    apex_frame: int
    offset_frame: int

    def __post_init__(self) -> None:
        unit, in_name = parse_au(self.au)
        if in_name is not None:
            raise UsageError(f"expected an AU without its side, such as AU12, got {self.au}")
        if self.side not in SIDES:
            raise UsageError(
                f"expected the side left, right or both of {self.au}, got {self.side!r}"
            )
        if self.side != "both" and not unit.sided:
            raise UsageError(
                f"expected both sides of {self.au}, which FACS does not split, got {self.side}"
            )
        if self.level not in LEVELS:
            raise UsageError(f"expected a level A to E of {self.au}, got {self.level!r}")
        if not 0 <= self.onset_frame <= self.apex_frame <= self.offset_frame:
            raise UsageError(
                f"expected onset, apex and offset of {self.au} in this order, got frames {self.onset_frame}, "
                f"{self.apex_frame} and {self.offset_frame}"
            )

    @property
    def sided(self) -> frozenset[str]:
        """The names of the sides that move, such as ``AU12L``."""
        letter = {"both": "", "left": "L", "right": "R"}[self.side]
        return frozenset(sided_names(f"{self.au}{letter}"))


def check_apart(seen: Iterable[SeenAU]) -> None:
    """Refuse a sheet in which an AU moves twice at the same time on the same side.

    Raises:
        UsageError: There is such an AU, which the message names.
    """
    before: list[SeenAU] = []
    for each in seen:
        for other in before:
            at_once = (
                each.onset_frame < other.offset_frame and other.onset_frame < each.offset_frame
            )
            if each.sided & other.sided and (at_once or each.onset_frame == other.onset_frame):
                raise UsageError(
                    f"expected {each.au} once at a time on each side, got it twice from frame "
                    f"{max(each.onset_frame, other.onset_frame)} on"
                )
        before.append(each)
