"""Read and write OpenFace 2's tables (FeatureExtraction, FaceLandmarkImg): intensities 0 to 5 and presences."""

from __future__ import annotations

from pathlib import Path

from mien.au.samples import AUSamples
from mien.au.samples_track import track_of_samples
from mien.io.openface import read_openface, write_openface
from mien.io.openface_columns import OPENFACE_NAMES
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.head import Head


def recognises(head: Head) -> bool:
    """Return whether a file is a table of OpenFace 2."""
    return any(c.upper().startswith("AU") and c.lower().endswith("_r") for c in head.columns)


def read(path: Path, options: ReadOptions) -> Read:
    """Read a table of OpenFace 2. Rows without a face are left out at both ends, and marked as unseen elsewhere.

    Raises:
        BadTrackError: See `mien.io.openface.read_openface`.
    """
    table = read_openface(path, options.fps, options.face)
    track = table.track
    values = [[float(str(value)) for value in row] for row in track.values]
    samples = AUSamples(
        track.names,
        values,  # type: ignore[arg-type]
        track.times_seconds,
        "intensity",
        track.confidence.astype("float64"),
        table.presence,
        table.success,
    )
    return Read(samples, table.notes)


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write a table with all of OpenFace's columns; AUs without values are NaN.

    Raises:
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUSamples)
    track, _ = track_of_samples(content)
    write_openface(path, track, unseen=OPENFACE_NAMES)


FORMAT = Format(
    name="openface",
    title="OpenFace 2",
    kind="samples",
    suffixes=(".csv",),
    recognises=recognises,
    read=read,
    write=write,
    confidence=True,
    gaps=False,
)
