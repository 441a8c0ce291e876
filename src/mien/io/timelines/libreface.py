"""Read and write LibreFace's tables of videos (LibreFace 0.2.0): twelve AUs' intensities 0 to 5, twelve AUs' presence.

Frames without a face have no row.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from mien.au.samples import AUSamples
from mien.errors import BadTrackError
from mien.io.replacing import begins_with
from mien.io.table import read_table
from mien.io.timelines.csv_rows import number, write_rows
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.frames_table import (
    columns_of,
    known_au,
    times_of_frames,
    unknown_note,
    values_of,
    with_missing_frames,
    without_empty,
)
from mien.io.timelines.head import Head

RATED = (1, 2, 4, 5, 6, 9, 12, 15, 17, 20, 25, 26)
DETECTED = (1, 2, 4, 6, 7, 10, 12, 14, 15, 17, 23, 24)
COLUMNS = (
    *("frame_idx", "frame_time_in_ms"),
    *(f"au_{n}" for n in DETECTED),
    *(f"au_{n}_intensity" for n in RATED),
)
"""The columns that `write` writes. LibreFace itself also writes the head's pose, an expression and the gaze."""

is_own = begins_with(f"{','.join(COLUMNS)}\n")
"""Return whether a table has the columns that `write` writes and no others."""

_COLUMN = re.compile(r"au_(\d{1,2})(_intensity)?", re.IGNORECASE)


def recognises(head: Head) -> bool:
    """Return whether a file is a table of LibreFace."""
    return any(map(_COLUMN.fullmatch, head.columns))


def read(path: Path, options: ReadOptions) -> Read:
    """Read a table of a video.

    Raises:
        BadTrackError: Not a table of LibreFace, no face, or neither times nor frame numbers with a frame rate.
    """
    table = read_table(path)
    found = {c: m for c in table.columns if (m := _COLUMN.fullmatch(c))}
    rated = {name: c for c, m in found.items() if m[2] and (name := known_au(m[1]))}
    detected = {name: c for c, m in found.items() if not m[2] and (name := known_au(m[1]))}
    if not rated and not detected:
        raise BadTrackError(f"expected columns such as au_12_intensity in {path}, got none")
    if "frame_time_in_ms" in table.columns and options.fps is None:
        times = table.rising("frame_time_in_ms") / 1000
    elif "frame_idx" in table.columns:
        times = times_of_frames(table, "frame_idx", options.fps)
    else:
        raise BadTrackError(
            f"expected the column frame_time_in_ms in {path}, a table of a video, got none"
        )
    names, values = without_empty(rated, columns_of(table, rated, 0.0, 5.0))
    seen = np.ones(len(times), bool) if not names else ~np.isnan(values).all(axis=1)
    presence = {}
    for name, column in detected.items():
        there = values_of(table, column, 0.0, 1.0)
        if not np.isnan(there).all():
            seen &= ~np.isnan(there)
            presence[name] = np.nan_to_num(there) >= 0.5
    if not names and not presence:
        raise BadTrackError(f"expected a face in {path}, got no value in any frame")
    samples = AUSamples(names, values, times, "intensity", None, presence, seen)
    notes: tuple[str, ...] = ()
    if "frame_idx" in table.columns:
        samples, notes = with_missing_frames(samples, table.rising("frame_idx"))
    unknown = [c for c, m in found.items() if not known_au(m[1])]
    notes = tuple(f"{path.name}: {note}" for note in notes)
    return Read(samples, (*notes, *unknown_note(table, unknown)))


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write a table of a video; unknown values are empty cells.

    Raises:
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUSamples)
    rows = []
    for row in np.flatnonzero(np.asarray(content.seen)).tolist():
        values = dict(zip(content.names, content.values[row].tolist(), strict=True))
        there = [
            str(int(content.there(f"AU{n}")[row])) if f"AU{n}" in content.all_names else ""
            for n in DETECTED
        ]
        rated = [number(values.get(f"AU{n}", float("nan"))) for n in RATED]
        time = number(float(content.times_seconds[row]) * 1000)
        rows.append([str(row), time, *there, *rated])
    write_rows(path, [COLUMNS, *rows], is_own=is_own)


FORMAT = Format(
    name="libreface",
    title="LibreFace",
    kind="samples",
    suffixes=(".csv",),
    recognises=recognises,
    read=read,
    write=write,
    aus=tuple(f"AU{n}" for n in RATED),
    sides=False,
    presence=tuple(f"AU{n}" for n in DETECTED),
)
