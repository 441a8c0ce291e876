"""Write lossless FFV1 in Matroska."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.errors import OutputError
from mien.io.formats import FormatFacts
from mien.io.planes import plane_arrays
from mien.io.sink import FrameSink
from mien.io.video_file import file_name
from mien.types import Image

if TYPE_CHECKING:
    from av import VideoFrame

MILLISECOND_NS = 1_000_000
MICROSECOND_NS = 1_000

_SCALE_ELEMENT = b"\x2a\xd7\xb1\x83"
"""Matroska's TimestampScale with a value of 3 bytes: nanoseconds a tick."""

_SLICES = (4, 6, 9, 12, 16, 20, 24, 30, 36, 42, 49)
"""Numbers of slices that a frame may be cut into."""

_SLICE_PIXELS = 4_200_000
"""With Golomb codes, slices much larger than this are refused by the encoder."""

_HEADER_BYTES = 8192
"""Bytes read at the start of the file. The elements that are patched lie there, before the first frame."""


class MkvSink(FrameSink):
    """Write FFV1 in Matroska: every pixel comes back bit for bit, alpha too.

    Matroska counts whole ticks, and FFmpeg writes ticks of a millisecond. They are exact for 200 or 25 frames a
    second, but not for 30 or 30000/1001. Where they are not exact, the clip is written in ticks of a microsecond, so
    that frame i is at i / fps within half a microsecond.
    """

    @property
    def facts(self) -> FormatFacts:
        """What mkv does to the frames: nothing."""
        return FormatFacts(
            container="mkv",
            codec=f"ffv1 {self._pixel_format}",
            lossless=True,
            alpha="kept" if self.channels == 4 else "none",
        )

    @property
    def _pixel_format(self) -> str:
        return "bgra" if self.channels == 4 else "bgr0"

    def _open(self, temporary: Path) -> None:
        import av

        whole_milliseconds = (1000 / self.fps).denominator == 1
        self._tick_ns = MILLISECOND_NS if whole_milliseconds else MICROSECOND_NS
        # Without checksums, as the header is patched below, and without a random file id, so that the
        # same frames make the same file.
        options = {"write_crc32": "0", "fflags": "+bitexact"}
        self._container = av.open(file_name(temporary), "w", format="matroska", options=options)
        self._container.metadata.update(self.mark.as_tags())
        stream: Any = self._container.add_stream("ffv1", rate=self.fps)
        stream.width, stream.height = self.width, self.height
        stream.pix_fmt = self._pixel_format
        stream.codec_context.time_base = 1 / self.fps
        stream.codec_context.thread_type = "SLICE"
        stream.codec_context.thread_count = 2
        pixels = self.width * self.height
        slices = next((n for n in _SLICES if pixels <= n * _SLICE_PIXELS), _SLICES[-1])
        # Level 3 has a checksum in each slice. Golomb codes are 1.5 times as fast, for 2 % more bytes.
        stream.options = {"level": "3", "slices": str(slices), "slicecrc": "1", "coder": "0"}
        self._stream = stream

    def _prepare(self, frame: Image, index: int) -> VideoFrame:
        import av
        import cv2

        video_frame = av.VideoFrame(self.width, self.height, self._pixel_format)
        code = cv2.COLOR_RGBA2BGRA if self.channels == 4 else cv2.COLOR_RGB2BGRA
        cv2.cvtColor(frame, code, plane_arrays(video_frame, channels=4)[0])
        video_frame.pts = index
        video_frame.time_base = Fraction(1) / self.fps
        return video_frame

    def _encode(self, prepared: VideoFrame | None) -> None:
        for packet in self._stream.encode(prepared):
            if self._tick_ns != MILLISECOND_NS:
                # The muxer expects milliseconds. It gets microseconds, and its header is corrected at
                # the end.
                packet.pts = packet.dts = round(packet.pts * packet.time_base * 10**6)
                packet.duration = round(10**6 / self.fps)
                packet.time_base = Fraction(1, 1000)
            self._container.mux(packet)

    def _finish(self) -> None:
        self._encode(None)
        self._container.close()
        if self._tick_ns != MILLISECOND_NS:
            _set_tick(self._temporary, self._tick_ns, self.frames / self.fps)

    def _close(self) -> None:
        self._container.close()


def _set_tick(path: Path, tick_ns: int, duration_seconds: Fraction) -> None:
    """Set the length of a tick, and correct the duration tag, which the muxer computed in milliseconds."""
    with path.open("r+b") as file:
        header = file.read(_HEADER_BYTES)
        scale = header.find(_SCALE_ELEMENT + MILLISECOND_NS.to_bytes(3, "big"))
        tag = header.find(b"DURATION\x44\x87\x93")
        if scale < 0 or tag < 0:
            raise OutputError(
                "cannot set exact frame times in this mkv: its header is not as expected; "
                "use .mp4 or 200 fps"
            )
        file.seek(scale + len(_SCALE_ELEMENT))
        file.write(tick_ns.to_bytes(3, "big"))
        minutes, seconds = divmod(duration_seconds, 60)
        hours, minutes = divmod(minutes, 60)
        text = f"{hours:02d}:{minutes:02d}:{float(seconds):012.9f}"
        file.seek(tag + len(b"DURATION\x44\x87\x93"))
        file.write(text.encode("ascii")[:18])
