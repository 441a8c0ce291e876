"""The description of the ULME-GAN engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mien.engines.network_settings import TORCH
from mien.engines.spec import EngineSpec
from mien.engines.ulme_gan.settings import NAME, UlmeGanSettings

if TYPE_CHECKING:
    from mien.engines.ulme_gan.engine import UlmeGanEngine


def _build(settings: UlmeGanSettings) -> UlmeGanEngine:
    from mien.engines.ulme_gan.engine import UlmeGanEngine

    return UlmeGanEngine(settings)


ULME_GAN = EngineSpec(
    name=NAME,
    tasks=("generate", "transfer"),
    settings=UlmeGanSettings,
    about="A trained network repaints the face; for research and comparison.",
    build=_build,
    extra=TORCH,
    digital_source="compositeWithTrainedAlgorithmicMedia",
)
