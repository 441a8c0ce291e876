"""The descriptions of the FOMM and MRAA engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mien.engines.motion_net.settings import FOMM_NAME, MRAA_NAME, FommSettings, MraaSettings
from mien.engines.network_settings import TORCH
from mien.engines.spec import EngineSpec

if TYPE_CHECKING:
    from mien.engines.motion_net.fomm import FommEngine
    from mien.engines.motion_net.mraa import MraaEngine


def _build_fomm(settings: FommSettings) -> FommEngine:
    from mien.engines.motion_net.fomm import FommEngine

    return FommEngine(settings)


def _build_mraa(settings: MraaSettings) -> MraaEngine:
    from mien.engines.motion_net.mraa import MraaEngine

    return MraaEngine(settings)


FOMM = EngineSpec(
    name=FOMM_NAME,
    tasks=("transfer",),
    settings=FommSettings,
    about="A trained network follows 18 points of the face; for comparison.",
    build=_build_fomm,
    extra=TORCH,
    digital_source="compositeWithTrainedAlgorithmicMedia",
)

MRAA = EngineSpec(
    name=MRAA_NAME,
    tasks=("transfer",),
    settings=MraaSettings,
    about="A trained network follows 18 regions of the face; for comparison.",
    build=_build_mraa,
    extra=TORCH,
    digital_source="compositeWithTrainedAlgorithmicMedia",
)
