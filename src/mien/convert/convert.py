"""Convert a file of AUs into another format, and say what is lost."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mien.au.samples import AUSamples
from mien.au.samples_events import timeline_of_samples
from mien.au.samples_track import samples_of_track, track_of_samples
from mien.au.timeline import AUTimeline
from mien.au.timeline_track import track_of_timeline
from mien.convert.options import ConvertOptions
from mien.errors import BadTrackError, MienError, OutputError, UsageError
from mien.io.timelines.files import format_of, named_format
from mien.io.timelines.format import Content, Format, Kind, ReadOptions, WriteOptions
from mien.io.timelines.losses import reduced

BY_SUFFIX: dict[str, dict[Kind, str]] = {
    ".eaf": {"events": "elan", "samples": "elan"},
    ".tsv": {"events": "boris-tabular", "samples": "boris-tabular"},
    ".txt": {"events": "facereader", "samples": "facereader"},
    ".json": {"events": "mien", "samples": "mien"},
    ".csv": {"events": "mien-events", "samples": "mien"},
}
"""The default output format for each ending of a file and each kind of content."""


@dataclass(frozen=True)
class Converted:
    """The result of a conversion.

    Attributes:
        source: The file that was read.
        path: The file that was written.
        read_as: The format of the file that was read.
        written_as: The format of the file that was written.
        aus: The AUs that were written.
        count: Number of events or frames that were written.
        kind: Whether events or samples (frames) were written.
        notes: Notes on the file that was read, one line each.
        losses: What the written file lacks, one line each.
    """

    source: Path
    path: Path
    read_as: str
    written_as: str
    aus: tuple[str, ...]
    count: int
    kind: Kind
    notes: tuple[str, ...]
    losses: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            "source": str(self.source),
            "out": str(self.path),
            "from": self.read_as,
            "to": self.written_as,
            self.kind if self.kind == "events" else "frames": self.count,
            "aus": list(self.aus),
            "notes": list(self.notes),
            "losses": list(self.losses),
        }


def convert_file(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    options: ConvertOptions | None = None,
) -> Converted:
    """Convert a file of AUs into another format.

    Args:
        source: The file to read.
        out: The file to write; it must be another file.
        options: Formats, scale, threshold and frame rate; None for the defaults.

    Raises:
        UsageError: An unknown format, an ending that does not fit the format, or a scale or threshold without effect.
        ScaleNeededError: A conversion between FACS intensities and other values, without a scale.
        BadTrackError: The file cannot be read, or its content does not fit the format.
        OutputError: The output cannot be written, or is the input file.
        MissingExtraError: A format needs a package that is not installed.
    """
    how = options or ConvertOptions()
    path, target_path = Path(source), Path(out)
    if target_path.exists() and path.exists() and target_path.samefile(path):
        raise OutputError(f"expected an output other than {path} itself, got {out}")
    found = format_of(path, how.source)
    target = _target(target_path, found.kind, how)
    asked = ReadOptions(
        fps=how.rate,
        face=how.aus_face,
        observation=how.observation,
        subject=how.subject,
        as_events=target.kind == "events",
    )
    read = found.read(path, asked)
    _check_effect(read.content, target, how)
    try:
        content, losses = _as_kind(read.content, found, target, how)
        content, more = reduced(content, target, how.scale)
        target.write(target_path, content, WriteOptions(path.name, how.scale))
    except OutputError:
        raise
    except MienError as error:
        raise type(error)(f"{path} to {target.title}: {error}") from error
    events = isinstance(content, AUTimeline)
    return Converted(
        path,
        target_path,
        found.name,
        target.name,
        content.names if isinstance(content, AUTimeline) else content.all_names,
        len(content.events) if isinstance(content, AUTimeline) else len(content),
        "events" if events else "samples",
        read.notes,
        (*losses, *more),
    )


def _target(path: Path, kind: Kind, how: ConvertOptions) -> Format:
    if how.target is not None:
        target = named_format(how.target)
    elif (suffix := path.suffix.lower()) in BY_SUFFIX:
        target = named_format(BY_SUFFIX[suffix][kind])
    else:
        raise UsageError(
            f"expected an output ending in {', '.join(BY_SUFFIX)}, or its format with --to, got {path.name}"
        )
    if path.suffix.lower() not in target.suffixes:
        raise UsageError(
            f"expected a file ending in {' or '.join(target.suffixes)} for {target.title}, got {path.name}"
        )
    return target


def _check_effect(content: Content, target: Format, how: ConvertOptions) -> None:
    """Refuse options without effect."""
    if how.threshold is not None and (isinstance(content, AUTimeline) or target.kind == "samples"):
        raise UsageError("--threshold is for frames that become events: leave it out")
    if how.scale is None:
        return
    if isinstance(content, AUTimeline):
        needless = all(e.peak_intensity is not None for e in content.events)
    else:
        needless = content.unit == "intensity" and bool(content.names)
    if needless and (target.kind == "events" or target.unit == "intensity"):
        raise UsageError(
            "--scale is only for probabilities, scores or presence, but the table has intensities: leave it out"
        )


def _as_kind(
    content: Content, source: Format, target: Format, how: ConvertOptions
) -> tuple[Content, tuple[str, ...]]:
    """Turn frames into events or events into frames, if the output format needs it; return what is lost too."""
    if isinstance(content, AUTimeline):
        if target.kind == "events":
            if how.scale is not None:
                content = _with_levels(content, how.scale)
            return content, ()
        rate = how.rate or content.fps
        if rate is None:
            raise BadTrackError("events have no frames: give a frame rate with --fps")
        track, notes = track_of_timeline(content, rate, how.scale)
        return samples_of_track(track), notes
    if target.kind == "samples":
        # For a table without times, --fps already gave the times: do not resample.
        return (content, ()) if source.needs_even_times else _at_rate(content, how)
    timeline = timeline_of_samples(content, how.threshold, how.scale)
    lost = ["events have no course between onset, apex and offset"]
    if not timeline.events:
        raise BadTrackError("no AU is present in any frame: nothing to write; see --threshold")
    if any(event.peak_intensity is None for event in timeline.events):
        lost.append("without --scale the events have no level")
    return timeline, tuple(lost)


def _with_levels(timeline: AUTimeline, scale: float) -> AUTimeline:
    events = tuple(
        replace(e, peak_intensity=scale) if e.peak_intensity is None else e for e in timeline.events
    )
    return replace(timeline, events=events)


def _at_rate(samples: AUSamples, how: ConvertOptions) -> tuple[AUSamples, tuple[str, ...]]:
    """Resample values to the frame rate of the options, unless they have it already."""
    rate = how.rate
    if rate is None:
        return samples, ()
    frames = samples.times_seconds * float(rate)
    on_frames = abs(frames - frames.round()).max() < 1e-3
    if on_frames and (len(frames) == 1 or (np.diff(frames.round()) == 1).all()):
        return samples, ()
    if samples.unit != "intensity" and how.scale is None:
        raise BadTrackError(
            "only intensities can be resampled: say what the values stand for with --scale"
        )
    track, notes = track_of_samples(samples, how.scale)
    at = track.at_frame_rate(rate)
    return samples_of_track(at), (*notes, f"resampled at {rate} frames a second, the first at 0 s")
