"""Options that several commands share: the engine that makes a clip, and its settings.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import tyro

from mien.common.option_checks import make_plain
from mien.common.option_help import option
from mien.engines.registry import checked_settings, find_engine
from mien.engines.settings import EngineSettings
from mien.engines.spec import EngineSpec, Task


@dataclass(frozen=True, kw_only=True)
class EngineOptions:
    """Which engine, and its settings.

    Raises:
        UsageError: No such engine, or settings that it does not take.
    """

    task: ClassVar[Task | None]
    """What the engine must be able to do; None for any task."""

    engine: Annotated[str, option("NAME")]
    """The engine's name; mien engines lists them."""

    engine_settings: Annotated[EngineSettings | Mapping[str, Any] | None, tyro.conf.Suppress] = None
    """The engine's settings, as its dataclass or by name; None for the defaults."""

    def __post_init__(self) -> None:
        make_plain(self)
        _ = self.settings  # refuses what the engine does not take

    @property
    def spec(self) -> EngineSpec:
        """The description of the engine."""
        return find_engine(self.engine, self.task)

    @property
    def settings(self) -> EngineSettings:
        """The engine's settings, as its dataclass."""
        return checked_settings(self.spec, self.engine_settings)
