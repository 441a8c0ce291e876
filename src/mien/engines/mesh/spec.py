"""The mesh engine, described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mien.engines.settings import EngineSettings, setting
from mien.engines.spec import EngineSpec

if TYPE_CHECKING:
    from mien.engines.mesh.engine import MeshEngine


@dataclass(frozen=True, kw_only=True)
class MeshSettings(EngineSettings):
    """Settings of the mesh engine."""

    gaze: bool = setting(False, "Move the irises as the driver's move.")
    head_motion: bool = setting(False, "Move the picture as the driver's head moved.")
    calibrate: bool = setting(
        True,
        "Correct the motion until it is measured on the portrait as it was on the driver.",
        advanced=True,
    )


def _build(settings: MeshSettings) -> MeshEngine:
    from mien.engines.mesh.engine import MeshEngine

    return MeshEngine(settings)


MESH = EngineSpec(
    name="mesh",
    tasks=("transfer",),
    settings=MeshSettings,
    about="Carries the driver's whole motion over, also what no action unit describes.",
    build=_build,
    fast=True,
)
