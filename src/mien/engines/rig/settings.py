"""Settings of the rig engine."""

from __future__ import annotations

from dataclasses import dataclass

from mien.engines.settings import EngineSettings, setting

NAME = "rig"


@dataclass(frozen=True, kw_only=True)
class RigSettings(EngineSettings):
    """Settings of the rig engine."""

    shading: bool = setting(True, "Let skin brighten and darken as its surface turns.")
