"""Read Mien's own tables of AU intensities and the sidecars of its clips, and write the tables."""

from __future__ import annotations

from pathlib import Path

from mien.au.samples import AUSamples
from mien.au.samples_track import samples_of_track, track_of_samples
from mien.errors import BadTrackError
from mien.io.json_file import read_json
from mien.io.timelines.format import Content, Format, Read, ReadOptions, WriteOptions
from mien.io.timelines.head import Head
from mien.io.timelines.sidecar_events import events_of_sidecar
from mien.io.tracks import TIME_COLUMN, read_track, write_track


def recognises(head: Head) -> bool:
    """Return whether a file is a track or a sidecar of Mien's."""
    if head.suffix == ".json":
        return '"names"' in head.text or '"synthetic"' in head.text
    return TIME_COLUMN in head.columns


def read(path: Path, options: ReadOptions) -> Read:
    """Read a track or a sidecar, which has one face and its own times.

    If ``options.as_events`` is set, a sidecar gives the exact movements that the clip was made with as events. If that
    is not possible, its values are read, and a note says why.

    Raises:
        BadTrackError: See `mien.io.tracks.read_track`.
    """
    track = read_track(path)
    notes: tuple[str, ...] = ()
    if options.as_events and path.suffix.lower() == ".json":
        record = read_json(path, BadTrackError, "choose a track or a sidecar")
        made, found = events_of_sidecar(record)
        notes = tuple(f"{path.name}: {note}" for note in found)
        if made is not None:
            return Read(made, notes)
    return Read(samples_of_track(track), notes)


def write(path: Path, content: Content, options: WriteOptions) -> None:
    """Write a track, whole or not at all.

    Raises:
        OutputError: The place cannot be written.
    """
    assert isinstance(content, AUSamples)
    write_track(path, track_of_samples(content)[0])


FORMAT = Format(
    name="mien",
    title="Mien, intensities",
    kind="samples",
    suffixes=(".csv", ".json"),
    recognises=recognises,
    read=read,
    write=write,
    confidence=True,
    gaps=False,
)
