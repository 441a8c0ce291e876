"""Read and write OpenFace 3's table (openface-test 0.1.26, detect-video): scores of eight AUs as a list in one cell.

The scores are the network's outputs, cosines from -1 to 1. Negative scores are read as 0. The column ``timestamp`` is
the time of day of the computation, not of the frame. The eight AUs are those of DISFA, the network's training data, in
DISFA's order.
"""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from mien.au.samples import AUSamples
from mien.errors import BadTrackError
from mien.io.table import Table, read_table
from mien.io.timelines.csv_rows import MARK, number, write_rows
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.frames_table import (
    frame_numbers,
    is_empty,
    one_face,
    times_of_frames,
    without_empty,
)
from mien.io.timelines.head import Head

AUS = ("AU1", "AU2", "AU4", "AU6", "AU9", "AU12", "AU25", "AU26")
COLUMNS = (
    *("timestamp", "video_path", "frame_index", "face_id", "face_detection", "landmarks"),
    *("emotion", "gaze_yaw", "gaze_pitch", "action_units"),
)
CONFIDENCE = 4
"""The index of the detector's confidence in ``face_detection``, after the corners of the box."""


def recognises(head: Head) -> bool:
    """Return whether a file is a table of OpenFace 3."""
    return "action_units" in head.columns


def read(path: Path, options: ReadOptions) -> Read:
    """Read a table of a video, which has frame numbers and no times.

    Raises:
        BadTrackError: Not a table of a video, no frame rate, no face, several faces and none chosen, or cells of
            another form.
    """
    table = read_table(path)
    if "frame_index" not in table.columns:
        raise BadTrackError(
            f"expected the column frame_index in {path}, a table of a video, got a single picture's"
        )
    table = one_face(table, "face_id", options.face)
    times = times_of_frames(table, "frame_index", options.fps)
    lists = [_numbers(table, row, "action_units") for row in range(len(table.rows))]
    values = np.full((len(lists), len(AUS)), np.nan)
    for row, found in enumerate(lists):
        if found is not None:
            if found.shape != (len(AUS),):
                raise table.error(row, "action_units", f"{len(AUS)} numbers", str(found.size))
            values[row] = found
    if (np.abs(values) > 1.001).any():
        row = int(np.argwhere(np.abs(values) > 1.001)[0, 0])
        raise table.error(row, "action_units", "numbers from -1 to 1", str(values[row].tolist()))
    names, kept = without_empty(dict(zip(AUS, AUS, strict=True)), np.clip(values, 0.0, 1.0))
    if not names:
        raise BadTrackError(f"expected a face in {path}, got a row without AUs for every frame")
    seen = ~np.isnan(kept).all(axis=1)
    samples = AUSamples(names, kept, times, "probability", _confidence(table), {}, seen)
    below = int((values < 0).sum())
    notes = (f"{path.name}: {below} scores below 0 read as 0",) if below else ()
    return Read(samples, notes)


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write a table of a video; unknown AUs are NaN, and other unknown cells are empty.

    Raises:
        BadTrackError: The times are not whole multiples of a frame's duration.
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUSamples)
    first = frame_numbers(content)
    rows = []
    for row in range(len(content)):
        cells = ["nan"] * len(AUS)
        for name, value in zip(content.names, content.values[row], strict=True):
            cells[AUS.index(name)] = number(value) or "nan"
        sure = content.confidence
        box = "" if sure is None else f"[nan, nan, nan, nan, {number(sure[row])}]"
        listed = f"[[{', '.join(cells)}]]"
        rows.append(["", MARK, str(first[row]), "0", box, "", "", "", "", listed])
    write_rows(path, [COLUMNS, *rows])


def _confidence(table: Table) -> Float64[np.ndarray, " rows"] | None:
    if "face_detection" not in table.columns:
        return None
    boxes = [_numbers(table, row, "face_detection") for row in range(len(table.rows))]
    if all(box is None for box in boxes):
        return None
    found = [0.0 if box is None or len(box) <= CONFIDENCE else box[CONFIDENCE] for box in boxes]
    sure: np.ndarray = np.nan_to_num(np.clip(found, 0.0, 1.0))
    return sure


def _numbers(table: Table, row: int, column: str) -> Float64[np.ndarray, " numbers"] | None:
    """Return the numbers of a list in a cell; None for an empty cell.

    Raises:
        BadTrackError: The cell is not a list of numbers.
    """
    cell = table.rows[row][table.columns.index(column)].strip()
    if is_empty(cell):
        return None
    try:
        # Python writes nan without quotes, and literal_eval does not accept that.
        parsed = ast.literal_eval(cell.replace("nan", "None")) if len(cell) < 10_000 else None
        found = np.array(parsed, dtype=np.float64).reshape(-1)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError, OverflowError):
        found = np.array([np.inf])
    if np.isinf(found).any():
        raise table.error(row, column, "a list of numbers", repr(cell[:60]))
    return found


FORMAT = Format(
    name="openface3",
    title="OpenFace 3",
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
