"""A file of results as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mien.errors import BadTrackError, UsageError
from mien.io.csv_text import delimiter_of, read_csv_text

CSV_SUFFIXES = (".csv", ".tsv", ".txt")
GORILLA = "Spreadsheet: "
"""The prefix that Gorilla adds to the names of a spreadsheet's columns."""


@dataclass(frozen=True)
class ResultTable:
    """A file of results.

    Attributes:
        path: The file.
        header: Its columns.
        rows: For each row its line in the file, and its cells by column.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]

    def known(self, what: str, asked: str | None, names: Sequence[str]) -> str | None:
        """Return the column that the user named, or else the first known one; None if there is none.

        Args:
            what: The option that names the column.
            asked: The column that the user named; None if the user named none.
            names: Usual names of the column.

        Raises:
            UsageError: The table does not have the column that the user named.
        """
        if asked is not None:
            return self.named(asked, what)
        return next((name for name in names if name in self.header), None)

    def column(self, what: str, asked: str | None, names: Sequence[str]) -> str:
        """Return a column as `known` does, but refuse a file without it.

        Raises:
            UsageError: There is no such column.
        """
        found = self.known(what, asked, names)
        if found is None:
            raise UsageError(
                f"expected a column {names[0]} in {self.path}, got {shown(self.header)}: name it with --{what} COLUMN"
            )
        return found

    def named(self, name: str, option: str | None = None) -> str:
        """Return a column by its name, or by its name with Gorilla's prefix.

        Raises:
            UsageError: There is no such column.
        """
        for each in (name, f"{GORILLA}{name}"):
            if each in self.header:
                return each
        what = f"the column {name} of --{option}" if option else f"a column {name}"
        raise UsageError(f"expected {what} in {self.path}, got {shown(self.header)}")

    def with_columns(
        self, header: Sequence[str], rows: Sequence[tuple[int, dict[str, str]]]
    ) -> ResultTable:
        """Return the table with other columns and rows."""
        return replace(self, header=tuple(header), rows=tuple(rows))


def result_files(places: Sequence[Path]) -> list[Path]:
    """Return the files of results: files as given, and the CSV files in folders.

    Raises:
        UsageError: A folder has no CSV files.
    """
    found: list[Path] = []
    for place in places:
        if not place.is_dir():
            found.append(place)
            continue
        inside = sorted(each for each in place.iterdir() if each.suffix.lower() in CSV_SUFFIXES)
        if not inside:
            raise UsageError(f"expected CSV files in {place}, got none")
        found += inside
    return found


def read_table(path: Path) -> ResultTable:
    """Read a file of results.

    Raises:
        UsageError: A column occurs twice.
        BadTrackError: The file is not valid CSV.
    """
    text = read_csv_text(path)
    delimiter = delimiter_of(text.lstrip().partition("\n")[0])
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    try:
        rows = tuple((reader.line_num, row) for row in reader)
    except csv.Error as error:
        raise BadTrackError(f"{path}, line {reader.line_num}: not valid CSV ({error})") from error
    header = tuple(reader.fieldnames or ())
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise UsageError(f"expected each column once in {path}, got {twice} twice")
    return ResultTable(path, header, rows)


def shown(names: Sequence[str]) -> str:
    """Return the first eight names, joined for a message."""
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "") if names else "none"
