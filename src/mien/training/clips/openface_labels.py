"""The AUs of a clip's frames from the OpenFace table beside it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import OPENFACE_AUS, RIG_NAMES, sided_names
from mien.errors import BadTrackError
from mien.io.openface import parse_openface
from mien.io.openface_lost import lost_rows
from mien.io.table import read_table
from mien.training.clips.person_clip import PersonClip

OPENFACE_NAMES = tuple(
    name for name in RIG_NAMES if any(name in sided_names(unit) for unit in OPENFACE_AUS)
)
"""The sided names of OpenFace's 17 intensities."""


def find_table(clip: PersonClip, tables: Path | None) -> Path:
    """Find the OpenFace table of a clip.

    Args:
        clip: The clip ``NAME.avi``, or the folder of frames ``NAME``.
        tables: Folder with ``PERSON/NAME.csv``; None for a table beside the clip or in it, or in
            OpenFace's own folder ``processed`` there.

    Raises:
        BadTrackError: The clip has no table.
    """
    name = (clip.path.name if clip.path.is_dir() else clip.path.stem) + ".csv"
    if tables is not None:
        places = [tables / clip.folder / name]
    else:
        inside = [clip.path / name] if clip.path.is_dir() else []
        beside = clip.path.parent
        places = [beside / name, *inside, beside / "processed" / name]
    for place in places:
        if place.is_file():
            return place
    raise BadTrackError(f"expected the OpenFace table of {clip.name} at {places[0]}, got none")


def openface_rows(
    clip: PersonClip, frames: int, tables: Path | None
) -> Float32[np.ndarray, "frames aus"]:
    """Read the AUs of a clip's frames.

    Args:
        clip: The clip.
        frames: Number of frames in the clip's part.
        tables: As `find_table` takes it.

    Returns:
        (frames, A) FACS intensities in the order of `OPENFACE_NAMES`; NaN where OpenFace lost the
        face.

    Raises:
        BadTrackError: No table, one without some of the AUs, or one of another length.
    """
    path = find_table(clip, tables)
    table = read_table(path)
    total = frames if clip.is_whole else clip.total()
    length = len(table.rows)
    start = clip.start if length == total else 0
    if length not in (total, frames):
        wanted = f"{total}" if total == frames else f"{total} (or {frames}, for its part alone)"
        raise BadTrackError(
            f"expected one row per frame in {path}, {wanted}, got {length}: run OpenFace "
            f"on the same clip again"
        )
    for column in ("face_id", "face"):
        if column in table.columns and len(set(table.numbers(column))) > 1:
            raise BadTrackError(
                f"expected one face in {path}, got several: keep the rows of the person's own"
            )
    seen = np.flatnonzero(~lost_rows(table))
    table = replace(
        table,
        rows=tuple(table.rows[row] for row in seen),
        lines=tuple(table.lines[row] for row in seen),
    )
    # The frame rate does not matter: frames are found by their order.
    read = parse_openface(table, Fraction(1), by_frames=True)
    missing = [
        unit for unit in OPENFACE_AUS if not {unit, *sided_names(unit)} & set(read.track.names)
    ]
    if missing:
        raise BadTrackError(f"expected the intensities of {' '.join(missing)} in {path}, got none")
    columns = [RIG_NAMES.index(name) for name in OPENFACE_NAMES]
    rows = np.full((length, len(columns)), np.nan, np.float32)
    rows[seen] = read.track.to_sided()[:, columns]
    return rows[start : start + frames]
