"""The base of all frame sinks: checks, output that is complete or absent, an encoder thread."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

import numpy as np

from mien.errors import MienError, OutputError, UsageError
from mien.interrupts import uninterrupted
from mien.io.atomic import atomic_file
from mien.io.formats import FormatFacts, SinkOptions
from mien.io.mark import SyntheticMark
from mien.io.replacing import is_own_clip
from mien.io.worker import QUEUE_LENGTH, Worker
from mien.types import Image

MAX_FPS_TERM = 2**31 - 1
"""Largest numerator and denominator of a frame rate that the containers can hold."""

WAITING_BYTES = 1 << 26
"""Memory for frames that wait for the encoder. A larger frame is encoded before the next one is made."""


class FrameSink(ABC):
    """Writes the frames of one clip, frame i at i / fps, in constant memory.

    Use it as a context manager. The file or folder appears under its name only if the block ends without an error.

    Args:
        path: The output.
        fps: Frames a second, exact.
        width: Width, pixels.
        height: Height, pixels.
        channels: 3 (RGB) or 4 (RGBA, straight alpha).
        options: How to encode.

    Raises:
        UsageError: A number of channels other than 3 and 4, or a frame rate that no format can hold.
        OutputError: A size or frame rate that this format cannot hold; on entering the block, a place that cannot be
            written.
    """

    max_side_px: ClassVar[int] = 16384
    max_pixels: ClassVar[int | None] = None

    def __init__(
        self,
        path: Path,
        fps: Fraction,
        *,
        width: int,
        height: int,
        channels: int,
        options: SinkOptions,
    ) -> None:
        if channels not in (3, 4):
            raise UsageError(f"expected 3 (RGB) or 4 (RGBA) channels, got {channels}")
        if fps <= 0 or max(fps.numerator, fps.denominator) > MAX_FPS_TERM:
            raise UsageError(f"expected a frame rate above 0 such as 200 or 30000/1001, got {fps}")
        if not 1 <= min(width, height) <= max(width, height) <= self.max_side_px:
            raise OutputError(
                f"expected frames of at most {self.max_side_px} pixels a side in {path.name}, "
                f"got {width}x{height}: make them smaller or write PNGs into a folder"
            )
        if self.max_pixels is not None and width * height > self.max_pixels:
            raise OutputError(
                f"expected frames of at most {self.max_pixels / 1e6:.1f} million pixels in {path.name}, "
                f"got {width}x{height}: make them smaller or write PNGs into a folder"
            )
        self.path = path
        self.fps = fps
        self.width = width
        self.height = height
        self.channels = channels
        self.options = options
        self.mark = SyntheticMark()
        self.stale: Path | None = None
        """A file that describes the old clip, removed just before the new clip replaces it; see `atomic_file`."""
        self.seal: Callable[[Path], None] | None = None
        """Called with the temporary file or folder once the clip is complete, before it gets its final name."""
        self.frames = 0
        """Frames written so far."""

    @property
    @abstractmethod
    def facts(self) -> FormatFacts:
        """What the format does to the frames."""

    @property
    def slowdown(self) -> int:
        """Whole factor by which the file plays slower than ``fps``; 1 for all formats but GIF."""
        return self.facts.slowdown

    def write(self, frame: Image) -> None:
        """Write the next frame.

        Args:
            frame: (height, width, channels) uint8 RGB(A); its memory may be reused afterwards.

        Raises:
            UsageError: A frame of another shape or type.
            OutputError: This or an earlier frame cannot be written, for example because the disk is full.
        """
        expected = (self.height, self.width, self.channels)
        if frame.shape != expected or frame.dtype != np.uint8:
            raise UsageError(
                f"expected frame {self.frames} of shape {expected} uint8, "
                f"got {frame.shape} {frame.dtype}"
            )
        prepared = self._prepare(np.ascontiguousarray(frame), self.frames)
        if self._worker is None:
            self._guarded(self._encode, prepared)
        else:
            self._worker.put(prepared)
        self.frames += 1

    def __enter__(self) -> Self:
        """Open the temporary output.

        Raises:
            OutputError: The place cannot be written.
        """
        self._stack = ExitStack()
        self._worker: Worker[Any] | None = None
        self._opened = False
        try:
            with uninterrupted():
                self._temporary = self._stack.enter_context(self._place())
                self._guarded(self._open, self._temporary)
                self._opened = True
                length = min(WAITING_BYTES // self._frame_bytes, QUEUE_LENGTH)
                if length:
                    self._worker = Worker(lambda item: self._guarded(self._encode, item), length)
            return self
        except BaseException:
            self._give_up()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish and rename the output, or remove it if the block failed."""
        try:
            if error is not None:
                raise error
            if self._worker is not None:
                self._worker.finish()
            if self.frames == 0:
                raise OutputError(f"expected at least one frame for {self.path}, got none")
            self._guarded(self._finish)
            if self.seal is not None:
                self._guarded(self.seal, self._temporary)
            self._stack.close()
        except BaseException as failure:
            self._give_up()
            if failure is not error:
                raise

    def _give_up(self) -> None:
        """End the encoder's thread, close the file and remove it; called while an error is handled."""
        with uninterrupted():
            if self._worker is not None:
                self._worker.stop()
            if self._opened:
                # The encoder may be in any state, and the file is removed anyway.
                with suppress(Exception):
                    self._close()
            # The context managers of `atomic` remove what they made and raise the same error again.
            with suppress(BaseException):
                self._stack.__exit__(*sys.exc_info())

    def _guarded(self, step: Any, *arguments: Any) -> None:
        """Run a step of the encoder; its own errors become one line."""
        from av.error import FFmpegError

        try:
            step(*arguments)
        except MienError:
            raise
        except (FFmpegError, OSError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise OutputError(f"cannot write {self.path}: {reason}") from error

    def _place(self) -> AbstractContextManager[Path]:
        return atomic_file(self.path, self.stale, is_own_clip)

    @property
    def _frame_bytes(self) -> int:
        return self.width * self.height * self.channels

    @abstractmethod
    def _open(self, temporary: Path) -> None: ...

    @abstractmethod
    def _prepare(self, frame: Image, index: int) -> Any:
        """Copy the frame into the encoder's form; runs in the caller's thread."""

    @abstractmethod
    def _encode(self, prepared: Any) -> None:
        """Encode one prepared frame; runs in the encoder's thread."""

    @abstractmethod
    def _finish(self) -> None:
        """Flush the encoder and close the file."""

    def _close(self) -> None:  # noqa: B027 - a sink without open files has nothing to close
        """Close the file after a failure."""


def on_white(frame: Image) -> Image:
    """Lay an RGBA frame over white; return an RGB frame as it is.

    White is what a page or a slide shows behind a cut-out portrait, unlike the renderer's grey.

    Returns:
        (H, W, 3) RGB uint8.
    """
    if frame.shape[2] == 3:
        return frame
    import cv2

    alpha = cv2.cvtColor(frame[:, :, 3], cv2.COLOR_GRAY2RGB)
    colour = cv2.cvtColor(frame, cv2.COLOR_RGBA2RGB)
    return cv2.add(cv2.multiply(colour, alpha, scale=1 / 255), 255 - alpha)
