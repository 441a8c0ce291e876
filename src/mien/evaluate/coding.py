"""One coding of a clip: which AUs are there in which frame, and its events."""

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
"""What times in seconds are rounded to where a format has whole milliseconds."""


@dataclass(frozen=True)
class Coding:
    """One of the two codings.

    Attributes:
        path: Its file.
        format: The format's name.
        content: Events or values.
        timeline: Its events.
        notes: What a user must know of it.
    """

    path: Path
    format: str
    content: Content
    timeline: AUTimeline
    notes: tuple[str, ...]

    def on_frames(self, names: tuple[str, ...], times: Times) -> dict[str, np.ndarray]:
        """Return 1 where an AU is there, 0 where it is not, NaN where nothing is known.

        An AU is there from its event's onset until before its offset, of values too: frames and events of one coding
        must not have two meanings of presence.
        """
        if isinstance(self.content, AUTimeline):
            coded = presence_on_frames(self.content, names, times)
            return {name: found.astype(np.float64) for name, found in coded.items()}
        samples = self.content
        own = samples.times_seconds
        # The frame that is shown at a time: the last one that has begun, but for rounding.
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
        """Return the coding with rounded times put back on the frames; of values, the end."""
        if not isinstance(self.content, AUTimeline):
            if not FORMATS[self.format].milliseconds:
                return self
            # The last time and the frame's length are both rounded.
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
        """Return whether an AU without an event was absent, not just unknown."""
        searched = self.timeline.searched
        return searched is None or any(covers(part, name) for part in searched)

    def has(self, name: str) -> bool:
        """Return whether there is an event of an AU."""
        return any(covers(part, name) for part in self.timeline.names)

    def spans(self, name: str, end_seconds: float) -> list[Span]:
        """Return the events of an AU that begin before the end, joined where both sides overlap."""
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
    """Return whether an AU of a coding says something of a compared one: it, its side, or both sides."""
    unit = parse_au(name)[0].name
    return part in (name, unit) or (name == unit and parse_au(part)[0].name == unit)


def read_coding(
    path: str | os.PathLike[str],
    options: AgreementOptions,
    subject: str | None,
    fps: Fraction | None,
) -> Coding:
    """Read a coding from a file of any format, with its subject or coder where it has several."""
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
