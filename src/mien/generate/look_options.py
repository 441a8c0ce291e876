"""Options of how a stimulus is shown: size, eye position, oval, and a mask: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal, TypeAlias

import tyro

from mien.common.option_checks import check_choice, check_number
from mien.common.option_help import option
from mien.errors import UsageError

MaskKind: TypeAlias = Literal["none", "noise", "scramble"]
"""What hides the afterimage of the face: nothing, noise, or the face in shuffled tiles."""

LEAST_SIDE_PX, MOST_SIDE_PX = 16, 4096
_SIZE = re.compile(r"(\d{1,5})(?:x(\d{1,5}))?")


@dataclass(frozen=True, kw_only=True)
class LookOptions:
    """How a stimulus is shown. By default, frames are the portrait's own.

    Raises:
        UsageError: A value out of its range, or options that do not fit together.
    """

    size: Annotated[str | None, option("WxH")] = None
    """Size of the frames in pixels, such as 512 or 480x640. Each face is turned, scaled and moved
    so that its eyes are at the same place in all clips of this size."""

    eye_distance_px: Annotated[float | None, option("PX", name="eye-distance")] = None
    """With --size: distance between the centres of the eyes; a quarter of the width by default."""

    eye_height_px: Annotated[float | None, option("PX", name="eye-height")] = None
    """With --size: distance of the eyes from the upper edge; 0.42 of the height by default."""

    oval: tyro.conf.FlagCreatePairsOff[bool] = False
    """Show the face in an oval without hair, ears and background; the oval is the same for all
    faces, measured in distances between the eyes."""

    background: Annotated[int, option("GREY")] = 128
    """Grey around the oval, and where a frame of --size reaches beyond the picture: 0 to 255."""

    mask: MaskKind = "none"
    """A picture after the clip that hides the afterimage: noise with the spectrum of the face, or
    the face scrambled in tiles."""

    mask_seconds: Annotated[float, option("SECONDS", name="mask-duration")] = 0.1
    """With --mask: how long it stays, rounded to whole frames, at least one."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", _size(self.size))
        if self.size is None:
            for name, value in (("distance", self.eye_distance_px), ("height", self.eye_height_px)):
                if value is not None:
                    raise UsageError(f"--eye-{name} needs --size: add --size")
        else:
            width, height = self.size_px or (0, 0)
            if self.eye_distance_px is not None:
                check_number("--eye-distance", self.eye_distance_px, 4, width)
            if self.eye_height_px is not None:
                check_number("--eye-height", self.eye_height_px, 0, height)
        if not 0 <= self.background <= 255:
            raise UsageError(f"expected --background from 0 to 255, got {self.background}")
        check_choice("--mask", self.mask, ("none", "noise", "scramble"))
        if not 0.0 < self.mask_seconds <= 60.0:
            raise UsageError(
                f"expected --mask-duration above 0 and at most 60 seconds, got {self.mask_seconds:g}"
            )

    @property
    def size_px(self) -> tuple[int, int] | None:
        """(width, height) of the frames; None for the portrait's own."""
        if self.size is None:
            return None
        width, height = self.size.split("x")
        return int(width), int(height)

    @property
    def changes_frames(self) -> bool:
        """Whether the shown frames differ from the engine's frames."""
        return self.size is not None or self.oval

    def mask_frames(self, fps: float) -> int:
        """Return how many frames the mask stays; 0 without one."""
        return 0 if self.mask == "none" else max(1, math.floor(self.mask_seconds * fps + 0.5))

    def given(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, as JSON values."""
        found = {f.name: getattr(self, f.name) for f in fields(LookOptions)}
        if self.mask != "none":
            return {n: v for n, v in found.items() if n == "mask_seconds" or v != _DEFAULTS[n]}
        return {n: v for n, v in found.items() if n != "mask_seconds" and v != _DEFAULTS[n]}


_DEFAULTS = {field.name: field.default for field in fields(LookOptions)}
LOOK_FIELDS = tuple(_DEFAULTS)


def _size(size: object) -> str | None:
    """Return a size as ``WxH``.

    Raises:
        UsageError: The text is not a size, or a number is odd, too small or too large.
    """
    if size is None:
        return None
    found = _SIZE.fullmatch(str(size).strip().lower().replace("×", "x"))
    if found is None:
        raise UsageError(f"expected --size such as 512 or 480x640, got {size!r}")
    width, height = int(found[1]), int(found[2] or found[1])
    for side in (width, height):
        # Video with halved colour resolution has no odd sizes.
        if not LEAST_SIDE_PX <= side <= MOST_SIDE_PX or side % 2:
            raise UsageError(
                f"expected --size with even numbers from {LEAST_SIDE_PX} to {MOST_SIDE_PX}, got {size!r}"
            )
    return f"{width}x{height}"
