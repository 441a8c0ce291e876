"""The keywords of `mien.generate`, typed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypedDict

from mien.au.frame_rate import FrameRate
from mien.engines.settings import EngineSettings


class RenderKeywords(TypedDict, total=False):
    """The keywords of `mien.batch`; `mien.generate.options.RenderOptions` has their meanings and defaults."""

    fps: FrameRate | None
    lead_seconds: float
    tail_seconds: float
    face: int | Literal["largest"] | None
    beyond_picture: bool
    size: str | None
    eye_distance_px: float | None
    eye_height_px: float | None
    oval: bool
    background: int
    mask: Literal["none", "noise", "scramble"]
    mask_seconds: float
    engine: str
    engine_settings: EngineSettings | Mapping[str, Any] | None
    chroma: Literal["444", "420"] | None


class ClipKeywords(RenderKeywords, total=False):
    """The keywords of `mien.generate`; `mien.generate.options.ClipOptions` has their meanings and defaults."""

    expression: str | None
    sample: str | None
    au: str | Iterable[str]
    aus: str | os.PathLike[str] | None
    aus_face: int | None
    aus_scale: float | None
    seed: int | None
    dataset: str | Iterable[str]
    intensity: str | float | None
    strength: float
    duration_seconds: float | None
    side: Literal["left", "right", "both"]
