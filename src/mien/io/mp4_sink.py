"""Write H.264 in mp4."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mien.io.formats import FormatFacts
from mien.io.planes import to_yuv
from mien.io.sink import WAITING_BYTES, FrameSink, on_white
from mien.io.video_file import file_name
from mien.io.xmp import append_to_mp4
from mien.types import Image

if TYPE_CHECKING:
    from av import VideoFrame

THREADS = 2
"""Number of x264's threads; more bring no gain at these frame sizes."""

# Values of H.264's colour description (ITU-T H.273): sRGB primaries and curve, BT.601 matrix, full
# range. Decoders that ignore the tags assume this matrix.
_FULL_RANGE = 2
_BT601_MATRIX = 6
_BT709_PRIMARIES = 1
_SRGB_CURVE = 13


MAX_BLOCKS = 139_264
"""Most blocks of 16x16 pixels in a frame, by H.264's highest level, 6.2; players need not show larger frames."""


class Mp4Sink(FrameSink):
    """Write H.264 in mp4: constant quantiser, constant frame rate, index first (plays while loading).

    A frame that returns to the first one is a key frame. Otherwise a movement's last small differences from the first
    frame, which the quantiser drops, would stay visible on the face until the next key frame.
    """

    max_pixels = MAX_BLOCKS * 16 * 16

    @property
    def facts(self) -> FormatFacts:
        """What mp4 does to the frames: 4:2:0 pads odd sizes, alpha is laid over white."""
        halved = self.options.chroma == "420"
        return FormatFacts(
            container="mp4",
            codec=f"h264 yuv{self.options.chroma}p quantiser {self.options.quantiser}",
            lossless=False,
            padding_right_px=self.width % 2 if halved else 0,
            padding_bottom_px=self.height % 2 if halved else 0,
            alpha="on white" if self.channels == 4 else "none",
        )

    def _open(self, temporary: Path) -> None:
        import av

        self._container = av.open(
            file_name(temporary), "w", format="mp4", options={"movflags": "+faststart"}
        )
        self._container.metadata.update(title=self.mark.title, comment=self.mark.comment)
        stream: Any = self._container.add_stream("libx264", rate=self.fps)
        facts = self.facts
        stream.width = self.width + facts.padding_right_px
        stream.height = self.height + facts.padding_bottom_px
        stream.pix_fmt = f"yuv{self.options.chroma}p"
        stream.codec_context.time_base = 1 / self.fps
        stream.codec_context.thread_count = THREADS
        # A key frame at least each second, so that players find a frame quickly.
        stream.codec_context.gop_size = max(1, min(250, round(self.fps)))
        stream.codec_context.color_range = _FULL_RANGE
        stream.codec_context.colorspace = _BT601_MATRIX
        stream.codec_context.color_primaries = _BT709_PRIMARIES
        stream.codec_context.color_trc = _SRGB_CURVE
        stream.options = {"preset": "ultrafast", "qp": str(self.options.quantiser)}
        if self._frame_bytes > WAITING_BYTES:  # so that x264 does not keep copies of frames
            stream.options["tune"] = "zerolatency"
        if self.options.chroma == "444":
            # In 4:4:4, x264 quantises colour 6 steps more coarsely, as eyes hardly notice it. Here
            # each channel counts.
            stream.options["x264-params"] = "chroma-qp-offset=-6"
        self._stream = stream
        self._tick = Fraction(1) / self.fps

    def _prepare(self, frame: Image, index: int) -> VideoFrame:
        video_frame = to_yuv(on_white(frame), self.options.chroma)
        video_frame.color_range = _FULL_RANGE
        video_frame.colorspace = _BT601_MATRIX
        if self._returns(frame, index):
            from av.video.frame import PictureType

            video_frame.pict_type = PictureType.I
        video_frame.pts = index
        video_frame.time_base = self._tick
        return video_frame

    def _returns(self, frame: Image, index: int) -> bool:
        """Return whether a frame equals the clip's first one, and the frame before did not."""
        if index == 0:
            self._first, self._is_first = frame.copy(), True
        was, self._is_first = self._is_first, np.array_equal(frame, self._first)
        return self._is_first and not was

    def _encode(self, prepared: VideoFrame | None) -> None:
        for packet in self._stream.encode(prepared):
            self._container.mux(packet)

    def _finish(self) -> None:
        self._encode(None)
        self._container.close()
        if (packet := self.mark.xmp()) is not None:
            append_to_mp4(self._temporary, packet)

    def _close(self) -> None:
        self._container.close()
