"""Read FACS codes as coders write them: ``L20+21``, ``15A+17``, ``(R6 or R12)+R15``, ``4(k)``.

Marks have the meaning of the FACS manual (Ekman, Friesen and Hager, 2002). ``L`` and ``R`` are the
subject's own left and right; ``A`` to ``E`` after the number is the intensity. ``A``, ``U``, ``T``
and ``B`` before the number (asymmetric, unilateral, top and bottom lip) are kept unchanged.

Spreadsheets also have ``L12orL14`` without spaces, ``10A/B`` (between two levels), ``ref(7B)`` (already present in the
reference frame, so it is uncertain whether it moved) and ``A/L12`` (asymmetric, or the left side only).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from mien.au.catalog import Side
from mien.au.intensity import intensity_from_level
from mien.datasets.coded_unit import CodedUnit, FacsCode
from mien.errors import DatasetError

NO_CODE = frozenset({"", "/", "//", "-", "--", "?", "0", "nan", "none", "null", "n/a", "na"})
"""What coders write if they saw or coded no action unit."""

_SIDES: dict[str, Side] = {"": "both", "L": "left", "R": "right"}
_UNIT = re.compile(
    r"(?P<before>[LRAUTB]?)(?:AU)?(?P<before2>[LR]?)0*(?P<number>\d{1,2})"
    r"(?P<side>[LR]?)(?P<level>(?:[A-E](?:/[A-E])?)?)(?P<side2>[LR]?)(?P<doubt>\(K\)|K|\?)?"
)
_TOKEN = re.compile(r"\(K\)|[()]|[+,;&，、；]|\bOR\b|[^\s()+,;&，、；]+")
_SEPARATORS = "+,;&，、；"
_REMARKS = ("SOFTFOCUS",)
"""Words in codes that describe the picture, not an AU."""

_ATTACHED_OR = re.compile(r"(?<=[0-9A-E)])OR(?=[(LRAUTB]?[LR]?\d)")
_IN_REFERENCE = re.compile(r"REF\(([^()]*)\)")
_UNSURE_SIDE = re.compile(r"\bA/([LR])(\d+[A-E]?)")


def parse_facs(text: str | int | float | None) -> FacsCode:
    """Read a FACS code.

    Args:
        text: The cell; a spreadsheet may give a single AU as a number. One of :data:`NO_CODE`
            becomes a code without units.

    Raises:
        DatasetError: A part that is not an action unit.
    """
    written = _as_text(text)
    if written.casefold() in NO_CODE:
        return FacsCode(written, ())
    tokens = [token for token in _TOKEN.findall(_plain(written)) if token not in _REMARKS]
    return FacsCode(written, tuple(_units(tokens, written)))


def _plain(written: str) -> str:
    """Return a code in capital letters, with notations of spreadsheets replaced by those of the manual."""
    text = re.sub(r"\bAU\s+(?=\d)", "AU", written.upper())
    text = _ATTACHED_OR.sub(" OR ", text)
    text = _IN_REFERENCE.sub(lambda found: re.sub(r"([0-9A-E])(?=\+|$)", r"\1(K)", found[1]), text)
    return _UNSURE_SIDE.sub(r"(A\2 OR \1\2)", text)


class _Group(NamedTuple):
    """Position of a unit: its depth in brackets, and whether "or" joins it to the unit before."""

    depth: int
    joined: bool


def _units(tokens: list[str], written: str) -> list[CodedUnit]:
    """Read all units; ``written`` is the whole code, for messages."""
    found: list[tuple[CodedUnit, _Group]] = []
    depth, joined = 0, False
    for token in tokens:
        if token == "(K)" and found:  # written apart from its unit: "4 (k)"
            unit, group = found[-1]
            found[-1] = (replace(unit, uncertain=True), group)
        elif token == "(":
            depth += 1
        elif token == ")":
            depth -= 1
        elif token == "OR":
            joined = True
        elif token not in _SEPARATORS:
            found.append((_unit(token, written), _Group(depth, joined)))
            joined = False
        if depth < 0:
            break
    if depth != 0 or joined:
        raise DatasetError(
            f"expected a FACS code such as L20+21 or (R6 or R12)+R15, got {written!r}"
        )
    return _grouped(found)


def _grouped(found: list[tuple[CodedUnit, _Group]]) -> list[CodedUnit]:
    """Return the units; those that are joined by "or" get the same group number.

    In brackets, as in ``(1+2 or 4)``, all units belong to the group.
    """
    units = [unit for unit, _ in found]
    last = -1
    for index, (_, (depth, joined)) in enumerate(found):
        if not joined:
            continue
        first = index - 1
        while depth and first > 0 and found[first - 1][1].depth == depth:
            first -= 1
        if units[first].alternative is None:
            last += 1
        for member in range(first, index + 1):
            units[member] = replace(units[member], alternative=last)
        after = index + 1
        while depth and after < len(found) and found[after][1].depth == depth:
            units[after] = replace(units[after], alternative=last)
            after += 1
    return units


def _unit(token: str, written: str) -> CodedUnit:
    match = _UNIT.fullmatch(token)
    sides = {match[name] for name in ("before", "before2", "side", "side2")} if match else set()
    sides &= {"L", "R"}
    if match is None or len(sides) > 1 or int(match["number"]) == 0:
        raise DatasetError(
            f"expected action units such as 4, L20, 15A or 6(k), got {token!r} in the FACS code "
            f"{written!r}"
        )
    return CodedUnit(
        number=int(match["number"]),
        side=_SIDES[next(iter(sides), "")],
        level=_level(match["level"]),
        uncertain=bool(match["doubt"]),
        modifier=match["before"] if match["before"] in "AUTB" else "",
    )


def _level(letters: str) -> float | None:
    """Return the intensity of ``B``, or the middle of ``A/B``; None without a level."""
    levels = [intensity_from_level(letter) for letter in letters.split("/") if letter]
    return sum(levels) / len(levels) if levels else None


def _as_text(value: str | int | float | None) -> str:
    """Return a cell as text; a whole number that a spreadsheet stores as a float has no decimal point."""
    if value is None or value != value:  # NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
