"""The description of the rig engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mien.engines.rig.settings import NAME, RigSettings
from mien.engines.spec import EngineSpec

if TYPE_CHECKING:
    from mien.engines.rig.engine import RigEngine


def _build(settings: RigSettings) -> RigEngine:
    from mien.engines.rig.engine import RigEngine

    return RigEngine(settings)


RIG = EngineSpec(
    name=NAME,
    tasks=("generate", "transfer"),
    settings=RigSettings,
    about="Moves the portrait's own pixels by a face rig: sharp, exact, in real time.",
    build=_build,
    fast=True,
)
