"""Convert rows of cells to and from the text of tables, as other programs write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from mien.errors import BadTrackError
from mien.io.atomic import atomic_file
from mien.io.replacing import IsOwn, begins_with, has_mark

MARK = "Made with Mien"
"""Text by which Mien recognises its own files; it is written into a cell for remarks."""


def parse_rows(path: Path, text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a table's text.

    Raises:
        BadTrackError: A quotation mark that is never closed, or a cell that is too long.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise BadTrackError(f"{path}, line {reader.line_num}: not valid CSV ({error})") from error


def write_rows(
    path: Path,
    rows: Iterable[Sequence[str]],
    delimiter: str = ",",
    is_own: IsOwn = has_mark,
) -> None:
    """Write rows as a table, whole or not at all.

    Raises:
        OutputError: The place cannot be written, or holds a file that Mien did not write.
    """
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    with atomic_file(path, is_own=is_own) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")


def marked_or_empty(columns: Sequence[str], delimiter: str) -> IsOwn:
    """Return a test for tables with the mark in each row: whether a file has these columns, and the mark or no row.

    A table without rows has no place for the mark, and no data that could be lost.
    """
    header = f"{delimiter.join(columns)}\n"
    has_columns = begins_with(header)

    def is_own(path: Path) -> bool:
        return has_columns(path) and (has_mark(path) or path.stat().st_size == len(header.encode()))

    return is_own


def delimiter_for(path: Path) -> str:
    """Return the delimiter of a table to write: a tab, or a comma in a ``.csv``."""
    return "," if path.suffix.lower() == ".csv" else "\t"


def number(value: float) -> str:
    """Return the shortest text that is read back as the same number; an empty text for NaN."""
    if value != value:
        return ""
    text = repr(float(value))
    return text.removesuffix(".0")
