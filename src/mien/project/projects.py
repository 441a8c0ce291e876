"""The two kinds of project. Each holds everything that its clip is made from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from mien.au.envelope import Envelope
from mien.au.frame_rate import parse_fps
from mien.errors import UsageError
from mien.project.reference import FileReference


@dataclass(frozen=True, kw_only=True)
class DesignProject:
    """A portrait and an expression designed for it.

    Attributes:
        portrait: The picture.
        envelopes: The AUs that move, with their times; may be empty in a new project.
        duration_seconds: The clip's length, not shorter than the last envelope's offset.
        fps: Frames a second.
        engine: Name of the engine that makes the frames.
        options: The engine's settings that differ from their defaults, JSON values by name. Also ``strength`` if it is
            not 1: the factor of all intensities when the clip is made.
        face: Which face if there are several: its number from the left, starting at 1, or ``largest``.
        seed: Seed with which the envelopes were first drawn; None if they were not drawn.
        emotion: Emotion for which they were drawn; None if they were not drawn.
        name: Name of the project; may be empty.

    Raises:
        UsageError: A value of the wrong kind or out of its range.
    """

    portrait: FileReference
    envelopes: tuple[Envelope, ...]
    duration_seconds: float
    fps: Fraction
    engine: str
    options: Mapping[str, Any] = field(default_factory=dict)
    face: int | str | None = None
    seed: int | None = None
    emotion: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "envelopes", tuple(self.envelopes))
        object.__setattr__(self, "duration_seconds", _seconds(self.duration_seconds))
        object.__setattr__(self, "fps", parse_fps(self.fps))
        object.__setattr__(self, "options", dict(self.options))
        _check_words(self)
        if self.seed is not None and (type(self.seed) is not int or self.seed < 0):
            raise UsageError(f"expected a seed of 0 or more, got {self.seed!r}")
        if self.emotion is not None and not isinstance(self.emotion, str):
            raise UsageError(f"expected an emotion's name, got {self.emotion!r}")
        if self.tail_seconds < -1e-9:
            raise UsageError(
                f"the expression ends at {self.offset_seconds:g} s, after the clip's end at "
                f"{self.duration_seconds:g} s: make the clip longer"
            )

    @property
    def offset_seconds(self) -> float:
        """Time at which the last AU is back to 0; 0 if no AU moves."""
        return max((envelope.offset_seconds for envelope in self.envelopes), default=0.0)

    @property
    def tail_seconds(self) -> float:
        """Neutral time between `offset_seconds` and the clip's end, seconds.

        Rounded to 13 decimals, because people read it in commands: 0.5 - 0.29 is 0.21000000000000002.
        The rounding moves no frame.
        """
        return round(self.duration_seconds - self.offset_seconds, 13)

    def motion_to_json(self) -> dict[str, Any]:
        """Return the motion as JSON values."""
        return {
            "kind": "envelopes",
            "envelopes": [envelope.to_dict() for envelope in self.envelopes],
            "duration_seconds": self.duration_seconds,
            "fps": str(self.fps),
            "seed": self.seed,
            "emotion": self.emotion,
        }


@dataclass(frozen=True, kw_only=True)
class TransferProject:
    """A portrait and a clip whose motion it receives.

    Attributes:
        portrait: The picture.
        driver: The clip.
        engine: Name of the engine that carries the motion.
        options: Further options of `mien.transfer.options.TransferOptions` and the engine's settings, JSON values by
            name.
        face: Which face of the portrait, if there are several.
        name: Name of the project; may be empty.

    Raises:
        UsageError: A value of the wrong kind.
    """

    portrait: FileReference
    driver: FileReference
    engine: str
    options: Mapping[str, Any] = field(default_factory=dict)
    face: int | str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", dict(self.options))
        _check_words(self)

    def motion_to_json(self) -> dict[str, Any]:
        """Return the motion as JSON values."""
        return {"kind": "transfer", "driver": self.driver.to_json()}


Project: TypeAlias = DesignProject | TransferProject


def _seconds(value: Any) -> float:
    wrong = isinstance(value, bool) or not isinstance(value, int | float)
    if wrong or not 0 < value < math.inf:
        raise UsageError(f"expected a duration above 0 seconds, got {value!r}")
    return float(value)


def _check_words(project: Project) -> None:
    for name in ("engine", "name"):
        if not isinstance(getattr(project, name), str):
            raise UsageError(f"expected text as {name}, got {getattr(project, name)!r}")
    face = project.face
    if not (face is None or face == "largest" or (type(face) is int and face >= 1)):
        raise UsageError(f'expected a face\'s number from 1 or "largest", got {face!r}')
