"""Settings of the ULME-GAN engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mien.engines.network_settings import NetworkSettings, RigOrNetwork
from mien.engines.settings import setting

NAME = "ulme-gan"


@dataclass(frozen=True, kw_only=True)
class UlmeGanSettings(NetworkSettings):
    """Settings of the ULME-GAN engine."""

    au_mode: Literal["relative", "absolute"] = setting(
        "relative",
        "Intensities are the change from the portrait's own face (relative), or the final intensities, which include "
        "the AUs that the portrait already shows (absolute).",
    )
    show: Literal["frames", "attention", "raw"] = setting(
        "frames",
        "Show the clip (frames), the places that the network repaints (attention), or the network's own square picture "
        "as the paper's system gives it (raw).",
    )
    lids: RigOrNetwork = setting(
        "rig",
        "What moves the portrait's lids with AU5, AU43 and AU45: the rig, or the network, which stretches the iris and "
        "leaves closed lids partly open. With --show raw always the network.",
        advanced=True,
    )

    mouth: RigOrNetwork = setting(
        "rig",
        "What draws the mouth where the network's motion parts the lips: the rig, with sharp lips, teeth and tongue, "
        "or the network, which blurs them. With --show raw, and for weights without a flow, always the network.",
        advanced=True,
    )

    @property
    def lids_by(self) -> RigOrNetwork:
        """What moves the portrait's lids."""
        return "network" if self.show == "raw" else self.lids
