"""CSV tables with numbers in them, read with errors that name line and column."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from mien.errors import BadTrackError


@dataclass(frozen=True)
class Table:
    """A CSV file with a header.

    Attributes:
        path: The file, for messages.
        columns: The column names without padding, in order, each once.
        rows: The cells of each row as text.
        lines: The line of the file that each row begins on, 1 is the header.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def numbers(self, column: str) -> Float64[np.ndarray, " rows"]:
        """Return a column as finite numbers.

        Raises:
            BadTrackError: No such column, or a cell that is no finite number.
        """
        if column not in self.columns:
            raise BadTrackError(f"expected a column {column} in {self.path}, got none")
        index = self.columns.index(column)
        numbers = np.empty(len(self.rows))
        for row, cells in enumerate(self.rows):
            try:
                numbers[row] = float(cells[index])
            except ValueError:
                numbers[row] = np.nan
            if not np.isfinite(numbers[row]):
                raise self.error(row, column, "a finite number", repr(cells[index].strip()))
        return numbers

    def bounded(self, column: str, low: float, high: float) -> Float64[np.ndarray, " rows"]:
        """Return a column of numbers from ``low`` to ``high``.

        Raises:
            BadTrackError: See :meth:`numbers`; or a number outside.
        """
        numbers = self.numbers(column)
        outside = (numbers < low) | (numbers > high)
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


def read_table(path: Path) -> Table:
    """Read a CSV file with commas, UTF-8, header padded or not.

    Raises:
        BadTrackError: It cannot be read, is no such CSV, has no rows, a row of another length, or a
            column twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadTrackError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadTrackError(f"expected a CSV table, got {path}, which is not text") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    columns: tuple[str, ...] = ()
    try:
        line = 1
        for cells in reader:
            if any(cell.strip() for cell in cells):  # blank lines at the end are common
                if not columns:
                    columns = _checked_columns(path, cells)
                else:
                    _check_length(path, line, columns, cells)
                    rows.append(tuple(cells))
                    lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTrackError(f"{path}, line {reader.line_num}: no valid CSV ({error})") from error
    if not rows:
        raise BadTrackError(f"expected a CSV table with at least one row, got none in {path}")
    return Table(path, columns, tuple(rows), tuple(lines))


def _checked_columns(path: Path, cells: list[str]) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in cells)
    if len(columns) < 2:
        raise BadTrackError(
            f"expected a CSV table with comma-separated columns in {path}, "
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
