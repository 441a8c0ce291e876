"""Read AU tracks from Mien's own CSV and JSON and from OpenFace's CSV, and write Mien's own."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from pathlib import Path

import numpy as np

from mien.au.catalog import canonical_name
from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.errors import BadTrackError, OutputError, UnknownAUError
from mien.io.atomic import atomic_file
from mien.io.json_file import read_json
from mien.io.openface import parse_openface
from mien.io.replacing import begins_with
from mien.io.table import Table, read_table
from mien.io.track_json import shortest, track_from_json, track_to_json

TIME_COLUMN = "time_seconds"
CONFIDENCE_COLUMN = "confidence"


def read_track(
    path: str | os.PathLike[str], fps: Fraction | None = None, face: int | None = None
) -> AUTrack:
    """Read an AU track from a file of Mien or OpenFace; see `read_track_with_notes`."""
    return read_track_with_notes(path, fps, face)[0]


def read_track_with_notes(
    path: str | os.PathLike[str], fps: Fraction | None = None, face: int | None = None
) -> tuple[AUTrack, tuple[str, ...]]:
    """Read an AU track from a file of Mien or OpenFace, with notes on its rows.

    Args:
        path: A ``.json`` (a track, or the sidecar of a clip that has one) or a CSV: Mien's own has
            a column ``time_seconds``, OpenFace's has columns such as ``AU12_r``.
        fps: For OpenFace's tables, see :func:`mien.io.openface.read_openface`; ignored for Mien's tracks, which have
            their own times.
        face: For OpenFace's tables, see :func:`mien.io.openface.read_openface`; Mien's tracks have one face.

    Returns:
        The track, and notes for the user, one line each, on rows of OpenFace's tables without a face.

    Raises:
        UnknownAUError: An AU that is not in the catalogue.
        BadTrackError: The file cannot be read, is not an AU track, or has invalid values; or ``face`` is given for a
            track of Mien's.
    """
    file = Path(path)
    if file.suffix.lower() == ".json":
        _refuse_face(file, face)
        return _read_json(file), ()
    table = read_table(file)
    if TIME_COLUMN in table.columns:
        _refuse_face(file, face)
        return _from_table(table), ()
    if any(column.upper().endswith("_R") for column in table.columns):
        read = parse_openface(table, fps, face)
        return read.track, read.notes
    raise BadTrackError(
        f"expected an AU track, a CSV with the column {TIME_COLUMN} (Mien) or columns such as "
        f"AU12_r (OpenFace), got {file} with {', '.join(table.columns[:4])}, ..."
    )


is_own_track = begins_with(f"{TIME_COLUMN},{CONFIDENCE_COLUMN},AU", '{"names": ["AU')
"""Return whether a file begins like one that `write_track` wrote."""


def write_track(path: str | os.PathLike[str], track: AUTrack) -> None:
    """Write a track in Mien's own form, whole or not at all; it is read back exactly.

    Args:
        path: ``.csv`` or ``.json``.
        track: What to write.

    Raises:
        OutputError: Another extension, or the place cannot be written.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix == ".json":
        text = json.dumps(track_to_json(track)) + "\n"
    elif suffix == ".csv":
        text = track_csv(track)
    else:
        raise OutputError(f"expected a track file ending in .csv or .json, got {file.name}")
    with atomic_file(file, is_own=is_own_track) as temporary:
        temporary.write_text(text, encoding="ascii", newline="")


def _refuse_face(file: Path, face: int | None) -> None:
    if face is not None:
        raise BadTrackError(
            f"--aus-face {face} chooses a face in a table of OpenFace, got {file}, a track of one face: "
            "leave the option out"
        )


def track_csv(track: AUTrack) -> str:
    """Return a track as the text of a CSV file in Mien's own form."""
    lines = [",".join((TIME_COLUMN, CONFIDENCE_COLUMN, *track.names))]
    for seconds, confidence, row in zip(
        track.times_seconds.tolist(), track.confidence, track.values, strict=True
    ):
        # repr gives the fewest digits that are read back as the same number.
        cells = [repr(seconds), str(shortest(confidence)), *(str(shortest(v)) for v in row)]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def _from_table(table: Table) -> AUTrack:
    columns: dict[str, str] = {}
    for column in table.columns:
        if column in (TIME_COLUMN, CONFIDENCE_COLUMN):
            continue
        try:
            name = canonical_name(column)
        except UnknownAUError as error:
            raise UnknownAUError(f"{table.path}, column {column}: {error}") from error
        if name in columns:
            raise BadTrackError(
                f"{table.path}: columns {columns[name]} and {column} are the same AU"
            )
        columns[name] = column
    if not columns:
        raise BadTrackError(
            f"expected at least one AU column such as AU12 in {table.path}, got none"
        )
    values = [table.bounded(column, 0.0, MAX_INTENSITY) for column in columns.values()]
    confidence = (
        table.bounded(CONFIDENCE_COLUMN, 0.0, 1.0).astype(np.float32)
        if CONFIDENCE_COLUMN in table.columns
        else None
    )
    return AUTrack(
        tuple(columns),
        np.stack(values, axis=1).astype(np.float32),
        table.rising(TIME_COLUMN),
        confidence,  # type: ignore[arg-type]
    )


def _read_json(file: Path) -> AUTrack:
    record = read_json(file, BadTrackError, "choose a track or a sidecar")
    if isinstance(record, dict) and record.get("synthetic") is True:
        record = record.get("track")
        if record is None:
            raise BadTrackError(f"expected a sidecar with an AU track, got {file} without one")
    try:
        return track_from_json(record)
    except UnknownAUError as error:
        raise UnknownAUError(f"{file}: {error}") from error
    except BadTrackError as error:
        raise BadTrackError(f"{file}: {error}") from error
