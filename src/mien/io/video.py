"""A video file, read as a clip."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import UnreadableVideoError
from mien.io.clip import Clip, TimedFrame
from mien.io.video_pixels import has_alpha, to_rgb

if TYPE_CHECKING:
    from av import VideoStream

MAX_MISSING_FRAMES = 1.5
"""A file that ends earlier than it says, by more frames than this, has been cut off."""

_STILL_FORMATS = ("image2", "tty", "ico", "webp")
"""What FFmpeg also opens as video: single pictures (with all ``..._pipe``) and text files."""


@dataclass(frozen=True)
class Video(Clip):
    """The frames of a video file.

    Attributes:
        own_clock: Whether times come from the file, rather than from a frame rate that was given.
    """

    own_clock: bool = True

    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield each frame with its time; see :meth:`mien.io.clip.Clip.__iter__`.

        A time that lies within half a tick of the file's clock from i / fps is i / fps, as
        containers round.
        """
        from av.error import FFmpegError

        frames = 0
        start: Fraction | None = None
        now, end, before = Fraction(0), Fraction(0), Fraction(0)
        with _opened(self.path) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            file_fps = _frame_rate(stream, self.path)
            try:
                for frame in container.decode(stream):
                    if frame.is_corrupt:
                        raise self._broken(frames, "damaged data")
                    rgb = to_rgb(frame, self.channels)
                    if rgb.shape != (self.height, self.width, self.channels):
                        raise self._broken(frames, f"the size changes to {rgb.shape}")
                    if frame.pts is None:
                        now = frames / file_fps
                    else:
                        start = frame.pts * frame.time_base if start is None else start
                        now = _snapped(
                            frame.pts * frame.time_base - start, file_fps, frame.time_base
                        )
                    if frames and now <= before:
                        raise self._broken(frames, f"its time {float(now):g} s does not follow")
                    before = now
                    lasts = (frame.duration or 0) * (frame.time_base or 0)
                    end = now + max(lasts, 1 / file_fps)
                    yield float(now if self.own_clock else frames / self.fps), rgb
                    frames += 1
            except FFmpegError as error:
                raise self._broken(frames, error.strerror or "damaged data") from error
            if container.format.name == "gif" and not _has_gif_trailer(self.path):
                raise self._broken(frames, "the file ends without GIF's end mark")
            due = _end_seconds(stream, start or Fraction(0))
        if due is not None and (due - end) * file_fps > MAX_MISSING_FRAMES:
            raise self._broken(frames, f"the file ends, but should last {float(due):.3f} s")

    def _broken(self, frames: int, why: str) -> UnreadableVideoError:
        seconds = frames / float(self.fps)
        return UnreadableVideoError(
            f"expected a whole video, but {self.path} breaks at frame {frames} "
            f"({seconds:.3f} s): {why}"
        )


def open_video(path: Path, fps: Fraction | None) -> Video:
    """Open a video file; see :func:`mien.io.clips.open_clip`."""
    from av.error import FFmpegError

    with _opened(path) as container:
        stream = container.streams.video[0]
        try:
            first = next(container.decode(stream), None)
        except FFmpegError as error:
            raise UnreadableVideoError(
                f"expected a video, got {path}, whose first frame cannot be decoded "
                f"({error.strerror})"
            ) from error
        if first is None:
            raise UnreadableVideoError(f"expected a video with frames, got none in {path}")
        # GIF has no real alpha: what its decoder calls so are pixels that do not change.
        channels = 4 if has_alpha(first) and stream.codec_context.name != "gif" else 3
        height, width = to_rgb(first, channels).shape[:2]
        return Video(
            path,
            fps or _frame_rate(stream, path),
            width,
            height,
            channels,
            own_clock=fps is None,
        )


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import av
    from av.error import FFmpegError

    try:
        container = av.open(str(path))
    except (FFmpegError, OSError) as error:
        raise UnreadableVideoError(
            f"expected a video, got {path}, which cannot be opened as one ({error.strerror})"
        ) from error
    with container:
        name = container.format.name
        if name.endswith("_pipe") or name in _STILL_FORMATS or not container.streams.video:
            raise UnreadableVideoError(
                f"expected a video, got {path}, which holds no moving picture"
            )
        yield container


def _frame_rate(stream: VideoStream, path: Path) -> Fraction:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate:
            return Fraction(rate)
    raise UnreadableVideoError(f"expected a video with a frame rate, got none in {path}: give one")


def _snapped(seconds: Fraction, fps: Fraction, tick: Fraction) -> Fraction:
    on_grid = round(seconds * fps) / fps
    return on_grid if abs(seconds - on_grid) <= tick / 2 else seconds


def _end_seconds(stream: VideoStream, start: Fraction) -> Fraction | None:
    """Return when the last frame ends by the file's own account, counted from its first frame."""
    tick = stream.time_base
    if stream.duration is not None and tick is not None:
        return (stream.start_time or 0) * tick + stream.duration * tick - start
    try:  # Matroska's tag, 00:00:01.500000000
        hours, minutes, seconds = stream.metadata["DURATION"].split(":")
        return int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds) - start
    except (KeyError, ValueError):
        return None


def _has_gif_trailer(path: Path) -> bool:
    """Say whether a GIF is whole; FFmpeg takes a cut one for a shorter one."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 64), os.SEEK_END)
        return file.read().rstrip(b"\0").endswith(b";")
