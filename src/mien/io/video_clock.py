"""Find the times of a video's frames from the time stamps of its file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.container import InputContainer

_NO_TIME_STAMPS = 0x80
"""FFmpeg's flag of formats without a clock (AVFMT_NOTIMESTAMPS)."""


def has_clock(container: InputContainer) -> bool:
    """Return whether a file's format has time stamps; raw H.264 and raw MJPEG have none."""
    return not int(container.format.flags) & _NO_TIME_STAMPS


class FileClock:
    """The clock of a video file, which gives the time of each frame in seconds since the first one.

    AVI stores no time stamps, only the order in which frames are decoded. With B-frames, frames are shown in another
    order, and FFmpeg gives them stamps that rise and fall. Therefore the k-th frame that is shown gets the k-th
    smallest stamp.

    Containers round times to their ticks. A time within half a tick of i / fps is taken as i / fps.

    Args:
        container: The file, before any frame was decoded.
        stream: Its video stream.
        fps: Its frame rate, for frames without a stamp.
        path: The file.
    """

    def __init__(
        self, container: InputContainer, stream: VideoStream, fps: Fraction, path: Path
    ) -> None:
        self._fps = fps
        self._stamps = _stamps(path, stream.index) if container.format.name == "avi" else None
        self.start: Fraction = Fraction(0)
        """Stamp of the first frame, seconds."""
        self.end: Fraction = Fraction(0)
        """When the latest of the frames read so far ends, seconds since the first one."""

    def time(self, frame: VideoFrame, index: int) -> Fraction:
        """Return the time of a frame.

        Args:
            frame: The frame.
            index: Its number in the order of display, from 0.
        """
        time = self._time(frame, index)
        lasts = (frame.duration or 0) * (frame.time_base or Fraction(0))
        self.end = max(self.end, time + max(lasts, 1 / self._fps))
        return time

    def _time(self, frame: VideoFrame, index: int) -> Fraction:
        tick = frame.time_base
        stamp = frame.pts
        if self._stamps is not None:
            stamp = self._stamps[index] if index < len(self._stamps) else None
        if stamp is None or tick is None:
            return index / self._fps
        if index == 0:
            self.start = stamp * tick
        return _snapped(stamp * tick - self.start, self._fps, tick)


def _stamps(path: Path, index: int) -> list[int]:
    """Return the time stamps of a stream's packets, in ticks, sorted."""
    from mien.io.video_file import opened

    with opened(path) as container:
        packets: Any = container.demux(container.streams[index])
        return sorted(packet.pts for packet in packets if packet.size and packet.pts is not None)


def _snapped(seconds: Fraction, fps: Fraction, tick: Fraction) -> Fraction:
    on_grid = round(seconds * fps) / fps
    return on_grid if abs(seconds - on_grid) <= tick / 2 else seconds
