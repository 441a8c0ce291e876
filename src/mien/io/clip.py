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
    """A clip that can be iterated, again and again, in constant memory.

    Attributes:
        path: The file or folder.
        fps: Frames a second; of a clip with uneven times their mean.
        width: Width of the upright frames, in pixels.
        height: Height of the upright frames, in pixels.
        channels: 3 (RGB) or 4 (RGBA).
        frames_due: How many frames there should be; None if that is unknown.
        notes: What a user must know of how it is read, one line each.
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
            UnreadableVideoError: The clip breaks off or is damaged; all good frames before were
                yielded.
        """
