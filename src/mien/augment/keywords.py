"""The keywords of `mien.augment`, typed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Required, TypedDict

from mien.au.frame_rate import FrameRate
from mien.engines.settings import EngineSettings
from mien.motion.flow_method import FlowMethod


class AugmentKeywords(TypedDict, total=False):
    """The keywords of `mien.augment`; `mien.augment.options.AugmentOptions` has their meanings and defaults."""

    count: Required[int]
    engine: str
    engine_settings: EngineSettings | Mapping[str, Any] | None
    emotions: tuple[str, ...]
    datasets: tuple[str, ...]
    seed: int
    drivers: Path | None
    strength: float
    fps: FrameRate
    frames: Literal["all", "two"]
    side_px: int
    film: bool
    validation: float
    flow: FlowMethod
    format: Literal["mkv", "png"]
    skip_bad: bool
