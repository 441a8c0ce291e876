"""Read an AU table, re-encode its AUs, write a table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from mien.au.catalog import canonical_name
from mien.au.frame_rate import parse_fps
from mien.au.intensity import parse_intensity
from mien.au.recode import recode_track
from mien.au.recoded import Recoded
from mien.au.track import AUTrack
from mien.errors import OutputError, UsageError
from mien.io.atomic import check_writable
from mien.io.openface import read_openface
from mien.io.timelines.files import format_of, read_any_track
from mien.io.tracks import is_own_track, write_track
from mien.recode.options import RecodeOptions
from mien.types import Times


@dataclass(frozen=True)
class RecodedFile:
    """A re-encoded table.

    Attributes:
        path: The file that was written.
        result: The re-encoded track.
        rmse: Root mean square difference to the measured track, over the AUs that stay.
        notes: What the user must know about the table, one line each.
    """

    path: Path
    result: Recoded
    rmse: float
    notes: tuple[str, ...] = ()


def recode_file(
    table: str | os.PathLike[str],
    out: str | os.PathLike[str],
    options: RecodeOptions | None = None,
) -> RecodedFile:
    """Re-encode the AUs of a table, and write them in Mien's own format.

    Args:
        table: A file of any format that `mien convert` reads, including one typed by hand. Presence columns of
            OpenFace's tables are used.
        out: ``.csv`` or ``.json``; not the table itself.
        options: How to re-encode it.

    Raises:
        UnknownAUError: An AU is not in the catalogue.
        BadTrackError: The table is not a valid track, the apex is outside it, it lacks a portrait AU, there is nothing
            to fit, or a result is above 5.
        UsageError: Options that do not fit the table.
        OutputError: The output cannot be written, or is the table itself.
    """
    how = RecodeOptions() if options is None else options
    source, target = Path(table), Path(out)
    if target.exists() and source.exists() and target.samefile(source):
        raise OutputError(f"expected an output other than the table itself, got {out}")
    check_writable(target, is_own_track)
    track, presence, notes = _read(source, how)
    result = recode_track(
        track,
        how.mode,
        presence=presence,
        threshold=how.threshold,
        apex_index=how.apex,
        apex_seconds=how.apex_seconds,
        portrait_aus=dict(_portrait_au(text) for text in how.portrait_au),
        strength=how.strength,
    )
    write_track(target, result.track)
    return RecodedFile(target, result, result.rmse(track), notes)


def _read(
    source: Path, options: RecodeOptions
) -> tuple[AUTrack, Mapping[str, np.ndarray], tuple[str, ...]]:
    """Return a file's track, the presence of AUs where the file has it, and notes."""
    fps = None if options.fps is None else parse_fps(options.fps)
    found = format_of(source)
    if found.name == "openface" and options.aus_scale is None:
        read = read_openface(source, fps, options.aus_face)
        if fps is not None and not _on_frames(read.track.times_seconds, fps):
            read = read.at_frame_rate(fps)
        return read.track, read.presence, read.notes
    if found.name == "mien":
        for name, given in (("--fps", options.fps), ("--aus-face", options.aus_face)):
            if given is not None:
                raise UsageError(
                    f"expected no {name} with a Mien table, got one for {source}: "
                    f"the table has its own times and one face; leave {name} out"
                )
    track, notes = read_any_track(source, fps, options.aus_face, options.aus_scale)
    return track, {}, notes


def _on_frames(times_seconds: Times, fps: Fraction) -> bool:
    """Return whether every time is i / fps for a whole i."""
    frames = times_seconds * float(fps)
    return bool(np.abs(frames - np.rint(frames)).max() < 1e-6)


def _portrait_au(text: str) -> tuple[str, float]:
    name, equals, intensity = text.partition("=")
    if not equals:
        raise UsageError(f"expected a portrait's AU such as AU12=1, got {text!r}")
    return canonical_name(name), parse_intensity(intensity)
