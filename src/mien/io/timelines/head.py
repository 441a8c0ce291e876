"""Read a file's text, from whose beginning its format is recognised."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mien.io.csv_text import delimiter_of, read_csv_text


@dataclass(frozen=True)
class Head:
    """A text file, with a view of its beginning.

    Attributes:
        path: The file.
        text: Its whole text.
    """

    path: Path
    text: str

    @property
    def suffix(self) -> str:
        """The file's ending, lower case."""
        return self.path.suffix.lower()

    @cached_property
    def columns(self) -> frozenset[str]:
        """The cells of the first line that is not empty, without padding."""
        return self.cells(self.text.lstrip("\ufeff \t\r\n").partition("\n")[0])

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The first hundred lines."""
        return tuple(self.text.splitlines()[:100])

    def cells(self, line: str) -> frozenset[str]:
        """Return the cells of a line without padding."""
        try:
            row = next(csv.reader([line], delimiter=delimiter_of(line)), [])
        except csv.Error:
            return frozenset()
        return frozenset(cell.strip() for cell in row)


def read_head(path: Path) -> Head:
    """Read a file's text.

    Raises:
        BadTrackError: The file cannot be read, or is not text.
    """
    return Head(path, read_csv_text(path))
