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
        name: File stem of the clip, unique in the table.
        portrait: The picture.
        cells: The other cells that are not empty, by column.
        folder: The folder that paths in cells are relative to.
    """

    line: int
    name: str
    portrait: Path
    cells: dict[str, str]
    folder: Path

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files that the row names: its portrait, and its track if it has one."""
        aus = self.cells.get("aus", "")
        track = () if not aus or "@" in aus else (self.folder / aus,)
        return (self.portrait, *track)

    def options(self, common: RenderOptions) -> ClipOptions:
        """Return the options of the row's clip.

        Args:
            common: Options of all rows; the row's own cells replace them.

        Raises:
            UsageError: A cell that should be a number is not, or options that do not fit together.
        """
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
    """Read a batch's table.

    Raises:
        BadTrackError: The file is not a CSV, or has no rows.
        UsageError: An unknown column, no column ``portrait``, no column with the motion, a row without a
            portrait, or a name that is not a valid file name or not unique.
    """
    table = read_table(path)
    unknown = [column for column in table.columns if column not in COLUMNS]
    if unknown:
        raise UsageError(
            f"{path}: unknown column {unknown[0]!r}: expected columns out of {', '.join(COLUMNS)}"
        )
    if "portrait" not in table.columns:
        raise UsageError(f"{path}: expected a column portrait, got {', '.join(table.columns)}")
    if not {"expression", "sample", "aus"} & set(table.columns):
        raise UsageError(
            f"{path}: expected a column expression, sample or aus to say what moves, got "
            f"{', '.join(table.columns)}"
        )
    rows = [_filled(table, cells) for cells in table.rows]
    names = _names(table, rows)
    return tuple(
        BatchRow(
            line=line,
            name=name,
            portrait=path.parent / row["portrait"],
            cells={c: text for c, text in row.items() if c not in ("portrait", "name")},
            folder=path.parent,
        )
        for line, name, row in zip(table.lines, names, rows, strict=True)
    )


def _filled(table: Table, cells: tuple[str, ...]) -> dict[str, str]:
    pairs = zip(table.columns, cells, strict=True)
    return {column: text.strip() for column, text in pairs if text.strip()}


def _names(table: Table, rows: list[dict[str, str]]) -> list[str]:
    """Return a file stem for each row: its name if it has one, or the cells in which the rows differ."""
    # Compared without case, as some file systems do.
    used = Counter(row["name"].casefold() for row in rows if "name" in row)
    names = []
    for line, row in zip(table.lines, rows, strict=True):
        if "portrait" not in row:
            raise UsageError(f"{table.path}, line {line}: expected a portrait, got an empty cell")
        given = row.get("name")
        if given is None:
            names.append(_free_name(_own_name(row), used))
            continue
        # A control character comes from a broken file: it fails its own row only.
        if not _NAME.fullmatch(_CONTROL.sub("", given) or "x"):
            raise UsageError(f"{table.path}, line {line}: expected a file name, got {given!r}")
        if used[given.casefold()] > 1:
            raise UsageError(f"{table.path}, line {line}: expected each name once, got {given!r}")
        names.append(given)
    return names


def _own_name(row: dict[str, str]) -> str:
    # Not the row's number: a row put in between must not remake all rows below it.
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
