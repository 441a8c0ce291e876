"""The engine contract: an engine prepares a portrait once, and then makes clips of it.

There are two kinds. A `TrackEngine` renders an AU track; a `MotionEngine` carries the motion of a driver's face to the
portrait. Both have the same life cycle: ``engine.prepare(portrait)`` gives a session, and the session makes frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from mien.au.track import AUTrack
from mien.face.portrait import Portrait
from mien.motion.field import Baseline, MotionField
from mien.types import Image

KnownAUs: TypeAlias = frozenset[str] | None
"""Sided names of the AUs that an engine can move; None for all of the catalogue."""


@dataclass(eq=False)
class Frames(Iterator[Image]):
    """The frames of one clip, made one at a time so that memory does not grow with the clip.

    Attributes:
        images: (H, W, 3 or 4) uint8 RGB(A), of the shape that `frame_shape` gives.
        track: The AU track that moves the portrait; None if the motion is carried without AUs.
        notes: What the user must know, one line each. Complete after the last frame.
        facts: JSON values that this clip adds to the engine's record. Complete after the last frame.
    """

    images: Iterator[Image] = field(repr=False)
    track: AUTrack | None = field(default=None, repr=False)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Frames:
        """Return itself."""
        return self

    def __next__(self) -> Image:
        """Make the next frame."""
        return next(self.images)


@dataclass(frozen=True, eq=False)
class Driver:
    """A moving face whose motion is carried to a portrait.

    Attributes:
        motion: The motion to carry, relative to ``baseline``, at evenly spaced times.
        watched: The motion since the clip's first frame, at the clip's own times. An engine that looks at the
            pictures uses it to remove the head's motion from them.
        baseline: The frame that counts as neutral, as `MotionField.relative_to` takes it.
        frames: Reads the clip's pictures from the start, one for each frame of ``watched``; None if there are no
            pictures, only a motion.
    """

    motion: MotionField
    watched: MotionField
    baseline: Baseline = "first"
    frames: Callable[[], Iterator[Image]] | None = None

    @classmethod
    def of(cls, motion: MotionField, frames: Callable[[], Iterator[Image]] | None = None) -> Driver:
        """Return a driver whose motion is already relative to its first frame and evenly spaced in time."""
        return cls(motion, motion, "first", frames)


class TrackSession(Protocol):
    """A portrait that is ready to be moved by AU tracks."""

    @property
    def portrait(self) -> Portrait:
        """The portrait."""
        ...

    def render(self, track: AUTrack) -> Frames:
        """Make one frame for each row of a track.

        With the engine's default settings, a row of zeros gives the portrait itself, bit for bit, and pixels outside
        the face's region are the portrait's in every frame.

        Raises:
            UsageError: The track moves an AU that the engine does not know.
        """
        ...


class TrackEngine(Protocol):
    """Renders AU tracks."""

    @property
    def name(self) -> str:
        """The engine's name on the command line and in records."""
        ...

    @property
    def known_aus(self) -> KnownAUs:
        """The AUs that the engine can move."""
        ...

    def prepare(self, portrait: Portrait) -> TrackSession:
        """Do the work that depends on the portrait alone.

        Raises:
            WeightsError: The engine's network cannot be read.
            MissingExtraError: A package that the engine needs is not installed.
        """
        ...

    def record(self) -> dict[str, Any]:
        """Return what made the frames besides the settings, as JSON values: weights and their hashes.

        Empty for an engine without weights.
        """
        ...


class MotionSession(Protocol):
    """A portrait that is ready to be moved by a driver's motion."""

    @property
    def portrait(self) -> Portrait:
        """The portrait."""
        ...

    def transfer(self, driver: Driver, *, strength: float = 1.0, blinks: bool = True) -> Frames:
        """Make one frame for each frame of the driver's motion that has a face.

        Args:
            driver: The moving face.
            strength: Multiplies the motion, 0 or more.
            blinks: Whether the lids move too.

        Raises:
            UsageError: The strength is negative or not finite, or the engine needs the driver's pictures and there
                are none, or too few.
            BadTrackError: The engine is driven by AUs (`mien.engines.driven.DrivenEngine`), and there is no AU that
                it can render, or the strength takes one above 5.
        """
        ...


class MotionEngine(Protocol):
    """Carries a driver's motion; see `TrackEngine` for the parts of the same name."""

    @property
    def name(self) -> str:
        """The engine's name on the command line and in records."""
        ...

    def prepare(self, portrait: Portrait) -> MotionSession:
        """Do the work that depends on the portrait alone."""
        ...

    def record(self) -> dict[str, Any]:
        """Return what made the frames besides the settings, as JSON values."""
        ...


def own_shape(session: TrackSession | MotionSession) -> tuple[int, int, int] | None:
    """Return the shape (height, width, channels) of the network's own pictures; None if a session shows the portrait.

    This is the session's property ``own_shape``. A session without this property shows the portrait.
    """
    return getattr(session, "own_shape", None)


def frame_shape(session: TrackSession | MotionSession) -> tuple[int, ...]:
    """Return the shape (height, width, channels) of a session's frames."""
    shape = own_shape(session)
    return session.portrait.image.shape if shape is None else shape


Engine: TypeAlias = TrackEngine | MotionEngine
