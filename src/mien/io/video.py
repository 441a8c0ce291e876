"""Read a video file as a clip."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from mien.errors import UnreadableVideoError
from mien.io.clip import Clip, TimedFrame
from mien.io.images import MAX_PIXELS
from mien.io.video_clock import FileClock, has_clock
from mien.io.video_file import film, opened
from mien.io.video_pixels import has_alpha, to_rgb

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream

MAX_MISSING_FRAMES = 1.5
"""A file that ends more than this many frames before its stated end has been cut off."""

_DURATION = re.compile(r"([0-9]{1,6}):([0-9]{1,2}):([0-9]{1,2}(?:\.[0-9]{1,9})?)")
"""Matroska's tag, such as 00:00:01.500000000."""


@dataclass(frozen=True)
class Video(Clip):
    """The frames of a video file.

    Attributes:
        own_clock: Whether times come from the file rather than from a given frame rate.
        pixel_aspect: Width over height of the stored pixels. Frames are resampled to square pixels.
    """

    own_clock: bool = True
    pixel_aspect: Fraction = Fraction(1)

    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield each frame with its time; see :meth:`mien.io.clip.Clip.__iter__`."""
        from av.error import FFmpegError
        from av.video.reformatter import VideoReformatter

        frames, converter = 0, VideoReformatter()
        before = Fraction(0)
        with opened(self.path) as container:
            stream = film(container)
            stream.thread_type = "AUTO"
            file_fps = _frame_rate(stream, self.path)
            clock = FileClock(container, stream, file_fps, self.path)
            try:
                for frame in container.decode(stream):
                    if frame.is_corrupt:
                        raise self._broken(frames, "damaged data")
                    rgb = to_rgb(frame, self.channels, self.pixel_aspect, converter)
                    if rgb.shape != (self.height, self.width, self.channels):
                        raise self._broken(frames, f"the size changes to {rgb.shape}")
                    stamp = clock.time(frame, frames)
                    now = stamp if self.own_clock else frames / self.fps
                    if frames and now <= before:
                        raise self._broken(
                            frames,
                            f"its time {float(now):g} s does not follow {float(before):g} s; "
                            "give --fps to place the frames without the file's time stamps",
                        )
                    before = now
                    yield float(now), rgb
                    frames += 1
            except FFmpegError as error:
                raise self._broken(frames, error.strerror or "damaged data") from error
            if container.format.name == "gif" and not _has_gif_trailer(self.path):
                raise self._broken(frames, "the file ends without GIF's end mark")
            due = _end_seconds(stream, clock.start)
        if due is not None and (due - clock.end) * file_fps > MAX_MISSING_FRAMES:
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

    with opened(path) as container:
        stream = film(container)
        if fps is None and not has_clock(container):
            raise UnreadableVideoError(
                f"expected a frame rate for {path}, as a {container.format.name} stream has no clock: "
                "give one with --fps"
            )
        try:
            first = next(container.decode(stream), None)
        except FFmpegError as error:
            raise UnreadableVideoError(
                f"expected a video, got {path}, whose first frame cannot be decoded "
                f"({error.strerror})"
            ) from error
        if first is None:
            raise UnreadableVideoError(f"expected a video with frames, got none in {path}")
        # GIF has no real alpha: its decoder reports pixels that do not change as transparent.
        channels = 4 if has_alpha(first) and stream.codec_context.name != "gif" else 3
        aspect = stream.sample_aspect_ratio or Fraction(1)
        _check_size(path, first, aspect)
        height, width = to_rgb(first, channels, aspect).shape[:2]
        file_fps = _frame_rate(stream, path)
        return Video(
            path,
            fps or file_fps,
            width,
            height,
            channels,
            own_clock=fps is None,
            pixel_aspect=aspect,
            frames_due=_frames_due(stream, file_fps),
            notes=_notes(first, aspect, width, height),
        )


def _check_size(path: Path, frame: VideoFrame, aspect: Fraction) -> None:
    """Refuse frames that are too large, either as stored or with square pixels."""
    if frame.width * frame.height * max(aspect, 1 / aspect) > MAX_PIXELS:
        raise UnreadableVideoError(
            f"expected frames of at most {MAX_PIXELS // 10**6} million pixels, got "
            f"{frame.width}x{frame.height} with pixels {float(aspect):.3g} times as wide as high in {path}"
        )


def _frames_due(stream: VideoStream, fps: Fraction) -> int | None:
    """Return how many frames a file states that it has; None if it does not say."""
    if stream.frames:
        return stream.frames
    due = _end_seconds(stream, (stream.start_time or 0) * (stream.time_base or Fraction(0)))
    return None if due is None else round(due * fps)


def _notes(first: VideoFrame, aspect: Fraction, width: int, height: int) -> tuple[str, ...]:
    """Return notes on pixels that are not square and on interlaced frames."""
    notes = []
    if {width, height} != {first.width, first.height}:
        notes.append(
            f"its pixels are {float(aspect):.3g} times as wide as high: "
            f"the frames are resampled to {width}x{height}"
        )
    if first.interlaced_frame:
        notes.append(
            "it is interlaced, so each frame shows two moments: deinterlace it first, "
            "for instance with ffmpeg -vf bwdif"
        )
    return tuple(notes)


def _frame_rate(stream: VideoStream, path: Path) -> Fraction:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate:
            return Fraction(rate)
    raise UnreadableVideoError(f"expected a video with a frame rate, got none in {path}: give one")


def _end_seconds(stream: VideoStream, start: Fraction) -> Fraction | None:
    """Return when the last frame ends according to the file, seconds since its first frame; None if it does not say."""
    tick = stream.time_base
    if stream.duration is not None and tick is not None:
        return (stream.start_time or 0) * tick + stream.duration * tick - start
    found = _DURATION.fullmatch(stream.metadata.get("DURATION", ""))
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds) - start


def _has_gif_trailer(path: Path) -> bool:
    """Return whether a GIF is complete. FFmpeg reads a cut file as a shorter clip, without an error."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 64), os.SEEK_END)
        return file.read().rstrip(b"\0").endswith(b";")
