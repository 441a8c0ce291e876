"""Read a file of any format, either as its own content (events or values) or as an AU track."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

from mien.au.frame_rate import parse_fps
from mien.au.samples import ScaleNeededError
from mien.au.samples_track import track_of_samples
from mien.au.timeline import AUTimeline
from mien.au.timeline_track import track_of_timeline
from mien.au.track import AUTrack
from mien.errors import BadTrackError, UsageError
from mien.io.timelines.format import Format, Read, ReadOptions
from mien.io.timelines.head import read_head
from mien.io.timelines.registry import FORMATS
from mien.io.tracks import read_track_with_notes

_OWN = ("mien", "openface")
"""Formats that are read directly as tracks, by a reader that keeps more of their content."""


def format_of(path: Path, name: str | None = None) -> Format:
    """Return the format of a file.

    Args:
        path: The file.
        name: Its format's name; None to recognise it.

    Raises:
        UsageError: There is no format of this name.
        BadTrackError: The file cannot be read, or has none of the known formats.
    """
    if name is not None:
        return named_format(name)
    if path.suffix.lower() == ".json":
        return FORMATS["mien"]
    head = read_head(path)
    found = next((each for each in FORMATS.values() if each.recognises(head)), None)
    if found is None:
        known = "; ".join(each.title for each in FORMATS.values())
        first = head.text.lstrip("\ufeff \t\r\n").partition("\n")[0].strip()
        raise BadTrackError(
            f"expected AUs in one of these formats: {known}; got {path}, which begins with {first[:80] or 'nothing'}"
        )
    return found


def named_format(name: str) -> Format:
    """Return a format by its name.

    Raises:
        UsageError: There is no such format.
    """
    if name not in FORMATS:
        raise UsageError(f"unknown format {name!r}: expected one of {', '.join(FORMATS)}")
    return FORMATS[name]


def read_timeline(
    path: str | os.PathLike[str], options: ReadOptions | None = None, name: str | None = None
) -> tuple[Format, Read]:
    """Read events or values from a file of any format.

    Raises:
        UsageError: There is no format of this name.
        BadTrackError: The file cannot be read, has no format that Mien knows, or is damaged.
        MissingExtraError: Its format needs a package that is not installed.
    """
    file = Path(path)
    found = format_of(file, name)
    return found, found.read(file, options or ReadOptions())


def read_any_track(
    path: str | os.PathLike[str],
    fps: Fraction | None = None,
    face: int | None = None,
    scale: float | None = None,
) -> tuple[AUTrack, tuple[str, ...]]:
    """Read an AU track from a file of any format.

    Args:
        path: The file.
        fps: Frames a second of events, and of tables without times.
        face: Which face, if a table has several.
        scale: The intensity of the largest value in formats whose values are not intensities, and of events without a
            level.

    Returns:
        The track, and notes of one line each.

    Raises:
        UsageError: A scale for a file that has intensities.
        ScaleNeededError: No scale, and the file needs one.
        BadTrackError: The file cannot be read, or cannot be converted to a track.
    """
    file = Path(path)
    found = format_of(file)
    try:
        if found.name in _OWN:
            _refuse_scale(scale, file)
            return read_track_with_notes(file, fps, face)
        read = found.read(file, ReadOptions(fps=fps, face=face))
        if isinstance(read.content, AUTimeline):
            track, notes = _of_events(file, read.content, fps, scale)
        else:
            if read.content.unit == "intensity" and read.content.names:
                _refuse_scale(scale, file)
            track, notes = track_of_samples(read.content, scale)
    except ScaleNeededError as error:
        raise ScaleNeededError(f"{file}: {str(error).replace('--scale', '--aus-scale')}") from error
    return track, (*read.notes, *(f"{file.name}: {note}" for note in notes))


def _of_events(
    file: Path, timeline: AUTimeline, fps: Fraction | None, scale: float | None
) -> tuple[AUTrack, tuple[str, ...]]:
    rate = fps or timeline.fps
    if rate is None:
        raise BadTrackError(f"expected a frame rate for the events in {file}: give one with --fps")
    if scale is not None and all(e.peak_intensity is not None for e in timeline.events):
        _refuse_scale(scale, file)
    return track_of_timeline(timeline, parse_fps(rate), scale)


def _refuse_scale(scale: float | None, file: Path) -> None:
    if scale is not None:
        raise UsageError(
            f"--aus-scale {scale:g} is for files with probabilities or presence, got {file}, which has "
            "intensities: leave it out"
        )
