"""The look of stimuli in requests: size, eyes, oval and mask."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from mien.generate.look_options import LookOptions
from mien.studio.schemas import Model, Word


class LookModel(Model):
    """Size, eyes, oval and mask; see `mien.generate.look_options`."""

    size: Word | None = None
    eye_distance_px: float | None = None
    eye_height_px: float | None = None
    oval: bool = False
    background: Annotated[int, Field(ge=0, le=255)] = 128
    mask: Literal["none", "noise", "scramble"] = "none"
    mask_seconds: float = 0.1

    def options(self) -> dict[str, Any]:
        """Return the keywords of the core's options.

        Raises:
            UsageError: A value out of its range, or values that do not fit together.
        """
        given = self.model_dump()
        LookOptions(**given)
        return given


def shown_chroma(kind: str, chroma: Literal["444", "420"] | None) -> str | None:
    """Return the chroma subsampling of a file that may be shown in a browser: 420 for an mp4 by default.

    Browsers other than those based on Chromium do not play 444.
    """
    return chroma or ("420" if kind == "mp4" else None)
