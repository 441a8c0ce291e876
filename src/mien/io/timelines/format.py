"""What a format of AU timelines is: how it is recognised, read and written, and what it can carry."""

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
"""Which of the two a format holds."""


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """What a file may leave open.

    Attributes:
        fps: Frames a second of tables without times.
        face: Which face, where a table has several, as the table numbers them.
        observation: Which observation, where a file has several.
        subject: Which subject or coder, likewise.
        as_events: Whether events are wanted, where a file has both, as the sidecar of a clip does.
    """

    fps: Fraction | None = None
    face: int | None = None
    observation: str | None = None
    subject: str | None = None
    as_events: bool = False


@dataclass(frozen=True)
class Read:
    """What a file says.

    Attributes:
        content: Its events or values.
        notes: What a user must know, one line each.
    """

    content: Content
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class WriteOptions:
    """What is written beside the content.

    Attributes:
        source: The name of the file that the content comes from.
        scale: The FACS intensity that the largest value of the format's unit stands for; None if there is none.
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
        recognises: Says of a file's beginning whether it has this format.
        read: Reads a file.
        write: Writes content that `mien.io.timelines.losses` has reduced to what the format carries.
        unit: What values mean; of formats with values.
        aus: The AUs that it has places for, without sides; None for all.
        sides: Whether it tells the sides apart.
        confidence: Whether it has a confidence.
        milliseconds: Whether times are rounded to whole milliseconds.
        needs_even_times: Whether it has frame numbers in place of times.
        presence: The AUs that it has a presence of, beside the values.
        levels: Whether it can hold FACS levels in place of its unit.
        gaps: Whether it can say that a frame has no face.
        points: Whether an event may have no duration.
        searched: Whether it says which AUs were looked for.
        empty: Whether a file without events says when the observation ended, and its frame rate.
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
