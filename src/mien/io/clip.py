"""A clip: frames with times, read one at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

from mien.types import Image

TimedFrame: TypeAlias = tuple[float, Image]
"""Seconds since the clip's first frame, and the frame (H, W, 3 or 4) uint8 RGB(A)."""


@dataclass(frozen=True)
class Clip(ABC):
    """A clip whose frames can be iterated any number of times, in constant memory.

    Attributes:
        path: The file or folder.
        fps: Frames a second; the mean rate if the times are uneven.
        width: Width of the upright frames, in pixels.
        height: Height of the upright frames, in pixels.
        channels: 3 (RGB) or 4 (RGBA).
        frames_due: How many frames there should be; None if that is unknown.
        notes: What a user must know about how the clip is read, one line each.
    """

    path: Path
    fps: Fraction
    width: int
    height: int
    channels: int
    frames_due: int | None = field(default=None, kw_only=True)
    notes: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.width, self.height

    @abstractmethod
    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield the frames in order, each with its time.

        Raises:
            UnreadableVideoError: The clip ends too early or is damaged. All good frames before that were yielded.
        """
