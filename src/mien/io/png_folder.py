"""Write a clip as a folder of numbered PNGs."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from pathlib import Path

from mien.io.atomic import atomic_folder
from mien.io.formats import FormatFacts
from mien.io.png import as_bgr, encode_bgr_png
from mien.io.replacing import has_mark
from mien.io.sink import FrameSink
from mien.io.unfinished import is_unfinished
from mien.types import Image

SIDECAR_NAME = "mien.json"
"""The sidecar's name inside a folder of frames."""

_OWN_NAME = re.compile(rf"\d{{6,}}\.png|{re.escape(SIDECAR_NAME)}")


def is_own_sequence(folder: Path) -> bool:
    """Return whether a folder holds only a frame sequence that Mien wrote, so that it may be replaced."""
    names = [entry.name for entry in folder.iterdir() if not is_unfinished(entry)]
    if not all(_OWN_NAME.fullmatch(name) for name in names):
        return False
    # One of the two may be damaged.
    return has_mark(folder / SIDECAR_NAME) or has_mark(folder / "000000.png")


class PngFolderSink(FrameSink):
    """Write frames as ``000000.png``, ``000001.png``, ... into a folder, lossless and with alpha.

    A sequence has no clock of its own: the sidecar has the frame rate.
    """

    max_side_px = 65535

    @property
    def facts(self) -> FormatFacts:
        """What PNG does to the frames: nothing."""
        return FormatFacts(
            container="png",
            codec="png",
            lossless=True,
            alpha="kept" if self.channels == 4 else "none",
        )

    def _place(self) -> AbstractContextManager[Path]:
        return atomic_folder(self.path, is_own_sequence)

    def _open(self, temporary: Path) -> None:
        self._folder = temporary

    def _prepare(self, frame: Image, index: int) -> tuple[Image, int]:
        return as_bgr(
            frame
        ), index  # a copy: the caller may reuse its buffer while the encoder works

    def _encode(self, prepared: tuple[Image, int]) -> None:
        frame, index = prepared
        data = encode_bgr_png(frame, self.mark.as_text(), compression=1)
        (self._folder / f"{index:06d}.png").write_bytes(data)

    def _finish(self) -> None:
        pass
