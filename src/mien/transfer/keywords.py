"""The keywords of `mien.transfer`, typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mien.au.recode_mode import RecodeMode
from mien.common.cut_options import CutKeywords
from mien.engines.settings import EngineSettings


class CarryKeywords(CutKeywords, total=False):
    """The fields of `mien.transfer.options.CarryOptions`, for functions that take them as keywords."""

    engine: str
    engine_settings: EngineSettings | Mapping[str, Any] | None
    strength: float
    recode: RecodeMode | None
    threshold: float
    blinks: bool


class TransferKeywords(CarryKeywords, total=False):
    """The keywords of `mien.transfer`; `mien.transfer.options.TransferOptions` has their meanings and defaults."""

    baseline: Literal["first", "median", "auto"] | int
    driver_face: int | Literal["largest"] | None
    face: int | Literal["largest"] | None
    chroma: Literal["444", "420"] | None
