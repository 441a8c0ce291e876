"""Rows of OpenFace's tables in which the face was lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float64

from mien.au.catalog import parse_au
from mien.errors import BadTrackError
from mien.io.openface_columns import CONFIDENCE_OF, padded
from mien.io.table import Table
from mien.types import Times

NO_CONFIDENCE = 0.05
"""A row with less confidence has no face. OpenFace writes about 0.02 without a face, and rarely less than 0.5 with
one."""


def lost_rows(table: Table) -> Bool[np.ndarray, " rows"]:
    """Return which rows have no face: success 0, or a confidence near 0.

    Raises:
        BadTrackError: No row has a face.
    """
    lost = np.zeros(len(table.rows), bool)
    if "success" in table.columns:
        lost |= table.numbers("success") < 0.5
    if "confidence" in table.columns:
        lost |= table.bounded("confidence", 0.0, 1.0) < NO_CONFIDENCE
    if lost.all():
        raise BadTrackError(
            f"expected a face in {table.path}, got success 0 or a confidence near 0 in every row"
        )
    return lost


def without_lost_ends(
    table: Table, lost: Bool[np.ndarray, " rows"]
) -> tuple[Table, Bool[np.ndarray, " kept"], tuple[str, ...]]:
    """Leave out the rows without a face at both ends, and note where other rows have none.

    Args:
        table: The table.
        lost: Which of its rows have no face; at least one row has one.

    Returns:
        The shorter table, which of its rows have no face, and notes for the user.
    """
    good = np.flatnonzero(~lost)
    kept = slice(good[0], good[-1] + 1)
    notes = []
    for rows, place in ((table.lines[: good[0]], "start"), (table.lines[good[-1] + 1 :], "end")):
        if rows:
            notes.append(f"{_rows(len(rows))} without a face at the {place} of the table left out")
    inside = lost[kept]
    if inside.any():
        first = table.lines[kept][int(np.argmax(inside))]
        notes.append(
            f"{_rows(int(inside.sum()))} without a face, from line {first} on, bridged by the rows "
            "around them"
        )
    table = replace(table, rows=table.rows[kept], lines=table.lines[kept])
    return table, inside, tuple(f"{table.path.name}: {note}" for note in notes)


def bridged(
    values: Float64[np.ndarray, " rows"], times: Times, lost: Bool[np.ndarray, " rows"]
) -> Float64[np.ndarray, " rows"]:
    """Interpolate the values of lost rows linearly in time between their neighbours."""
    whole: Float64[np.ndarray, " rows"] = np.interp(times, times[~lost], values[~lost])
    return whole


def missing(table: Table, name: str, column: str) -> Bool[np.ndarray, " rows"]:
    """Return which rows say that an AU was not measured: its cell is NaN and its confidence is 0."""
    trust = next(
        (
            c
            for c in (f"{CONFIDENCE_OF}{padded(name)}", f"{CONFIDENCE_OF}{name}")
            if c in table.columns
        ),
        None,
    )
    if trust is None:
        return np.zeros(len(table.rows), bool)
    index = table.columns.index(column)
    nan = np.array([cells[index].strip().lower() == "nan" for cells in table.rows])
    not_there: np.ndarray = nan & (table.bounded(trust, 0.0, 1.0) == 0)
    return not_there


def missing_note(table: Table, missing: dict[str, Bool[np.ndarray, " rows"]]) -> tuple[str, ...]:
    """Return a note on the AUs that were not measured in some rows; empty if there are none."""
    rows = [count for count in (int(gone.sum()) for gone in missing.values()) if count]
    if not rows:
        return ()
    units = dict.fromkeys(parse_au(name)[0].name for name, gone in missing.items() if gone.any())
    most = "1 row" if max(rows) == 1 else f"up to {max(rows)} rows"
    return (
        f"{table.path.name}: not measured in {most}, and bridged by the rows around: {' '.join(units)}",
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
