"""Read and write py-feat's Fex tables (py-feat 2.0): a probability for each of 20 AUs.

``approx_time`` has only minutes and whole seconds, so the times of frames need a frame rate.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from mien.au.samples import AUSamples
from mien.errors import BadTrackError
from mien.io.table import Table, read_table
from mien.io.timelines.csv_rows import MARK, number, write_rows
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.frames_table import (
    columns_of,
    filled,
    frame_numbers,
    known_au,
    rows_of,
    times_of_frames,
    unknown_note,
    values_of,
    without_empty,
)
from mien.io.timelines.head import Head

NUMBERS = (1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17, 20, 23, 24, 25, 26, 28, 43)
"""The AUs of py-feat's detectors; Mien has no AU 11."""

AUS = tuple(f"AU{n}" for n in NUMBERS if n != 11)
_COLUMN = re.compile(r"AU(\d{2})")


def recognises(head: Head) -> bool:
    """Return whether a file is a Fex table."""
    marks = {"FaceScore", "FaceRectX"} & head.columns
    return bool(marks) and any(map(_COLUMN.fullmatch, head.columns))


def read(path: Path, options: ReadOptions) -> Read:
    """Read a Fex table.

    Raises:
        BadTrackError: Not a Fex table of a video, no frame rate, no face, or several faces in a frame and none chosen.
    """
    table = read_table(path)
    if "frame" not in table.columns:
        raise BadTrackError(f"expected the column frame in {path}, a table of a video, got none")
    found = {c: m[1] for c in table.columns if (m := _COLUMN.fullmatch(c))}
    columns = {name: c for c, n in found.items() if (name := known_au(n))}
    if not columns:
        raise BadTrackError(f"expected columns such as AU12 in {path}, got none")
    table = _one_face(table, options.face)
    times = times_of_frames(table, "frame", options.fps)
    names, values = without_empty(columns, columns_of(table, columns, 0.0, 1.0))
    if not names:
        raise BadTrackError(f"expected a face in {path}, got no value in any frame")
    seen = ~np.isnan(values).all(axis=1)
    confidence = None
    if "FaceScore" in table.columns:
        score = values_of(table, "FaceScore", 0.0, 1.0)
        if not np.isnan(score).all():
            confidence = np.nan_to_num(score)
    samples = AUSamples(names, values, times, "probability", confidence, {}, seen)
    unknown = [c for c, n in found.items() if not known_au(n) and filled(table, c).any()]
    return Read(samples, unknown_note(table, unknown))


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write a Fex table with its 20 AU columns; unknown values are empty cells.

    Raises:
        BadTrackError: The times are not whole multiples of a frame's duration.
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUSamples)
    frames = frame_numbers(content)
    header = [
        *("FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight", "FaceScore"),
        *(f"AU{n:02d}" for n in NUMBERS),
        *("input", "frame"),
    ]
    rows = []
    for row, frame in enumerate(frames):
        values = dict(zip(content.names, content.values[row].tolist(), strict=True))
        cells = [number(values.get(f"AU{n}", float("nan"))) for n in NUMBERS]
        score = "" if content.confidence is None else number(content.confidence[row])
        rows.append(["", "", "", "", score, *cells, MARK, str(frame)])
    write_rows(path, [header, *rows])


def _one_face(table: Table, face: int | None) -> Table:
    """Keep one row a frame: the only one, or the N-th of each frame, counted from 0.

    Raises:
        BadTrackError: A frame has several faces and none is chosen, or no frame has a face of this number.
    """
    frames = table.numbers("frame")
    place = np.zeros(len(frames), int)
    for row in range(1, len(frames)):
        place[row] = place[row - 1] + 1 if frames[row] == frames[row - 1] else 0
    if face is None and place.any():
        row = int(np.argmax(place > 0))
        raise BadTrackError(
            f"expected one face in {table.path}, got several in frame {frames[row]:g}: choose one of each "
            f"frame with --aus-face, 0 to {place.max()}"
        )
    keep = place == (face or 0)
    if not keep.any():
        raise BadTrackError(f"expected face {face} in {table.path}, got 0 to {place.max()}")
    return rows_of(table, keep)


FORMAT = Format(
    name="fex",
    title="py-feat",
    kind="samples",
    suffixes=(".csv",),
    recognises=recognises,
    read=read,
    write=write,
    unit="probability",
    aus=AUS,
    sides=False,
    confidence=True,
    needs_even_times=True,
)
