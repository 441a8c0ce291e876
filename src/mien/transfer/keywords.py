"""The keywords of `mien.transfer`, typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from mien.au.frame_rate import FrameRate
from mien.au.recode_mode import RecodeMode
from mien.engines.settings import EngineSettings


class TransferKeywords(TypedDict, total=False):
    """The keywords of `mien.transfer`; `mien.transfer.options.TransferOptions` has their meanings and defaults."""

    fps: FrameRate | None
    start_seconds: float | None
    end_seconds: float | None
    scale: Literal["full", "fast"]
    engine: str
    engine_settings: EngineSettings | Mapping[str, Any] | None
    strength: float
    recode: RecodeMode | None
    threshold: float
    blinks: bool
    baseline: Literal["first", "median"] | int
    driver_face: int | Literal["largest"] | None
    face: int | Literal["largest"] | None
    chroma: Literal["444", "420"] | None
