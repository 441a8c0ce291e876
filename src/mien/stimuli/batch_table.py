"""Read the table of a batch, which has one row for each clip."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mien.errors import UsageError
from mien.generate.options import ClipOptions, RenderOptions
from mien.io.table import Table, read_table

COLUMNS = (
    "portrait",
    "name",
    "expression",
    "sample",
    "aus",
    "aus_face",
    "aus_scale",
    "intensity",
    "strength",
    "duration",
    "side",
    "seed",
    "fps",
    "lead",
    "tail",
    "face",
)
"""Columns that a table may have. An empty cell counts as missing."""

_NUMBERS: dict[str, Callable[[str], float]] = {
    "aus_face": int,
    "aus_scale": float,
    "strength": float,
    "duration": float,
    "seed": int,
    "lead": float,
    "tail": float,
}
_FIELDS = {"duration": "duration_seconds", "lead": "lead_seconds", "tail": "tail_seconds"}
_NAME = re.compile(r"[^/\\:*?\"<>|\x00-\x1f.][^/\\:*?\"<>|\x00-\x1f]*")
"""File names that are valid on every system and not hidden."""
_CONTROL = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True)
class BatchRow:
    """One row of a batch table: one clip to make. The cells are text until the method `options` reads them.

    Attributes:
        line: Line of the row in the table's file; the header is line 1.
        name: File stem of the clip, unique among the rows without an ``error``; empty for some rows with one.
        portrait: The picture; the folder if the row names none, which is an ``error``.
        cells: The other cells that are not empty, by column.
        folder: The folder that paths in cells are relative to.
        error: Why no clip can be made of the row, in one line; empty if nothing is wrong so far.
    """

    line: int
    name: str
    portrait: Path
    cells: dict[str, str]
    folder: Path
    error: str = ""

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files that the row names: its portrait, and its track if it has one."""
        aus = self.cells.get("aus", "")
        track = () if not aus or "@" in aus else (self.folder / aus,)
        portrait = () if self.portrait == self.folder else (self.portrait,)
        return (*portrait, *track)

    def options(self, common: RenderOptions) -> ClipOptions:
        """Return the options of the row's clip.

        Args:
            common: Options of all rows; the row's own cells replace them.

        Raises:
            UsageError: The row has an error, a cell that should be a number is not, or options contradict each other.
        """
        if self.error:
            raise UsageError(self.error)
        if _CONTROL.search(self.name):
            raise UsageError(f"expected a file name in the column name, got {self.name!r}")
        asked: dict[str, Any] = {f.name: getattr(common, f.name) for f in fields(RenderOptions)}
        for column, text in self.cells.items():
            if column == "aus":
                asked.update(_aus(text, self.folder))
            else:
                asked[_FIELDS.get(column, column)] = _value(column, text)
        return ClipOptions(**asked)


def read_batch_table(path: Path) -> tuple[BatchRow, ...]:
    """Read a batch's table. What is wrong with one row alone is in the row's ``error``.

    Raises:
        BadTrackError: The file is not a CSV, or has no rows.
        UsageError: An unknown column, no column ``portrait``, or no column with the motion.
    """
    table = read_table(path, uneven=True)
    unknown = [column for column in table.columns if column not in COLUMNS]
    if unknown:
        raise UsageError(
            f"{path}: unknown column {unknown[0]!r}: use only the columns {', '.join(COLUMNS)}"
        )
    if "portrait" not in table.columns:
        raise UsageError(f"{path}: expected a column portrait, got {', '.join(table.columns)}")
    if not {"expression", "sample", "aus"} & set(table.columns):
        raise UsageError(
            f"{path}: expected a column expression, sample or aus to say what moves, got "
            f"{', '.join(table.columns)}"
        )
    rows = [_filled(table, cells) for cells in table.rows]
    # Compared without case, as some file systems do.
    given = Counter(row["name"].casefold() for row in rows if "name" in row)
    first_lines: dict[str, int] = {}
    found = []
    for line, cells, row in zip(table.lines, table.rows, rows, strict=True):
        error = _length_error(table, cells) or _row_error(row, line, first_lines)
        name = row.get("name", "")
        if not name and not error:
            name = _free_name(_own_name(row), given)
        found.append(
            BatchRow(
                line=line,
                name=name,
                portrait=path.parent / row.get("portrait", ""),
                cells={c: text for c, text in row.items() if c not in ("portrait", "name")},
                folder=path.parent,
                error=error,
            )
        )
    return tuple(found)


def _filled(table: Table, cells: tuple[str, ...]) -> dict[str, str]:
    pairs = zip(
        table.columns, cells, strict=False
    )  # a row of another length has an error of its own
    return {column: text.strip() for column, text in pairs if text.strip()}


def _length_error(table: Table, cells: tuple[str, ...]) -> str:
    if len(cells) == len(table.columns):
        return ""
    return f"expected {len(table.columns)} cells as in the header, got {len(cells)}"


def _row_error(row: dict[str, str], line: int, first_lines: dict[str, int]) -> str:
    """Return what is wrong with a row's portrait or name; empty if nothing is.

    Args:
        row: The cells that are not empty.
        line: The row's line.
        first_lines: The lines of earlier names, without case; the row's own name is added. A name belongs to the first
            row that has it, even if that row fails: once corrected, it would replace the clip of the second.
    """
    name = row.get("name")
    if name is not None:
        first = first_lines.setdefault(name.casefold(), line)
        # A control character comes from a broken file: the method `options` refuses it.
        if not _NAME.fullmatch(_CONTROL.sub("", name) or "x"):
            return f"expected a file name in the column name, got {name!r}"
        if first != line:
            return f"expected each name once, got {name!r}, which line {first} has already"
    return "" if "portrait" in row else "expected a portrait, got an empty cell"


def _own_name(row: dict[str, str]) -> str:
    # The name does not contain the row's number, so that inserting a row does not rename the clips below it.
    parts = [Path(row["portrait"]).stem, row.get("expression") or row.get("sample") or "aus"]
    parts += [row[column] for column in ("intensity", "side") if column in row]
    parts += [f"seed{row['seed']}"] if "seed" in row else []
    return re.sub(r"[^\w.+-]+", "-", "_".join(parts)).lstrip(".") or "clip"


def _free_name(name: str, used: Counter[str]) -> str:
    free, number = name, 1
    while used[free.casefold()]:
        number += 1
        free = f"{name}_{number}"
    used[free.casefold()] += 1
    return free


def _value(column: str, text: str) -> str | float:
    if column not in _NUMBERS:
        return text
    try:
        return _NUMBERS[column](text)
    except ValueError:
        kind = "a whole number" if _NUMBERS[column] is int else "a number"
        raise UsageError(f"column {column}: expected {kind}, got {text!r}") from None


def _aus(text: str, folder: Path) -> dict[str, Any]:
    """Return the field for the cell ``aus``: envelopes as text, or the file of a track."""
    if "@" in text:
        return {"au": tuple(part for part in re.split(r"[;\s]+", text) if part)}
    return {"aus": folder / text}
