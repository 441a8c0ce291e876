"""What every engine can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from mien.au.track import AUTrack
from mien.face.portrait import Portrait
from mien.types import Image


class Engine(Protocol):
    """Turns a portrait and an AU track into frames."""

    @property
    def name(self) -> str:
        """What the command line and the sidecar call it."""
        ...

    def render(self, portrait: Portrait, track: AUTrack) -> Iterator[Image]:
        """Yield one frame for each row of the track, each of the portrait's size and channels.

        Frames come one at a time, so that memory does not grow with the clip. A row of zeros gives the portrait
        itself, bit for bit, and pixels outside the face's region are the portrait's in every frame.
        """
        ...
