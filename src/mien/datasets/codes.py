"""FACS codes as coders write them: ``L20+21``, ``15A+17``, ``(R6 or R12)+R15``, ``5B+24``, ``4(k)``.

What each mark means follows the FACS manual (Ekman, Friesen and Hager, 2002): ``L`` and ``R`` are the
subject's own left and right, ``A`` to ``E`` after the number is the intensity. ``A``, ``U``, ``T`` and
``B`` before the number (asymmetric, unilateral, top and bottom lip) are kept as they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from mien.au.catalog import CATALOG, SIDE_LETTERS, Side
from mien.au.intensity import MAX_INTENSITY, intensity_from_level
from mien.errors import DatasetError

NO_CODE = frozenset({"", "/", "//", "-", "--", "?", "0", "nan", "none", "null", "n/a", "na"})
"""What coders write where they saw no action unit, or coded none."""

_SIDES: dict[str, Side] = {"": "both", "L": "left", "R": "right"}
_UNIT = re.compile(
    r"(?P<before>[LRAUTB]?)(?:AU)?(?P<before2>[LR]?)0*(?P<number>\d{1,2})"
    r"(?P<side>[LR]?)(?P<level>[A-E]?)(?P<side2>[LR]?)(?P<doubt>\(K\)|K|\?)?"
)
_TOKEN = re.compile(r"\(K\)|[()]|[+,;&，、；]|\bOR\b|[^\s()+,;&，、；]+")
_SEPARATORS = "+,;&，、；"


@dataclass(frozen=True)
class CodedUnit:
    """One action unit of a code.

    Attributes:
        number: its number in FACS; it may be one that Mien's catalogue lacks.
        side: the subject's own left or right, or both where the code names none.
        level: the coded intensity, 1 (A) to 5 (E), or None where the code gives none.
        uncertain: the coder marked it so, with ``(k)`` or ``?``.
        alternative: None, or which "or" group of its code it is in, from 0: one of the group moved.
        modifier: ``A`` asymmetric, ``U`` unilateral, ``T`` or ``B`` top or bottom lip alone; or empty.

    Raises:
        DatasetError: a number outside 1 to 99, or a level outside 0 to 5.
    """

    number: int
    side: Side = "both"
    level: float | None = None
    uncertain: bool = False
    alternative: int | None = None
    modifier: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 99:
            raise DatasetError(f"expected an AU number from 1 to 99, got {self.number}")
        if self.level is not None and not 0 < self.level <= MAX_INTENSITY:
            raise DatasetError(f"expected an AU level above 0 and up to 5, got {self.level}")

    @property
    def known(self) -> bool:
        """Whether Mien's catalogue has it."""
        return f"AU{self.number}" in CATALOG

    @property
    def name(self) -> str | None:
        """Mien's name, such as ``AU12L``; None where the catalogue lacks the number.

        An AU on the midline has no sided name: a coded ``R17`` is ``AU17``, its side stays in
        :attr:`side`.
        """
        unit = CATALOG.get(f"AU{self.number}")
        if unit is None:
            return None
        sided = self.side != "both" and unit.sided
        return unit.name + (SIDE_LETTERS[self.side] if sided else "")


@dataclass(frozen=True)
class FacsCode:
    """A whole code.

    Attributes:
        text: as the coder wrote it.
        units: in the order of the text.
    """

    text: str
    units: tuple[CodedUnit, ...]

    @property
    def unknown(self) -> tuple[int, ...]:
        """The numbers that Mien's catalogue lacks, each once, rising."""
        return tuple(sorted({unit.number for unit in self.units if not unit.known}))

    @property
    def certain(self) -> tuple[CodedUnit, ...]:
        """The units that are neither marked as uncertain nor one of an "or" group."""
        return tuple(u for u in self.units if not u.uncertain and u.alternative is None)

    @property
    def names(self) -> tuple[str, ...]:
        """Mien's names of the certain units that the catalogue has, each once, in the code's order."""
        return tuple(dict.fromkeys(unit.name for unit in self.certain if unit.name is not None))


def parse_facs(text: str | int | float | None) -> FacsCode:
    """Read a FACS code.

    Args:
        text: the cell; a spreadsheet may give a lone AU as a number. One of :data:`NO_CODE` is a
            code without units.

    Raises:
        DatasetError: a part that is no action unit; the message names it.
    """
    written = _as_text(text)
    if written.casefold() in NO_CODE:
        return FacsCode(written, ())
    tokens = _TOKEN.findall(re.sub(r"\bAU\s+(?=\d)", "AU", written.upper()))
    return FacsCode(written, tuple(_units(tokens, written)))


class _Group(NamedTuple):
    """Whether a unit stands in brackets, and is joined by "or" to the one before."""

    depth: int
    joined: bool


def _units(tokens: list[str], written: str) -> list[CodedUnit]:
    found: list[tuple[CodedUnit, _Group]] = []
    depth, joined = 0, False
    for token in tokens:
        if token == "(K)" and found:  # written apart from its unit: "4 (k)"
            unit, group = found[-1]
            found[-1] = (_replaced(unit, uncertain=True), group)
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
    """Give each group a number: a unit joined by "or" shares its group with the one before it.

    Within brackets ``(1+2 or 4)`` all units belong to the group, as all hang on the choice.
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
            units[member] = _replaced(units[member], alternative=last)
        after = index + 1
        while depth and after < len(found) and found[after][1].depth == depth:
            units[after] = _replaced(units[after], alternative=last)
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
        level=intensity_from_level(match["level"]) if match["level"] else None,
        uncertain=bool(match["doubt"]),
        modifier=match["before"] if match["before"] in "AUTB" else "",
    )


def _replaced(
    unit: CodedUnit, *, uncertain: bool | None = None, alternative: int | None = None
) -> CodedUnit:
    return CodedUnit(
        unit.number,
        unit.side,
        unit.level,
        unit.uncertain if uncertain is None else uncertain,
        unit.alternative if alternative is None else alternative,
        unit.modifier,
    )


def _as_text(value: str | int | float | None) -> str:
    if value is None or value != value:  # NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
