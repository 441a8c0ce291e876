"""Spreadsheets and CSV files whose columns are found by name, below whatever notes stand first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from mien.errors import DatasetError, MissingExtraError

Cell: TypeAlias = str | int | float | bool | None
"""What a cell holds; dates and the like come as text."""

Columns: TypeAlias = Mapping[str, tuple[str, ...]]
"""The names that each column may have, by what Mien calls it; the first that is there counts."""

NO_VALUE = frozenset({"", "/", "-", "?", "nan", "none", "null", "n/a", "na"})
"""What stands in cells that say nothing."""


def column_key(name: object) -> str:
    """Return what two spellings of a column's name share: letters and digits, case aside."""
    return "".join(char for char in str(name).casefold() if char.isalnum())


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes:
        where: file and line, for messages.
        cells: by Mien's name of the column; a column that the file lacks is absent.
    """

    where: str
    cells: Mapping[str, Cell] = field(repr=False)

    def text(self, column: str) -> str:
        """Return a cell as text without padding; empty where it says nothing or is absent."""
        value = self.cells.get(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if value is None else str(value).strip()
        return "" if text.casefold() in NO_VALUE else text

    def frame(self, column: str) -> int | None:
        """Return a cell as a frame number; None where it says nothing, such as ``/``.

        Raises:
            DatasetError: something that is no whole number, or is below 0.
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
            DatasetError: it says nothing.
        """
        text = self.text(column)
        if not text:
            raise DatasetError(f"expected a {column}, got an empty cell")
        return text

    def needed_frame(self, column: str) -> int:
        """Return a cell's frame number.

        Raises:
            DatasetError: see :meth:`frame`; or it says nothing.
        """
        number = self.frame(column)
        if number is None:
            raise DatasetError(f"expected a frame number in column {column}, got none")
        return number


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet, as they stand.

    Attributes:
        path: the file.
        name: the sheet's name; empty for CSV.
        rows: the cells, row by row.
    """

    path: Path
    name: str
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)

    def where(self, index: int) -> str:
        """Return file and line of a row, for messages."""
        sheet = f", sheet {self.name}" if self.name else ""
        return f"{self.path.name}{sheet}, line {index + 1}"

    def table(self, columns: Columns, needed: tuple[str, ...]) -> list[Row]:
        """Find the header and return the rows below it that hold anything.

        The header is the first row that names all needed columns; case, spaces and punctuation do
        not count.

        Args:
            columns: what to look for.
            needed: the keys of ``columns`` that the file must have.

        Raises:
            DatasetError: no row names all needed columns (the message says which are missing), a
                column is there twice, or no row is below the header.
        """
        header, places = self._header(columns, needed)
        rows = list(self._rows(header, places))
        if not rows:
            raise DatasetError(
                f"expected clips below the header in {self.where(header)} of {self.path}, got none"
            )
        return rows

    def has(self, columns: Columns, needed: tuple[str, ...]) -> bool:
        """Whether a row names all needed columns."""
        return any(set(needed) <= set(_places(cells, columns)) for cells in self.rows)

    def plain(self, names: tuple[str, ...]) -> list[Row]:
        """Return all rows of a sheet without a header, its columns by position.

        For data sets that were published so; the caller checks that the cells make sense.
        """
        return list(self._rows(-1, {name: place for place, name in enumerate(names)}))

    def _header(self, columns: Columns, needed: tuple[str, ...]) -> tuple[int, dict[str, int]]:
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


def _places(cells: tuple[Cell, ...], columns: Columns) -> dict[str, int]:
    keys = [column_key(cell) if cell is not None else "" for cell in cells]
    places = {}
    for name, spellings in columns.items():
        for spelling in spellings:
            if column_key(spelling) in keys:
                places[name] = keys.index(column_key(spelling))
                break
    return places


def read_sheets(path: Path) -> list[Sheet]:
    """Read all sheets of a spreadsheet, or a CSV file as one sheet.

    Raises:
        DatasetError: it cannot be read, or is in the old .xls format.
        MissingExtraError: openpyxl is not installed.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return [_read_csv(path)]
    if suffix == ".xls":
        raise DatasetError(f"expected .xlsx or .csv, got {path}: save it as .xlsx")
    return _read_xlsx(path)


def pick_sheet(
    sheets: list[Sheet], names: tuple[str, ...], columns: Columns, needed: tuple[str, ...]
) -> Sheet:
    """Return the sheet that holds the clips.

    Args:
        sheets: a file's sheets.
        names: what it is called as published, case and punctuation aside.
        columns: the names that each column may have.
        needed: the columns that it must have.

    Returns:
        The sheet of that name; where the file has none, the one with all needed columns.

    Raises:
        DatasetError: no sheet of that name, and several with the columns; or the file has no sheet.
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
    return fit[0] if fit else sheets[0]  # whose header search says which columns are missing


def _read_csv(path: Path) -> Sheet:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"expected a CSV file in UTF-8, got {path} in another code") from error
    try:
        rows = tuple(tuple(cells) for cells in csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:  # mostly a quotation mark that is never closed
        raise DatasetError(f"expected a CSV file, got {path}: {error}") from error
    return Sheet(path, "", rows)


def _read_xlsx(path: Path) -> list[Sheet]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError(
            f"{path.name} is a spreadsheet, and openpyxl, which reads it, is not installed: "
            'pip install "mien[datasets]"'
        ) from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return [_sheet(path, sheet) for sheet in book.worksheets]
        finally:
            book.close()
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception as error:  # a damaged file breaks openpyxl in many ways
        raise DatasetError(f"expected a spreadsheet, got {path}, which is damaged") from error


def _sheet(path: Path, sheet: Any) -> Sheet:
    sheet.reset_dimensions()  # some programs write a wrong size, which would cut rows off
    rows = tuple(tuple(map(_cell, cells)) for cells in sheet.iter_rows(values_only=True))
    return Sheet(path, sheet.title, rows)


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
