"""One row of a table; its cells are found by Mien's names of the columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from mien.errors import DatasetError

Cell: TypeAlias = str | int | float | bool | None
"""The content of a cell; dates and other kinds are text."""

Columns: TypeAlias = Mapping[str, tuple[str, ...]]
"""The names that each column may have, by Mien's name; the first one found is used."""

NO_VALUE = frozenset({"", "/", "-", "?", "nan", "none", "null", "n/a", "na"})
"""Texts that stand for an empty cell."""


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes:
        where: File and line, for messages.
        cells: By Mien's name of the column; columns that the file lacks are absent.
    """

    where: str
    cells: Mapping[str, Cell] = field(repr=False)

    def text(self, column: str) -> str:
        """Return a cell as text, stripped; empty if the cell has no value or the column is absent."""
        value = self.cells.get(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if value is None else str(value).strip()
        return "" if text.casefold() in NO_VALUE else text

    def frame(self, column: str) -> int | None:
        """Return a cell as a frame number; None if it has no value, such as ``/``.

        Raises:
            DatasetError: Not a whole number of 0 or more.
        """
        text = self.text(column)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not number.is_integer() or number < 0:
            raise DatasetError(f"expected a frame number in column {column}, got {text!r}")
        return int(number)

    def needed(self, column: str) -> str:
        """Return a cell's text.

        Raises:
            DatasetError: The cell has no value.
        """
        text = self.text(column)
        if not text:
            raise DatasetError(f"expected a {column}, got an empty cell")
        return text

    def needed_frame(self, column: str) -> int:
        """Return a cell's frame number.

        Raises:
            DatasetError: The cell has no value, or not a frame number.
        """
        number = self.frame(column)
        if number is None:
            raise DatasetError(f"expected a frame number in column {column}, got none")
        return number
