"""One coding of a clip: which AUs are present in each frame, and their events."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from mien.au.catalog import parse_au
from mien.au.samples_events import timeline_of_samples
from mien.au.timeline import AUTimeline
from mien.au.timeline_track import presence_on_frames
from mien.evaluate.agreement_options import AgreementOptions
from mien.io.timelines.files import read_timeline
from mien.io.timelines.format import Content, ReadOptions
from mien.io.timelines.registry import FORMATS
from mien.metrics.agreement import Span
from mien.types import Times

MILLISECOND = 0.001
"""Rounding of times, in seconds, in a format with whole milliseconds."""


@dataclass(frozen=True)
class Coding:
    """One of the two codings.

    Attributes:
        path: The coding's file.
        format: The name of the file's format.
        content: What the file has: events, or values in frames.
        timeline: The coding's events; values are turned into events.
        notes: What a user must know about the file, one line each.
    """

    path: Path
    format: str
    content: Content
    timeline: AUTimeline
    notes: tuple[str, ...]

    def on_frames(self, names: tuple[str, ...], times: Times) -> dict[str, np.ndarray]:
        """Return presence by AU name, (T,) for the times: 1 if the AU is present, 0 if it is absent, NaN if unknown.

        An AU is present from its event's onset until before its offset. This also holds for values in frames, so that
        frames and events of one coding have the same meaning of presence.
        """
        if isinstance(self.content, AUTimeline):
            coded = presence_on_frames(self.content, names, times)
            return {name: found.astype(np.float64) for name, found in coded.items()}
        samples = self.content
        own = samples.times_seconds
        # The frame that is shown at a time: the last one that has begun, allowing for rounded times.
        step = float(np.median(np.diff(own))) if len(own) > 1 else 1.0
        index = np.searchsorted(own, times + 0.25 * step, "right") - 1
        known = index >= 0
        index = np.clip(index, 0, None)
        known &= times - own[index] < 1.25 * step  # else frames are missing here
        shown = presence_on_frames(self.timeline, names, own)
        columns = {}
        for name in names:
            parts = [each for each in samples.all_names if covers(each, name)]
            sure = np.asarray(np.stack([samples.known(each) for each in parts]).all(axis=0))
            columns[name] = np.where(known & sure[index], shown[name][index], np.nan)
        return columns

    def at_rate(self, fps: Fraction) -> Coding:
        """Return the coding with its rounded times moved back onto frames; for values in frames, only the end."""
        if not isinstance(self.content, AUTimeline):
            if not FORMATS[self.format].milliseconds:
                return self
            # The end is the sum of two rounded values: the last time and the length of a frame.
            rounded = replace(self.timeline, rounding_seconds=2 * MILLISECOND).on_frames(fps)
            timeline = replace(self.timeline, end_seconds=rounded.end_seconds)
            return replace(self, timeline=timeline)
        timeline = self.content.on_frames(fps)
        return replace(self, content=timeline, timeline=timeline)

    def sides(self, unit: str) -> set[str]:
        """Return the sides of an AU that the coding tells apart."""
        known = self.timeline.searched or self.timeline.names
        return {name for name in known if name != unit and parse_au(name)[0].name == unit}

    def looked_for(self, name: str) -> bool:
        """Return whether the coder looked for an AU, so that an AU without an event was absent."""
        searched = self.timeline.searched
        return searched is None or any(covers(part, name) for part in searched)

    def has(self, name: str) -> bool:
        """Return whether the coding has an event of an AU."""
        return any(covers(part, name) for part in self.timeline.names)

    def spans(self, name: str, end_seconds: float) -> list[Span]:
        """Return the events of an AU that begin before the end; overlapping events of both sides are joined."""
        joined: list[Span] = []
        for event in self.timeline.events:
            start, stop = event.onset_seconds, min(event.offset_seconds, end_seconds)
            if not covers(event.au, name) or start >= end_seconds:
                continue
            if joined and start < joined[-1][1] - 1e-9:
                joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
            else:
                joined.append((start, stop))
        return joined


def covers(part: str, name: str) -> bool:
    """Return whether a coded AU tells of a compared AU: they are the same, or one is a side of the other."""
    unit = parse_au(name)[0].name
    return part in (name, unit) or (name == unit and parse_au(part)[0].name == unit)


def read_coding(
    path: str | os.PathLike[str],
    options: AgreementOptions,
    subject: str | None,
    fps: Fraction | None,
) -> Coding:
    """Read a coding from a file of any format; ``subject`` chooses a subject or coder if there are several."""
    asked = ReadOptions(
        fps=fps,
        face=options.aus_face,
        observation=options.observation,
        subject=subject,
        as_events=True,
    )
    found, read = read_timeline(path, asked)
    content = read.content
    timeline = content if isinstance(content, AUTimeline) else timeline_of_samples(content)
    return Coding(Path(path), found.name, content, timeline, read.notes)
