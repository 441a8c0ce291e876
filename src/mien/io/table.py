"""Read CSV tables of numbers, with errors that name line and column."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float64

from mien.errors import BadTrackError
from mien.io.csv_text import delimiter_of, read_csv_text

_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
_DECIMAL_POINT = re.compile(r"[-+]?[0-9]+\.[0-9]+")


@dataclass(frozen=True)
class Table:
    """A CSV file with a header.

    Attributes:
        path: The file, for messages.
        columns: The column names without padding, in order, each once.
        rows: The cells of each row as text.
        lines: The line of the file on which each row begins, counted from 1; the header is usually line 1.
        decimal_comma: Whether numbers are written as ``0,5``; only in tables delimited by semicolons or tabs.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    decimal_comma: bool = False

    def numbers(
        self, column: str, where: Bool[np.ndarray, " rows"] | None = None
    ) -> Float64[np.ndarray, " rows"]:
        """Return a column as finite numbers.

        Args:
            column: Its name.
            where: (rows,) bool: the rows to read; the others become 0. None: all.

        Raises:
            BadTrackError: No such column, or a cell that is not a finite number.
        """
        if column not in self.columns:
            raise BadTrackError(f"expected a column {column} in {self.path}, got none")
        index = self.columns.index(column)
        numbers = np.empty(len(self.rows))
        for row, cells in enumerate(self.rows):
            if where is not None and not where[row]:
                numbers[row] = 0
                continue
            try:
                cell = cells[index]
                numbers[row] = float(cell.replace(",", ".") if self.decimal_comma else cell)
            except ValueError:
                numbers[row] = np.nan
            if not np.isfinite(numbers[row]):
                raise self.error(row, column, "a finite number", repr(cells[index].strip()))
        return numbers

    def bounded(
        self, column: str, low: float, high: float, where: Bool[np.ndarray, " rows"] | None = None
    ) -> Float64[np.ndarray, " rows"]:
        """Return a column of numbers from ``low`` to ``high``; see :meth:`numbers` for ``where``.

        Raises:
            BadTrackError: See :meth:`numbers`; or a number outside this range.
        """
        numbers = self.numbers(column, where)
        outside = (numbers < low) | (numbers > high)
        if where is not None:
            outside &= where
        if outside.any():
            row = int(np.argmax(outside))
            raise self.error(row, column, f"{low:g} to {high:g}", f"{numbers[row]:g}")
        return numbers

    def rising(self, column: str) -> Float64[np.ndarray, " rows"]:
        """Return a column of numbers that rise from row to row.

        Raises:
            BadTrackError: See :meth:`numbers`; or a number that is not above the one before.
        """
        numbers = self.numbers(column)
        steps = np.diff(numbers)
        if (steps <= 0).any():
            row = int(np.argmax(steps <= 0)) + 1
            raise self.error(
                row,
                column,
                f"more than {numbers[row - 1]:g} of the row before",
                f"{numbers[row]:g}",
            )
        return numbers

    def error(self, row: int, column: str, expected: str, got: str) -> BadTrackError:
        """Return the error for one cell."""
        return BadTrackError(
            f"{self.path}, line {self.lines[row]}, column {column}: expected {expected}, got {got}"
        )


def read_table(path: Path, *, uneven: bool = False) -> Table:
    """Read a CSV file delimited by commas, semicolons or tabs; see `mien.io.csv_text`.

    Column names may be padded with spaces. Empty columns at the right end, which spreadsheet programs add, are dropped.

    Args:
        path: The file.
        uneven: Whether rows may have another length than the header; otherwise they are an error.

    Raises:
        BadTrackError: The file cannot be read, is not a CSV table, has no rows, a row of another length, a column that
            comes twice, or numbers both with decimal points and with decimal commas.
    """
    text = read_csv_text(path)
    delimiter = delimiter_of(text.lstrip().partition("\n")[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    columns: tuple[str, ...] = ()
    try:
        line = 1
        for cells in reader:
            if any(cell.strip() for cell in cells):  # skip blank lines, which are common at the end
                if not columns:
                    columns = _checked_columns(path, _without_empty_end(cells, 1))
                else:
                    cells = _without_empty_end(cells, len(columns))
                    if not uneven:
                        _check_length(path, line, columns, cells)
                    rows.append(tuple(cells))
                    lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTrackError(f"{path}, line {reader.line_num}: not valid CSV ({error})") from error
    if not rows:
        raise BadTrackError(f"expected a CSV table with at least one row, got none in {path}")
    comma = delimiter != "," and _has_decimal_commas(path, rows)
    return Table(path, columns, tuple(rows), tuple(lines), comma)


def _without_empty_end(cells: list[str], least: int) -> list[str]:
    """Leave out empty cells at the end, down to ``least`` cells."""
    end = len(cells)
    while end > least and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _has_decimal_commas(path: Path, rows: list[tuple[str, ...]]) -> bool:
    """Return whether numbers have decimal commas.

    Raises:
        BadTrackError: Some numbers have decimal commas, and others decimal points.
    """
    cells = [cell.strip() for row in rows for cell in row]
    comma = next((cell for cell in cells if _DECIMAL_COMMA.fullmatch(cell)), None)
    point = next((cell for cell in cells if _DECIMAL_POINT.fullmatch(cell)), None)
    if comma and point:
        raise BadTrackError(
            f"expected decimal points in {path}, got {point} and {comma}: save it with points only"
        )
    return comma is not None


def _checked_columns(path: Path, cells: list[str]) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in cells)
    if len(columns) < 2:
        raise BadTrackError(
            f"expected a CSV table with two columns or more in {path}, "
            f"got the first line {columns[0][:60]!r}"
        )
    for column in columns:
        if column and columns.count(column) > 1:
            raise BadTrackError(f"{path}: expected each column once, got {column} more than once")
    return columns


def _check_length(path: Path, line: int, columns: tuple[str, ...], cells: list[str]) -> None:
    if len(cells) != len(columns):
        raise BadTrackError(
            f"{path}, line {line}: expected {len(columns)} cells as in the header, got {len(cells)}"
        )
