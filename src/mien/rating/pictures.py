"""A clip as the page shows it: its distinct frames as PNGs without names, and when each is shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from mien.errors import UsageError
from mien.io.clips import open_clip
from mien.io.mark import SyntheticMark
from mien.io.png import encode_png
from mien.rating.clips import RatedClip

MOST_FRAMES = 5000
"""A longer clip is refused: all its pictures are loaded before it is played."""


@dataclass(frozen=True, eq=False)
class ClipPictures:
    """The pictures of a clip.

    Attributes:
        pictures: Distinct frames as PNG files, in the order of their first use.
        steps: (frames,) index into ``pictures`` of each frame.
        times_seconds: (frames,) time of each frame.
        fps: Frames a second.
        width: Width, pixels.
        height: Height, pixels.
    """

    pictures: tuple[bytes, ...] = field(repr=False)
    steps: tuple[int, ...]
    times_seconds: tuple[float, ...]
    fps: Fraction
    width: int
    height: int

    def page(self, places: list[str]) -> dict[str, Any]:
        """Return what the page needs to know, as JSON values.

        Args:
            places: The address of each picture.
        """
        return {
            "pictures": places,
            "steps": list(self.steps),
            "times_ms": [round(1000 * each, 4) for each in self.times_seconds],
            "frame_ms": 1000 / float(self.fps),
            "width": self.width,
            "height": self.height,
        }


def clip_pictures(clip: RatedClip, fps: Fraction | None = None) -> ClipPictures:
    """Read a clip.

    Args:
        clip: The clip.
        fps: Frame rate of folders of pictures that have none.

    Raises:
        UnreadableVideoError: The clip cannot be read.
        UsageError: The clip has no frames, or more than `MOST_FRAMES`.
    """
    opened = open_clip(clip.path, fps if clip.path.is_dir() else None)
    mark = SyntheticMark().as_text() if clip.synthetic else {}
    known: dict[bytes, int] = {}
    pictures: list[bytes] = []
    steps: list[int] = []
    times: list[float] = []
    for seconds, frame in opened:
        if len(steps) == MOST_FRAMES:
            raise UsageError(
                f"expected at most {MOST_FRAMES} frames, got more in {clip.file}: cut it"
            )
        digest = hashlib.sha256(frame.tobytes()).digest()
        if digest not in known:
            known[digest] = len(pictures)
            pictures.append(encode_png(frame, mark))
        steps.append(known[digest])
        times.append(seconds)
    if not steps:
        raise UsageError(f"expected frames in {clip.file}, got none")
    return ClipPictures(
        tuple(pictures), tuple(steps), tuple(times), opened.fps, opened.width, opened.height
    )
