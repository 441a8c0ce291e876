"""Read spreadsheets and CSV files as sheets of cells."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from mien.datasets.table_row import Cell
from mien.datasets.tables import Sheet
from mien.errors import BadTrackError, DatasetError, MissingExtraError
from mien.install import install_command
from mien.io.csv_text import delimiter_of, read_csv_text
from mien.io.zip_sizes import check_zip

MAX_ROWS = 100_000
"""Largest number of rows of a sheet; the largest published table has 7,500."""

MAX_CELLS = 5_000_000
"""Largest number of cells in rows that are not empty."""


class _TooManyCells(Exception):
    """A sheet that would fill the memory."""


def read_sheets(path: Path) -> list[Sheet]:
    """Read all sheets of a spreadsheet, or a CSV file as one sheet.

    Raises:
        DatasetError: The file cannot be read, or has the old .xls format.
        MissingExtraError: openpyxl is not installed.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return [_read_csv(path)]
    if suffix == ".xls":
        raise DatasetError(f"expected .xlsx or .csv, got {path}: save it as .xlsx")
    return _read_xlsx(path)


def _read_csv(path: Path) -> Sheet:
    try:
        text = read_csv_text(path)
    except BadTrackError as error:
        raise DatasetError(str(error)) from error
    delimiter = delimiter_of(text.lstrip().partition("\n")[0])
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = tuple(tuple(cells) for cells in reader)
    except csv.Error as error:  # mostly a quotation mark that is never closed
        raise DatasetError(f"expected a CSV file, got {path}: {error}") from error
    return Sheet(path, "", rows)


def _read_xlsx(path: Path) -> list[Sheet]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError(
            f"{path.name} is a spreadsheet, and openpyxl, which reads it, is not installed: "
            f"{install_command('datasets')}"
        ) from error
    check_zip(path, DatasetError)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return [_sheet(path, sheet) for sheet in book.worksheets]
        except _TooManyCells as error:
            raise DatasetError(
                f"expected at most {MAX_ROWS} rows and {MAX_CELLS} cells in {path}, got more"
            ) from error
        finally:
            book.close()
    except DatasetError:
        raise
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception as error:  # openpyxl raises many kinds of errors for damaged files
        raise DatasetError(f"expected a spreadsheet, got {path}, which is damaged") from error


def _sheet(path: Path, sheet: Any) -> Sheet:
    sheet.reset_dimensions()  # some programs store a wrong size, and rows would be missing
    rows: list[tuple[Cell, ...]] = []
    count = 0
    for index, cells in enumerate(sheet.iter_rows(values_only=True)):
        if all(cell is None for cell in cells):
            continue  # empty rows with formats, far below the last row
        count += len(cells)
        if index >= MAX_ROWS or count > MAX_CELLS:
            raise _TooManyCells
        rows += [()] * (index - len(rows))
        rows.append(tuple(map(_cell, cells)))
    return Sheet(path, sheet.title, tuple(rows))


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
