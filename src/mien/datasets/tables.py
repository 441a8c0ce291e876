"""Find the header and the rows of a table in a sheet; notes above the header are skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mien.datasets.table_row import Cell, Columns, Row
from mien.errors import DatasetError


def column_key(name: object) -> str:
    """Return a column's name reduced to lower-case letters and digits, to compare spellings."""
    return "".join(char for char in str(name).casefold() if char.isalnum())


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet.

    Attributes:
        path: The file.
        name: The sheet's name; empty for CSV.
        rows: The cells, row by row.
    """

    path: Path
    name: str
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)

    def where(self, index: int) -> str:
        """Return file and line of a row, for messages."""
        sheet = f", sheet {self.name}" if self.name else ""
        return f"{self.path.name}{sheet}, line {index + 1}"

    def table(self, columns: Columns, needed: tuple[str, ...]) -> list[Row]:
        """Find the header, and return the rows below it that are not empty.

        The header is the first row that names all needed columns; case, spaces and punctuation are
        ignored.

        Args:
            columns: The columns to look for.
            needed: The keys of ``columns`` that the file must have.

        Raises:
            DatasetError: No row names all needed columns (the message lists the missing ones), a
                column occurs twice, or no row is below the header.
        """
        header, places = self._header(columns, needed)
        rows = list(self._rows(header, places))
        if not rows:
            raise DatasetError(
                f"expected clips below the header in {self.where(header)} of {self.path}, got none"
            )
        return rows

    def has(self, columns: Columns, needed: tuple[str, ...]) -> bool:
        """Return whether a row names all needed columns."""
        return any(set(needed) <= set(_places(cells, columns)) for cells in self.rows)

    def plain(self, names: tuple[str, ...]) -> list[Row]:
        """Return all rows of a sheet without a header; ``names`` are the columns in order.

        For data sets that were published without a header. The caller checks the cells.
        """
        return list(self._rows(-1, {name: place for place, name in enumerate(names)}))

    def _header(self, columns: Columns, needed: tuple[str, ...]) -> tuple[int, dict[str, int]]:
        """Return the header's index and the place of each column."""
        best: tuple[int, int, dict[str, int]] = (0, 0, {})
        for index, cells in enumerate(self.rows):
            places = _places(cells, columns)
            if all(name in places for name in needed):
                self._check_once(index, cells, columns, places)
                return index, places
            best = max(best, (len(places), -index, places), key=lambda entry: entry[:2])
        missing = [columns[name][0] for name in needed if name not in best[2]]
        sheet = f", sheet {self.name}," if self.name else ""
        where = f"line {1 - best[1]}" if best[0] else "any line"
        raise DatasetError(
            f"expected a header with {' and '.join(missing)} in {self.path}{sheet or ','} got none in "
            f"{where}: is it the file as published?"
        )

    def _check_once(
        self, index: int, cells: tuple[Cell, ...], columns: Columns, places: dict[str, int]
    ) -> None:
        keys = [column_key(cell) for cell in cells if cell is not None]
        for name, place in places.items():
            if keys.count(column_key(cells[place])) > 1:
                raise DatasetError(
                    f"expected one column {columns[name][0]} in {self.where(index)}, got several"
                )

    def _rows(self, header: int, places: Mapping[str, int]) -> Iterator[Row]:
        for index in range(header + 1, len(self.rows)):
            cells = self.rows[index]
            row = Row(
                self.where(index),
                {name: cells[place] for name, place in places.items() if place < len(cells)},
            )
            if any(row.text(name) for name in places):
                yield row


def pick_sheet(
    sheets: list[Sheet], names: tuple[str, ...], columns: Columns, needed: tuple[str, ...]
) -> Sheet:
    """Return the sheet that holds the clips.

    Args:
        sheets: A file's sheets.
        names: The sheet's published names; case and punctuation are ignored.
        columns: The names that each column may have.
        needed: The columns that it must have.

    Returns:
        The sheet of that name; if there is none, the one with all needed columns.

    Raises:
        DatasetError: No sheet with a published name and several with the columns, or no sheet at all.
    """
    if not sheets:
        raise DatasetError("expected a spreadsheet with at least one sheet, got none")
    keys = [column_key(name) for name in names]
    for sheet in sheets:
        if column_key(sheet.name) in keys:
            return sheet
    fit = [sheet for sheet in sheets if sheet.has(columns, needed)]
    if len(fit) > 1:
        raise DatasetError(
            f"expected a sheet {' or '.join(names)} in {sheets[0].path}, got several with its "
            f"columns: {', '.join(sheet.name for sheet in fit)}"
        )
    return fit[0] if fit else sheets[0]  # reading its header reports the missing columns


def _places(cells: tuple[Cell, ...], columns: Columns) -> dict[str, int]:
    """Return the place of each column that a row names."""
    keys = [column_key(cell) if cell is not None else "" for cell in cells]
    places = {}
    for name, spellings in columns.items():
        for spelling in spellings:
            if column_key(spelling) in keys:
                places[name] = keys.index(column_key(spelling))
                break
    return places
