"""Settings of the mesh engine."""

from __future__ import annotations

from dataclasses import dataclass

from mien.engines.settings import EngineSettings, setting

NAME = "mesh"


@dataclass(frozen=True, kw_only=True)
class MeshSettings(EngineSettings):
    """Settings of the mesh engine."""

    gaze: bool = setting(False, "Move the irises as the driver's irises move.")
    head_motion: bool = setting(False, "Move the picture as the driver's head moved.")
    calibrate: bool = setting(
        True,
        "Correct the motion until the measured motion of the portrait matches the driver's.",
        advanced=True,
    )
