"""The rig engine, described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mien.engines.settings import EngineSettings, setting
from mien.engines.spec import EngineSpec

if TYPE_CHECKING:
    from mien.engines.rig.engine import RigEngine


@dataclass(frozen=True, kw_only=True)
class RigSettings(EngineSettings):
    """Settings of the rig engine."""

    shading: bool = setting(True, "Let skin brighten and darken as its surface turns.")


def _build(settings: RigSettings) -> RigEngine:
    from mien.engines.rig.engine import RigEngine

    return RigEngine(settings)


RIG = EngineSpec(
    name="rig",
    tasks=("generate", "transfer"),
    settings=RigSettings,
    about="Moves the portrait's own pixels by a face rig: sharp, exact, in real time.",
    build=_build,
    fast=True,
)
