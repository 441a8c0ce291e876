"""Contact sheets of a pool: for each portrait the apex of every expression, intensity and side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from mien.errors import UsageError
from mien.io.clips import open_clip
from mien.io.mark import SyntheticMark
from mien.plots.page import INNER_INCHES, SIDE_INCHES, Page
from mien.types import Image

_TOP, _GAP, _LABEL = 1.35, 0.06, 0.9


def contact_page(name: str, rows: Sequence[Mapping[str, str]], folder: Path) -> Page:
    """Draw the contact sheet of a portrait: apex frames, one row per expression, one column per intensity and side.

    Args:
        name: The portrait's name.
        rows: The portrait's rows of the table of stimuli, all of one duration.
        folder: Where the stimuli are.
    """
    moving = [row for row in rows if row["neutral"] != "True"]
    still = [row for row in rows if row["neutral"] == "True"]
    expressions = list(dict.fromkeys(row["expression"] for row in moving))
    levels = sorted({row["intensity"] for row in moving}, key=float)
    names = {row["intensity"]: row["level"] or row["intensity"] for row in moving}
    sides = [each for each in ("left", "right", "both") if any(r["side"] == each for r in moving)]
    columns = [(level, side) for level in levels for side in sides]
    wide = (INNER_INCHES - _LABEL - (len(columns) - 1) * _GAP) / len(columns)
    count = len(expressions) + len(still[:1])
    page = Page(_TOP + count * (wide + _GAP) + 0.4)
    page.heading(
        name,
        "Synthetic; not yet validated by human raters. Apex of each expression; the sides are the subject's.",
    )
    for column, (level, side) in enumerate(columns):
        left = SIDE_INCHES + _LABEL + column * (wide + _GAP)
        page.text(left + wide / 2, _TOP - 0.15, f"{names[level]} {side}", ha="center", fontsize=9)
    for line, expression in enumerate(expressions):
        top = _TOP + line * (wide + _GAP)
        page.text(SIDE_INCHES, top + wide / 2, expression, fontsize=9)
        for row in moving:
            if row["expression"] == expression:
                column = columns.index((row["intensity"], row["side"]))
                left = SIDE_INCHES + _LABEL + column * (wide + _GAP)
                page.picture(left, top, wide, wide, apex_frame(row, folder))
    for row in still[:1]:
        top = _TOP + len(expressions) * (wide + _GAP)
        page.text(SIDE_INCHES, top + wide / 2, row["expression"], fontsize=9)
        page.picture(SIDE_INCHES + _LABEL, top, wide, wide, apex_frame(row, folder))
    return page


def apex_frame(row: Mapping[str, str], folder: Path) -> Image:
    """Return the frame in the middle of a stimulus's apex; the first frame of a neutral stimulus.

    Raises:
        UsageError: The clip is shorter than its row says.
    """
    clip = open_clip(folder / row["stimulus"].rstrip("/"))
    index = 0
    if row["apex_seconds"]:
        middle = (float(row["apex_seconds"]) + float(row["apex_end_seconds"])) / 2
        index = int(middle * Fraction(row["fps"]) + 1e-6)
    for number, (_, frame) in enumerate(clip):
        if number == index:
            return frame
    raise UsageError(f"expected frame {index} in {row['stimulus']}, got fewer: make the pool again")


MARK = SyntheticMark()
"""The statement in a sheet's file that it shows synthetic faces."""
