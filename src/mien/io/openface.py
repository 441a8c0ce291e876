"""Read and write OpenFace's tables of action units (Baltrusaitis et al., OpenFace 2.0, FG 2018).

Three dialects are read. *Video* (FeatureExtraction): ``frame, face_id, timestamp, confidence,
success, ...``. *Image* (FaceLandmarkImg): ``face, confidence, ...``, one row a face, no time.
*Reduced*: ``frame, confidence, ...``, where frame may be the number of a frame's file. All have
intensities ``AU12_r`` (0 to 5) and presences ``AU12_c`` (0 or 1); header names may be padded with
spaces.

Mien adds columns for one side, ``AU12L_r`` and ``AU12R_r``. If a table has them, ``AU12_r`` is ignored. In tables of
measured clips each AU also has a confidence, ``confidence_AU12L``. Where it is 0, the AU was not measured and its cells
are NaN.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Bool, Float32, Int64

from mien.au.catalog import canonical_name, parse_au
from mien.au.intensity import MAX_INTENSITY, PRESENCE_THRESHOLD
from mien.au.track import AUTrack
from mien.errors import BadTrackError, UnknownAUError, UsageError
from mien.io.atomic import atomic_file
from mien.io.openface_columns import CONFIDENCE_OF, padded, written_columns
from mien.io.openface_lost import (
    bridged,
    lost_rows,
    missing,
    missing_note,
    without_lost_ends,
)
from mien.io.table import Table, read_table
from mien.io.track_json import shortest
from mien.types import Times

Dialect: TypeAlias = Literal["video", "image"]

STAMP_SECONDS = 0.001 + 1e-9
"""Largest error of the time between two timestamps, each of which is rounded to milliseconds."""

_AU_COLUMN = re.compile(r"(AU[^_]*)_([rc])", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class OpenFaceTable:
    """The content of an OpenFace table for one face.

    Attributes:
        track: The intensities, times and confidence.
        presence: (T,) whether an AU is present, by AU name (AU28 has a presence but no intensity).
        success: (T,) whether the row has a face; all True if the table does not say.
        frame_numbers: (T,) as in the table; 0, 1, ... if it has none.
        notes: What a user must know about rows without a face or with AUs that were not measured, one line each.

    Raises:
        BadTrackError: An array whose length is not the track's.
    """

    track: AUTrack
    presence: Mapping[str, Bool[np.ndarray, " frames"]]
    success: Bool[np.ndarray, " frames"]
    frame_numbers: Int64[np.ndarray, " frames"]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        frames = (len(self.track),)
        for name, array in {
            **self.presence,
            "success": self.success,
            "frame_numbers": self.frame_numbers,
        }.items():
            if array.shape != frames:
                raise BadTrackError(f"expected {name} of shape {frames}, got {array.shape}")
            array.setflags(write=False)

    def at_frame_rate(self, fps: Fraction) -> OpenFaceTable:
        """Return the table with frame i at i / fps, and its first row at 0.

        Intensities are linear between rows; presence, success and frame numbers are those of the nearest row.
        """
        track = self.track.at_frame_rate(fps)
        own = self.track.times_seconds - self.track.times_seconds[0]
        nearest = np.abs(own[None] - track.times_seconds[:, None]).argmin(1)
        presence = {name: there[nearest] for name, there in self.presence.items()}
        numbers = self.frame_numbers[nearest]
        return OpenFaceTable(track, presence, self.success[nearest], numbers, self.notes)


def read_openface(
    path: str | os.PathLike[str],
    fps: Fraction | None = None,
    face: int | None = None,
    *,
    by_frames: bool = False,
) -> OpenFaceTable:
    """Read an OpenFace table.

    Rows without a face (success 0, or a confidence near 0) are left out at both ends of the table. Between other rows
    they get intensities interpolated linearly between their neighbours. `OpenFaceTable.notes` reports both.

    Args:
        path: The CSV file.
        fps: The clip's frame rate. A table without timestamps needs it: times are (frame number - first) / fps. The
            same holds for timestamps that are these times rounded to milliseconds; others are kept as they are.
        face: The face to read (``face_id`` or ``face``) if the table has several.
        by_frames: Take each row as a frame of a clip with ``fps``: timestamps are ignored, and rows without a face at
            both ends stay, with the intensities of the nearest row that has a face.

    Raises:
        UnknownAUError: A column of an AU that is not in the catalogue.
        BadTrackError: Not an OpenFace table; no rows; no row with a face; NaN or values outside 0 to 5; times that do
            not rise; several faces and none chosen; no times and no fps. For a wrong cell the message names line and
            column.
    """
    return parse_openface(read_table(Path(path)), fps, face, by_frames=by_frames)


def parse_openface(
    table: Table,
    fps: Fraction | None = None,
    face: int | None = None,
    *,
    by_frames: bool = False,
) -> OpenFaceTable:
    """Read an OpenFace table that was read from its file; see :func:`read_openface`."""
    intensity_columns, presence_columns = _au_columns(table)
    if not intensity_columns:
        raise BadTrackError(
            f"expected OpenFace columns such as AU12_r in {table.path}, "
            f"got none among {len(table.columns)} columns"
        )
    table = _one_face(table, face)
    lost = lost_rows(table)
    notes: tuple[str, ...] = ()
    if not by_frames:
        table, lost, notes = without_lost_ends(table, lost)
    for columns in (intensity_columns, presence_columns):
        for name in _not_measured(table, columns, lost):
            del columns[name]
    if not intensity_columns:
        raise BadTrackError(f"expected intensities in {table.path}, got NaN for every AU")
    gone_by_name = {
        name: missing(table, name, column)
        for columns in (intensity_columns, presence_columns)
        for name, column in columns.items()
    }
    frames = len(table.rows)
    numbers = (
        table.rising("frame").astype(np.int64) if "frame" in table.columns else np.arange(frames)
    )
    times = _times(table, numbers, None if by_frames else fps, fps if by_frames else None)
    values = []
    for name, column in intensity_columns.items():
        gone = lost | gone_by_name[name]
        values.append(bridged(table.bounded(column, 0.0, MAX_INTENSITY, ~gone), times, gone))
    confidence = (
        table.bounded("confidence", 0.0, 1.0) if "confidence" in table.columns else np.ones(frames)
    )
    track = AUTrack(
        tuple(intensity_columns),
        np.stack(values, axis=1),
        times,
        confidence.astype(np.float32),
    )
    presence = {}
    for name, column in presence_columns.items():
        gone = lost | gone_by_name[name]
        presence[name] = bridged(table.bounded(column, 0.0, 1.0, ~gone), times, gone) >= 0.5
    notes = (*notes, *missing_note(table, {n: gone_by_name[n] & ~lost for n in intensity_columns}))
    return OpenFaceTable(track, presence, ~lost, numbers, notes)


def write_openface(
    path: str | os.PathLike[str],
    track: AUTrack,
    dialect: Dialect = "video",
    lost_seconds: Times | None = None,
    success: Bool[np.ndarray, " rows"] | None = None,
    unseen: tuple[str, ...] = (),
    au_confidence: Float32[np.ndarray, "rows aus"] | None = None,
) -> None:
    """Write a track as an OpenFace table, whole or not at all.

    The table has all 17 intensities and 18 presences of OpenFace, in its order, 0 for AUs that the track lacks. Other
    AUs and single sides (``AU12L_r``) follow. ``AU12_r`` is the stronger of the two sides. An AU is present if its
    intensity is at least 0.5.

    Args:
        path: The CSV file.
        track: What to write.
        dialect: ``video`` has frame numbers from 1, timestamps and success; ``image`` has no times.
        lost_seconds: Times of the frames after the track's last one, in which the face is lost. They get rows with
            success 0, confidence 0 and NaN.
        success: (T,) whether each frame of the track shows the face; None: all do.
        unseen: AUs that were not measured and are not in the track; they are written as NaN.
        au_confidence: (T, A) how far each of the track's intensities can be trusted, 0 to 1. Where it is 0, the
            intensity is written as NaN. It is written in columns at the end, ``confidence_AU12L``, which other readers
            ignore.

    Raises:
        OutputError: The place cannot be written.
        UsageError: An unknown dialect.
    """
    if dialect not in ("video", "image"):
        raise UsageError(f"expected dialect video or image, got {dialect!r}")
    nothing = np.full(len(track), np.nan, np.float32)
    sure = np.ones_like(track.values) if au_confidence is None else au_confidence
    intensities, confidences = written_columns(track, sure)
    for name in unseen:
        unit = parse_au(name)[0].name
        if not {name, *(f"{unit}{side}" for side in "LR")} & set(track.names):
            intensities[unit], confidences[unit] = nothing, np.zeros_like(nothing)
    if au_confidence is None:
        confidences = {}
    video = dialect == "video"
    # OpenFace itself has a presence of AU28, but no intensity.
    rated = [name for name in intensities if name != "AU28" or name in track.names]
    header = "frame,face_id,timestamp,confidence,success" if video else "face,confidence"
    columns = [
        header,
        *(f"{padded(n)}_r" for n in rated),
        *(f"{padded(n)}_c" for n in intensities),
        *(f"{CONFIDENCE_OF}{padded(n)}" for n in confidences),
    ]

    def lines() -> Iterator[Sequence[str]]:
        yield columns
        for i, seconds in enumerate(track.times_seconds.tolist()):
            confidence = shortest(track.confidence[i])
            shown = int(success is None or bool(success[i]))
            start = f"{i + 1},0,{seconds!r},{confidence},{shown}" if video else f"0,{confidence}"
            row = {name: shortest(values[i]) for name, values in intensities.items()}
            present = [
                "nan" if np.isnan(value) else str(int(value >= PRESENCE_THRESHOLD))
                for value in row.values()
            ]
            trust = [str(shortest(values[i])) for values in confidences.values()]
            yield [start, *(str(row[name]) for name in rated), *present, *trust]
        for i, seconds in enumerate(
            [] if lost_seconds is None else np.asarray(lost_seconds).tolist()
        ):
            empty = ["nan"] * (len(rated) + len(intensities)) + ["0"] * len(confidences)
            yield [f"{len(track) + i + 1},0,{seconds!r},0,0", *empty]

    with (
        atomic_file(path, is_own=is_own_openface) as temporary,
        temporary.open("w", encoding="ascii", newline="") as file,
    ):
        file.writelines(",".join(line) + "\n" for line in lines())


_OWN_COLUMN = re.compile(
    r"frame|face|face_id|timestamp|confidence|success|AU\d\d[LR]?_[rc]|(confidence_)?AU\d+[LR]?"
)
"""Columns that `write_openface` writes."""


def is_own_openface(path: Path) -> bool:
    """Return whether `write_openface` wrote a table; OpenFace itself writes times as ``0.000``."""
    try:
        with path.open(encoding="ascii") as file:
            header, row = file.readline(), file.readline().split(",")
    except (OSError, ValueError):
        return False
    if not all(map(_OWN_COLUMN.fullmatch, header.rstrip("\n").split(","))):
        return False  # somebody has added a column
    if header.startswith("face,confidence,AU01_r,"):
        return True
    if not header.startswith("frame,face_id,timestamp,confidence,success,AU01_r,"):
        return False
    try:
        return row[:2] == ["1", "0"] and repr(float(row[2])) == row[2]
    except (IndexError, ValueError):
        return False


def _au_columns(table: Table) -> tuple[dict[str, str], dict[str, str]]:
    """Return the columns of intensities and of presences, by AU name."""
    found: dict[str, dict[str, str]] = {"r": {}, "c": {}}
    for column in table.columns:
        match = _AU_COLUMN.fullmatch(column)
        if match is None:
            continue
        try:
            name = canonical_name(match[1])
        except UnknownAUError as error:
            raise UnknownAUError(f"{table.path}, column {column}: {error}") from error
        kind = found[match[2].lower()]
        if name in kind:
            raise BadTrackError(f"{table.path}: columns {kind[name]} and {column} are the same AU")
        kind[name] = column
    for kind in found.values():
        for name in [n for n in kind if parse_au(n)[1] is not None]:
            kind.pop(parse_au(name)[0].name, None)
    return found["r"], found["c"]


def _not_measured(
    table: Table, columns: dict[str, str], lost: Bool[np.ndarray, " rows"]
) -> list[str]:
    """Return the AUs that are NaN in every row with a face, because their part of the face was never visible."""
    rows = [cells for cells, gone in zip(table.rows, lost, strict=True) if not gone]
    where = {name: table.columns.index(column) for name, column in columns.items()}
    return [
        name
        for name, index in where.items()
        if all(cells[index].strip().lower() == "nan" for cells in rows)
    ]


def _one_face(table: Table, face: int | None) -> Table:
    """Keep the rows of one face."""
    column = next((name for name in ("face_id", "face") if name in table.columns), None)
    if column is None:
        if face not in (None, 0):
            raise BadTrackError(f"expected face {face} in {table.path}, which names no faces")
        return table
    faces = table.numbers(column)
    known = sorted({int(number) for number in faces})
    if face is None and len(known) > 1:
        listed = ", ".join(map(str, known))
        raise BadTrackError(
            f"expected one face in {table.path}, got faces {listed}: choose with --aus-face N"
        )
    chosen = known[0] if face is None else face
    keep = [row for row, number in enumerate(faces) if number == chosen]
    if not keep:
        raise BadTrackError(
            f"expected face {chosen} in {table.path}, got only {', '.join(map(str, known))}"
        )
    rows = tuple(table.rows[row] for row in keep)
    return replace(table, rows=rows, lines=tuple(table.lines[row] for row in keep))


def _times(
    table: Table,
    numbers: Int64[np.ndarray, " frames"],
    fps: Fraction | None,
    frame_fps: Fraction | None,
) -> Times:
    """Return the times of the rows, seconds.

    Args:
        table: The table.
        numbers: Its frame numbers.
        fps: Frame rate for a table without timestamps. Timestamps that agree with it are replaced by exact times.
        frame_fps: Frame rate that replaces all timestamps.
    """
    stamps = table.rising("timestamp") if "timestamp" in table.columns and not frame_fps else None
    rate = frame_fps or fps
    if rate is not None:
        times: Times = (numbers - numbers[0]) * rate.denominator / rate.numerator
        if stamps is None or np.abs(stamps - stamps[0] - times).max() <= STAMP_SECONDS:
            return times
    if stamps is not None:
        return stamps
    if len(table.rows) == 1:
        return np.zeros(1)
    raise BadTrackError(
        f"expected a frame rate for {table.path}, which has no timestamps: give one with --fps"
    )
