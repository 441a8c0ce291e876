"""A clip of one person, or the part of it that goes into a face set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from pathlib import Path

from mien.io.clip import TimedFrame
from mien.io.clips import open_clip
from mien.io.frame_folder import open_frames


@dataclass(frozen=True, kw_only=True)
class PersonClip:
    """A clip of one person, or a part of it.

    Attributes:
        person: The person's name, unique among all data sets.
        name: The clip's name in messages, such as ``casme2/sub01/EP02_01f``.
        folder: The name of the person's own folder, such as ``sub01``.
        path: The video or the folder of frames.
        fps: Frame rate; None for the clip's own.
        files: The frames of the whole clip in order; None for a video, and for a folder that is
            listed when it is read.
        start: Number of the part's first frame in the clip, from 0.
        stop: Number of the first frame after the part; None for all.
        missing: Number of the part's frames that are missing in the copy of the data set.
    """

    person: str
    name: str
    folder: str
    path: Path
    fps: Fraction | None = None
    files: tuple[Path, ...] | None = field(default=None, repr=False)
    start: int = 0
    stop: int | None = None
    missing: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether the part is the whole clip."""
        return self.start == 0 and self.stop is None

    def frames(self) -> Iterator[TimedFrame]:
        """Yield (seconds, frame) of the part.

        Raises:
            UnreadableVideoError: The clip cannot be read, or its frames differ in size.
        """
        if self.files is None:
            yield from islice(open_clip(self.path, self.fps), self.start, self.stop)
        elif files := self.files[self.start : self.stop]:
            assert self.fps is not None
            yield from open_frames(self.path, [file.name for file in files], self.fps)

    def total(self) -> int:
        """Return the number of frames of the whole clip; the frames of a video are counted by decoding it.

        Raises:
            UnreadableVideoError: The clip cannot be read.
        """
        if self.files is not None:
            return len(self.files)
        return sum(1 for _ in open_clip(self.path, self.fps))
