"""Shared code for readers of tables with one row a frame: faces, times, cells without a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np
from jaxtyping import Bool, Float64

from mien.au.catalog import CATALOG
from mien.au.frame_rate import check_frame_count, frame_rate_of
from mien.au.samples import AUSamples
from mien.errors import BadTrackError
from mien.io.table import Table
from mien.types import Times

_EMPTY = ("", "nan", "none", "na", "n/a")


def is_empty(cell: str) -> bool:
    """Return whether a cell has no value."""
    return cell.strip().lower() in _EMPTY


def filled(table: Table, column: str) -> Bool[np.ndarray, " rows"]:
    """Return which rows have a value in a column."""
    index = table.columns.index(column)
    return np.array([not is_empty(cells[index]) for cells in table.rows])


def values_of(table: Table, column: str, low: float, high: float) -> Float64[np.ndarray, " rows"]:
    """Return a column of numbers, NaN where a cell is empty.

    Raises:
        BadTrackError: A cell that is neither empty nor a number, or a number outside ``low`` to ``high``.
    """
    there = filled(table, column)
    numbers = table.bounded(column, low, high, there)
    return np.where(there, numbers, np.nan)


def columns_of(table: Table, columns: dict[str, str], low: float, high: float) -> np.ndarray:
    """Return the values (rows, AUs) of several columns, NaN where a cell is empty.

    Args:
        table: The table.
        columns: The column of each AU, by AU name.
        low: Least allowed value.
        high: Largest allowed value.
    """
    if not columns:
        return np.zeros((len(table.rows), 0))
    return np.stack([values_of(table, column, low, high) for column in columns.values()], axis=1)


def without_empty(
    columns: dict[str, str], values: np.ndarray
) -> tuple[tuple[str, ...], np.ndarray]:
    """Leave out AUs that have no value in any row."""
    kept = [i for i, _ in enumerate(columns) if not np.isnan(values[:, i]).all()]
    names = list(columns)
    return tuple(names[i] for i in kept), values[:, kept]


def rows_of(table: Table, keep: Bool[np.ndarray, " rows"]) -> Table:
    """Return a table with only the rows that are True in ``keep``."""
    kept = [row for row, wanted in enumerate(keep) if wanted]
    rows = tuple(table.rows[row] for row in kept)
    return replace(table, rows=rows, lines=tuple(table.lines[row] for row in kept))


def one_face(table: Table, column: str, face: int | None) -> Table:
    """Keep the rows of one face, and the rows that name no face.

    Raises:
        BadTrackError: Several faces and none chosen, or no face of the chosen number.
    """
    if column not in table.columns:
        return table
    there = filled(table, column)
    numbers = table.numbers(column, there)
    known = sorted({int(number) for number in numbers[there]})
    if face is None and len(known) > 1:
        listed = ", ".join(map(str, known[:10]))
        raise BadTrackError(
            f"expected one face in {table.path}, got faces {listed}: choose one with --aus-face N"
        )
    if face is not None and face not in known:
        raise BadTrackError(f"expected face {face} in {table.path}, got {known[:10]}")
    chosen = known[0] if face is None and known else face
    return rows_of(table, ~there | (numbers == chosen))


def times_of_frames(table: Table, column: str, fps: Fraction | None) -> Times:
    """Return the times of rows with frame numbers, in seconds: number / fps.

    Raises:
        BadTrackError: No frame rate, or numbers that do not rise.
    """
    if fps is None:
        raise BadTrackError(
            f"expected a frame rate for {table.path}, which has no times: give one with --fps"
        )
    return table.rising(column) * fps.denominator / fps.numerator


def frame_numbers(samples: AUSamples) -> list[int]:
    """Return the numbers of frames at even times; frame 0 is at 0 s.

    Raises:
        BadTrackError: The times are uneven, or are not whole multiples of a frame's duration.
    """
    times = samples.times_seconds
    if len(times) == 1:
        return [0]
    rate = float(frame_rate_of(times))
    numbers = np.rint(times * rate).astype(int)
    if np.abs(numbers / rate - times).max() > 1e-3:
        raise BadTrackError(
            "expected times that are whole multiples of a frame's duration, got others"
        )
    found: list[int] = numbers.tolist()
    return found


def with_missing_frames(
    samples: AUSamples, numbers: Float64[np.ndarray, " rows"]
) -> tuple[AUSamples, tuple[str, ...]]:
    """Add the frames that a table leaves out, because some programs write no row for a frame without a face.

    Args:
        samples: The rows.
        numbers: Their frame numbers, rising.

    Returns:
        The samples with the missing frames added as frames without a face, their times interpolated linearly; and a
        note.

    Raises:
        BadTrackError: Too many frames are missing, so the numbers must be wrong.
    """
    check_frame_count(numbers[-1] - numbers[0] + 1)
    places = np.rint(numbers - numbers[0]).astype(int)
    count = int(places[-1]) + 1
    if count == len(samples) or len(samples) == 1:
        return samples, ()
    seen = np.zeros(count, bool)
    seen[places] = samples.seen
    values = np.full((count, len(samples.names)), np.nan)
    values[places] = samples.values
    presence = {name: np.zeros(count, bool) for name in samples.presence}
    for name, there in samples.presence.items():
        presence[name][places] = there
    times = np.interp(np.arange(count), places, samples.times_seconds)
    whole = AUSamples(samples.names, values, times, samples.unit, None, presence, seen)
    missing = count - len(samples)
    return whole, (f"{missing} of {count} frames have no row: they count as frames without a face",)


def unknown_note(table: Table, unknown: Iterable[str]) -> tuple[str, ...]:
    """Return a note on columns of AUs that Mien does not know; empty if there are none."""
    listed = " ".join(unknown)
    if not listed:
        return ()
    return (f"{table.path.name}: left out what is not among Mien's AUs: {listed}",)


def known_au(number: str) -> str | None:
    """Return the name of an AU by its number; None if Mien does not know it."""
    name = f"AU{int(number)}"
    return name if name in CATALOG else None
