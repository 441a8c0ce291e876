"""Options of a clip's format, and facts about what the format did to the frames."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

from mien.errors import UsageError

Chroma: TypeAlias = Literal["444", "420"]

CHROMAS: tuple[Chroma, ...] = get_args(Chroma)


@dataclass(frozen=True)
class SinkOptions:
    """How frames are encoded.

    Attributes:
        chroma: Colour resolution of mp4. ``444`` keeps the full resolution, which 42 dB needs. It plays in VLC, mpv,
            Chrome, Edge, PsychoPy and everything built on FFmpeg. ``420`` halves it, reaches about 40 dB and plays
            everywhere, QuickTime, Safari, PowerPoint and phones included.
        quantiser: Constant quantiser of mp4, 1 (best) to 51. It gives each frame the same quality, whatever moves; 13
            reaches over 42 dB even on camera noise.

    Raises:
        UsageError: A value out of its range.
    """

    chroma: Chroma = "444"
    quantiser: int = 13

    def __post_init__(self) -> None:
        if self.chroma not in CHROMAS:
            raise UsageError(f"expected chroma 444 or 420, got {self.chroma!r}")
        if not 1 <= self.quantiser <= 51:
            raise UsageError(f"expected a quantiser from 1 to 51, got {self.quantiser!r}")


@dataclass(frozen=True)
class FormatFacts:
    """What a format did to the frames, for the sidecar.

    Attributes:
        container: ``mp4``, ``mkv``, ``gif`` or ``png``.
        codec: Codec and pixel format.
        lossless: Whether the frames come back bit for bit.
        slowdown: Whole factor by which the file plays slower than the clip's own frame rate.
        padding_right_px: Columns added at the right by repeating the last, 0 or 1.
        padding_bottom_px: Rows added at the bottom by repeating the last, 0 or 1.
        alpha: ``none`` (the frames have no alpha), ``kept``, or ``on white`` (laid over white, because the format has
            no alpha).
    """

    container: str
    codec: str
    lossless: bool
    slowdown: int = 1
    padding_right_px: int = 0
    padding_bottom_px: int = 0
    alpha: Literal["none", "kept", "on white"] = "none"

    def to_json(self) -> dict[str, Any]:
        """Return the facts as JSON values."""
        return asdict(self)
