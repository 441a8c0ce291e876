"""The description of the mesh engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mien.engines.mesh.settings import NAME, MeshSettings
from mien.engines.spec import EngineSpec

if TYPE_CHECKING:
    from mien.engines.mesh.engine import MeshEngine


def _build(settings: MeshSettings) -> MeshEngine:
    from mien.engines.mesh.engine import MeshEngine

    return MeshEngine(settings)


MESH = EngineSpec(
    name=NAME,
    tasks=("transfer",),
    settings=MeshSettings,
    about="Transfers the driver's whole motion, including motion that no action unit describes.",
    build=_build,
    fast=True,
)
