"""Describe a format of AU timelines: how it is recognised, read and written, and what it can hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias

from mien.au.samples import AUSamples, Unit
from mien.au.timeline import AUTimeline
from mien.io.timelines.head import Head

Content: TypeAlias = AUTimeline | AUSamples
"""Events, or values frame by frame."""

Kind: TypeAlias = Literal["events", "samples"]
"""Whether a format has events or values frame by frame."""


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """Choices that the user makes where a file leaves them open.

    Attributes:
        fps: Frames a second, for tables without times.
        face: Which face, by the table's own numbers, if it has several.
        observation: Which observation, if a file has several.
        subject: Which subject or coder, if a file has several.
        as_events: Whether to read events from a file that has both events and values, such as a clip's sidecar.
    """

    fps: Fraction | None = None
    face: int | None = None
    observation: str | None = None
    subject: str | None = None
    as_events: bool = False


@dataclass(frozen=True)
class Read:
    """The content of a file.

    Attributes:
        content: Its events or values.
        notes: What a user must know about how the file was read, one line each.
    """

    content: Content
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class WriteOptions:
    """Facts that are written beside the content.

    Attributes:
        source: The name of the file that the content comes from.
        scale: The FACS intensity that the largest value of the format's unit means; None if none was given.
    """

    source: str = ""
    scale: float | None = None


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format.

    Attributes:
        name: Its name on the command line.
        title: Its name for people.
        kind: Events or values.
        suffixes: File endings, lower case; the first is the usual one.
        recognises: Tells from a file's text whether it has this format.
        read: Reads a file.
        write: Writes content that `mien.io.timelines.losses` has reduced to what the format can hold.
        unit: The unit of the values, for formats with values.
        aus: The AUs whose values it can hold, without sides; None for all.
        sides: Whether it has left and right apart.
        confidence: Whether it can hold a confidence.
        milliseconds: Whether times are rounded to whole milliseconds.
        needs_even_times: Whether it has frame numbers in place of times.
        presence: The AUs whose presence it can hold, beside the values.
        levels: Whether it can hold FACS levels in place of its unit.
        gaps: Whether it can mark a frame as having no face.
        points: Whether an event may have no duration.
        searched: Whether it can hold which AUs were looked for.
        empty: Whether a file without events can still hold the end of the observation and the frame rate.
    """

    name: str
    title: str
    kind: Kind
    suffixes: tuple[str, ...]
    recognises: Callable[[Head], bool]
    read: Callable[[Path, ReadOptions], Read]
    write: Callable[[Path, Content, WriteOptions], None] = field(repr=False)
    unit: Unit = "intensity"
    aus: tuple[str, ...] | None = None
    sides: bool = True
    confidence: bool = False
    milliseconds: bool = False
    needs_even_times: bool = False
    presence: tuple[str, ...] = ()
    levels: bool = False
    gaps: bool = True
    points: bool = True
    searched: bool = False
    empty: bool = True
