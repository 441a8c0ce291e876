"""Read the frames of a part of a clip; keep its first frame, and the reason if the clip is damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from mien.common.cut_options import CutOptions
from mien.errors import UnreadableVideoError, UsageError
from mien.io.clip import Clip, TimedFrame
from mien.motion.ahead import ahead
from mien.types import Image

OnFrames: TypeAlias = Callable[[int], None]
"""Called after each frame with the number of frames read so far."""

EDGE_SECONDS = 1e-6
"""A frame up to this much before ``start`` is included: rounding must not drop it."""

END_SECONDS = 1e-9
"""A frame up to this much before ``end`` is left out."""


class ClipReader:
    """The frames of a part of a clip, with times from the part's first frame.

    Args:
        clip: The whole clip.
        cut: Which part.
        on_frames: Called after each frame.

    Attributes:
        first: The part's first frame; None before it is read.
        first_index: Number of that frame in the clip, from 0.
        broken: Why the clip cannot be read further after some frames; None if it is whole.
    """

    def __init__(self, clip: Clip, cut: CutOptions, on_frames: OnFrames | None = None) -> None:
        self.clip = clip
        self.cut = cut
        self.on_frames = on_frames
        self.first: Image | None = None
        self.first_index = 0
        self.broken: str | None = None

    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield (seconds, frame) pairs.

        Raises:
            UnreadableVideoError: The clip is damaged before the part's first frame, or in its first half.
            UsageError: No frame lies in the chosen part of the clip.
        """
        start, end = self.cut.start_seconds or 0.0, self.cut.end_seconds
        zero, done = 0.0, 0
        before: float | None = None
        after: float | None = None
        half = 0.5 / float(self.clip.fps)
        frames = ahead(self.clip)
        while True:
            try:
                seconds, frame = next(frames)
            except StopIteration:
                break
            except UnreadableVideoError as error:
                if done == 0 or self._mostly_lost(done):
                    raise
                self.broken = str(error)
                return
            if end is not None and seconds >= end - END_SECONDS:
                after = seconds
                break
            if seconds < start - min(half, EDGE_SECONDS):
                self.first_index += 1
                before = seconds
                continue
            if self.first is None:
                self.first, zero = frame, seconds
            done += 1
            yield seconds - zero, frame
            if self.on_frames is not None:
                self.on_frames(done)
        if done == 0:
            raise UsageError(self._why_empty(before, after))

    def _mostly_lost(self, done: int) -> bool:
        """Return whether a damaged clip has given less than half of its frames."""
        due = self.clip.frames_due
        return due is not None and 2 * (self.first_index + done) < due

    def _why_empty(self, before: float | None, after: float | None) -> str:
        """Return why no frame lies in the part.

        Args:
            before: Time of the last frame before ``start``, seconds; None if there is none.
            after: Time of the first frame from ``end`` on; None if the clip ended before.
        """
        start, path = self.cut.start_seconds or 0.0, self.clip.path
        if after is None:
            return (
                f"expected frames from --start {start:g} s on in {path}, got none: its last frame "
                f"is at {before or 0.0:.3f} s"
            )
        near = [f"{seconds:.3f} s" for seconds in (before, after) if seconds is not None]
        return (
            f"expected a frame between --start {start:g} s and --end {self.cut.end_seconds:g} s in "
            f"{path}, got none: the nearest frames are at {' and '.join(near)}"
        )
