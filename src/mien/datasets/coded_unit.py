"""The action units of a FACS code."""

from __future__ import annotations

from dataclasses import dataclass

from mien.au.catalog import CATALOG, SIDE_LETTERS, Side
from mien.au.intensity import MAX_INTENSITY
from mien.errors import DatasetError


@dataclass(frozen=True)
class CodedUnit:
    """One action unit of a code.

    Attributes:
        number: Its number in FACS; it may be missing from Mien's catalogue.
        side: The subject's own left or right; both if the code names no side.
        level: The coded intensity, 1 (A) to 5 (E); None if the code has none.
        uncertain: Whether the coder marked it with ``(k)`` or ``?``.
        alternative: Number of its "or" group in the code, from 0: only one unit of the group
            moved. None for other units.
        modifier: ``A`` asymmetric, ``U`` unilateral, ``T`` or ``B`` top or bottom lip only; or
            empty.

    Raises:
        DatasetError: A number outside 1 to 99, or a level that is not above 0 and up to 5.
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
        """Mien's name, such as ``AU12L``; None if the catalogue lacks the number.

        An AU on the midline has no sided name: a coded ``R17`` is ``AU17``, with its side in
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
        text: The code as written.
        units: Its units in that order.
    """

    text: str
    units: tuple[CodedUnit, ...]

    @property
    def unknown(self) -> tuple[int, ...]:
        """The numbers that Mien's catalogue lacks, sorted, each once."""
        return tuple(sorted({unit.number for unit in self.units if not unit.known}))

    @property
    def certain(self) -> tuple[CodedUnit, ...]:
        """The units that are neither uncertain nor in an "or" group."""
        return tuple(u for u in self.units if not u.uncertain and u.alternative is None)

    @property
    def names(self) -> tuple[str, ...]:
        """Mien's names of the certain units, without unknown ones, each once, in the code's order."""
        return tuple(dict.fromkeys(unit.name for unit in self.certain if unit.name is not None))
