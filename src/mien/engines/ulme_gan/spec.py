"""The ULME-GAN engine, described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mien.engines.network_settings import TORCH, NetworkSettings
from mien.engines.settings import setting
from mien.engines.spec import EngineSpec

if TYPE_CHECKING:
    from mien.engines.ulme_gan.engine import UlmeGanEngine


@dataclass(frozen=True, kw_only=True)
class UlmeGanSettings(NetworkSettings):
    """Settings of the ULME-GAN engine."""

    au_mode: Literal["relative", "absolute"] = setting(
        "relative",
        "Intensities are the change from the portrait's own face (relative), or what is to be seen in the end, "
        "with the AUs that the portrait shows already (absolute).",
    )
    show: Literal["frames", "attention"] = setting(
        "frames", "Show the clip, or where the network repaints the portrait."
    )


def _build(settings: UlmeGanSettings) -> UlmeGanEngine:
    from mien.engines.ulme_gan.engine import UlmeGanEngine

    return UlmeGanEngine(settings)


ULME_GAN = EngineSpec(
    name="ulme-gan",
    tasks=("generate", "transfer"),
    settings=UlmeGanSettings,
    about="A trained network repaints the face; for research and comparison.",
    build=_build,
    extra=TORCH,
)
