"""Write GIF, slowed down by a whole factor to fit its coarse clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from mien.errors import OutputError
from mien.io.formats import FormatFacts
from mien.io.planes import plane_arrays
from mien.io.sink import FrameSink, on_white
from mien.io.video_file import file_name
from mien.io.xmp import append_to_gif
from mien.types import Image

if TYPE_CHECKING:
    from av import VideoFrame
    from av.filter import FilterContext, Graph

TICKS_PER_SECOND = 100
"""GIF stores delays in hundredths of a second."""

MIN_TICKS = 2
"""Browsers show frames with a shorter delay for 100 ms."""

MAX_SLOWDOWN = 50
"""A clip slowed down more than this would be a slide show, and is refused."""

_PALETTE_SIDE_PX = 16
_COLOURS = 239
_SPARE_COLOURS = (
    *((level, level, level) for level in (0, 51, 102, 153, 204, 255)),
    *((level, level // 3, level // 3) for level in (60, 110, 160, 210)),
    (255, 0, 0),
    (0, 255, 0),
    (0, 0, 255),
    (255, 255, 0),
    (0, 255, 255),
    (255, 0, 255),
)
"""Colours that the first frame may lack: greys and reds of teeth and mouth, and the corners of RGB."""

_TICK_SECONDS = Fraction(1, TICKS_PER_SECOND)


def gif_timing(fps: Fraction) -> tuple[int, int]:
    """Find the smallest whole slowdown that puts every frame on GIF's clock.

    Returns:
        (slowdown, ticks a frame). For 200 frames a second this is (4, 2): four times slower, each frame 20 ms.

    Raises:
        OutputError: The frame rate needs a slowdown over 50, as 30000/1001 does.
    """
    ticks = TICKS_PER_SECOND / fps
    slowdown = ticks.denominator
    while ticks * slowdown < MIN_TICKS:
        slowdown += ticks.denominator
    if slowdown > MAX_SLOWDOWN:
        raise OutputError(
            f"GIF's clock ticks 10 ms, so {fps} frames a second would play {slowdown} times "
            "slower: use 25, 30, 50, 100 or 200 frames a second, or .mp4"
        )
    return slowdown, int(ticks * slowdown)


class GifSink(FrameSink):
    """Write a GIF that loops forever.

    All frames share one palette, most of it chosen from the first frame, and dithering depends on the position alone.
    So whatever stands still in the clip stands still in the GIF, bit for bit. Error diffusion would make it shimmer.
    """

    max_side_px = 65535

    def __init__(self, path: Path, fps: Fraction, **frame: Any) -> None:
        super().__init__(path, fps, **frame)
        self._slowdown, self._ticks = gif_timing(fps)

    @property
    def facts(self) -> FormatFacts:
        """What GIF does to the frames: slows them down, 255 colours, alpha laid over white."""
        return FormatFacts(
            container="gif",
            codec="gif 255 colours, mostly of the first frame, ordered dither",
            lossless=False,
            slowdown=self._slowdown,
            alpha="on white" if self.channels == 4 else "none",
        )

    def _open(self, temporary: Path) -> None:
        import av

        self._painter: _Painter | None = None
        self._container = av.open(file_name(temporary), "w", format="gif", options={"loop": "0"})
        stream: Any = self._container.add_stream("gif", rate=TICKS_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt = self.width, self.height, "pal8"
        stream.codec_context.time_base = _TICK_SECONDS
        self._stream = stream

    def _prepare(self, frame: Image, index: int) -> VideoFrame:
        import av
        import cv2

        video_frame = av.VideoFrame(self.width, self.height, "bgra")
        pixels = plane_arrays(video_frame, channels=4)[0]
        cv2.cvtColor(on_white(frame), cv2.COLOR_RGB2BGRA, pixels)
        video_frame.pts = index * self._ticks
        video_frame.time_base = Fraction(1, TICKS_PER_SECOND)
        return video_frame

    def _encode(self, prepared: VideoFrame | None) -> None:
        if self._painter is None:
            assert prepared is not None  # a clip has a first frame before it is finished
            self._painter = _Painter(prepared)
        for frame in self._painter.paint(prepared):
            self._mux(self._stream.encode(frame))

    def _finish(self) -> None:
        self._encode(None)
        self._mux(self._stream.encode(None))
        self._container.close()
        if (packet := self.mark.xmp()) is not None:
            append_to_gif(self._temporary, packet)
        _append_comment(self._temporary, self.mark.comment)

    def _close(self) -> None:
        self._container.close()

    def _mux(self, packets: Any) -> None:
        for packet in packets:
            packet.duration = self._ticks
            self._container.mux(packet)


class _Painter:
    """Map frames to the palette of a clip's first frame.

    Args:
        first: The first frame, ``bgra``.
    """

    def __init__(self, first: VideoFrame) -> None:
        from av.filter import Graph

        self._graph = Graph()
        self._frames = _buffer(self._graph, first.width, first.height)
        palettes = _buffer(self._graph, _PALETTE_SIDE_PX, _PALETTE_SIDE_PX)
        use = self._graph.add("paletteuse", "dither=bayer:bayer_scale=3")
        self._sink: Any = self._graph.add("buffersink")
        self._frames.link_to(use, 0, 0)
        palettes.link_to(use, 0, 1)
        use.link_to(self._sink)
        self._graph.configure()
        palettes.push(_palette(first))
        palettes.push(None)

    def paint(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """Take a frame (None at the end) and yield the frames that are ready, ``pal8``."""
        from av.error import BlockingIOError as NotReadyError
        from av.error import EOFError as EndError

        self._frames.push(frame)
        while True:
            try:
                yield self._sink.pull()
            except (NotReadyError, EndError):
                return


def _palette(first: VideoFrame) -> VideoFrame:
    """Choose 239 colours from the first frame and add the spare ones; the last entry is transparent."""
    from av.filter import Graph

    graph = Graph()
    graph.link_nodes(
        _buffer(graph, first.width, first.height),
        graph.add("palettegen", f"max_colors={_COLOURS + 1}"),
        graph.add("buffersink"),
    ).configure()
    graph.push(first)
    graph.push(None)
    palette = cast("VideoFrame", graph.pull())
    palette.make_writable()
    entries = plane_arrays(palette, channels=4)[0]
    for index, (red, green, blue) in enumerate(_SPARE_COLOURS, start=_COLOURS):
        row, column = divmod(index, _PALETTE_SIDE_PX)
        entries[row, column] = (blue, green, red, 255)
    palette.pts, palette.time_base = 0, _TICK_SECONDS
    return palette


def _buffer(graph: Graph, width: int, height: int) -> FilterContext:
    """Add a graph's input of ``bgra`` frames on GIF's clock."""
    pixels: Any = {"format": "bgra", "time_base": _TICK_SECONDS}
    return graph.add_buffer(width=width, height=height, **pixels)


def _append_comment(path: Path, comment: str) -> None:
    """Put a comment before the trailer byte; the muxer writes none."""
    text = comment.encode("ascii")
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x21\xfe" + bytes([len(text)]) + text + b"\x00\x3b")
