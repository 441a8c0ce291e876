"""How a data set was published, and helpers for reading its table row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from mien.datasets.annotation import Annotation
from mien.datasets.problems import Problem
from mien.datasets.table_row import Columns, Row
from mien.datasets.tables import Sheet, pick_sheet
from mien.errors import DatasetError, MienError

Reading: TypeAlias = Iterator[Annotation | Problem]
"""What a data set's reader yields: an annotation, or a problem for a row that it cannot read."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """How a data set was published.

    Attributes:
        name: The data set's name in Mien.
        title: The name that its makers gave it.
        tables: Patterns of the stem of the annotation file (``.xlsx`` or ``.csv``); case is ignored.
        columns: The annotation file's columns, for people.
        layout: Where the frames are, for people.
        fps: The frame rate, for people.
        paper: The reference.
        read: Reads annotations from the table's sheets.
    """

    name: str
    title: str
    tables: tuple[str, ...]
    columns: str
    layout: str
    fps: str
    paper: str
    read: Callable[[list[Sheet]], Reading]


def rows_reader(
    sheets: tuple[str, ...],
    columns: Columns,
    needed: tuple[str, ...],
    annotate: Callable[[Row], Annotation | Iterable[Annotation]],
) -> Callable[[list[Sheet]], Reading]:
    """Return a reader for a table with a header and a row for each clip.

    Args:
        sheets: Possible names of the sheet, if the file has several.
        columns: The names that each column may have.
        needed: The columns that must be there.
        annotate: Reads one row; if it raises a MienError, the row becomes a problem.
    """

    def read(book: list[Sheet]) -> Reading:
        for row in pick_sheet(book, sheets, columns, needed).table(columns, needed):
            yield from annotated(row, annotate)

    return read


def annotated(row: Row, annotate: Callable[[Row], Annotation | Iterable[Annotation]]) -> Reading:
    """Yield the annotations of a row, or a problem if it cannot be read."""
    try:
        found = annotate(row)
        yield from [found] if isinstance(found, Annotation) else found
    except MienError as error:
        yield Problem("unreadable row", row.where, f"{error}; the row is left out")


MOST_DIGITS = 9
"""Largest number of digits of a subject's number."""


def numbered(text: str, form: str) -> str:
    """Return a subject's folder name, from a number or a name that ends in a number: ``1`` gives ``sub01``.

    Args:
        text: The cell.
        form: The folder name's format, such as ``sub{:02d}``.

    Raises:
        DatasetError: The cell does not end in a number.
    """
    digits = "".join(char for char in text if char.isdecimal())
    if not 1 <= len(digits) <= MOST_DIGITS or not text.endswith(digits):
        raise DatasetError(f"expected a subject such as {form.format(1)}, got {text!r}")
    return form.format(int(digits))
