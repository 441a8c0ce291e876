"""Tiny motion-transfer networks with random weights, as a run would export them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import torch

from mien.engines.weights import save_weights
from mien.engines.weights_card import WeightsCard
from mien.models.avd import Avd, AvdConfig
from mien.models.fomm import Fomm, FommConfig
from mien.models.mraa import Mraa, MraaConfig

TINY = {
    "image_px": 32,
    "detector_width": 4,
    "motion_width": 4,
    "max_width": 8,
    "hourglass_blocks": 2,
    "generator_width": 4,
    "generator_max_width": 8,
    "generator_blocks": 1,
    "anchor": 0.3,
}


def motion_weights(folder: Path, architecture: str = "fomm", **config: object) -> Path:
    """Write a network whose Jacobians differ from the identity."""
    torch.manual_seed(3)
    net: Fomm | Mraa
    if architecture == "fomm":
        net = Fomm(FommConfig(**(TINY | config)))  # type: ignore[arg-type]
        if net.detector is not None:
            torch.nn.init.normal_(net.detector.jacobian_head.weight, std=0.02)
    else:
        net = Mraa(MraaConfig(**({"background_width": 4} | TINY | config)))  # type: ignore[arg-type]
    card = WeightsCard(
        architecture=architecture,
        config=asdict(net.config),
        aus=(),
        crop="the face's square",
        training_data="none",
        recipe={},
        metrics={},
    )
    learned = {k: v for k, v in net.state_dict().items() if v.is_floating_point()}
    save_weights(folder, learned, card)
    return folder


def avd_weights(folder: Path, points: int = 18) -> tuple[Path, Avd]:
    """Write an AVD network that gives all regions the same answer, and return it as well."""
    torch.manual_seed(4)
    net = Avd(AvdConfig(points=points, identity_size=2, pose_size=2, widths=(4,)))
    torch.nn.init.zeros_(net.decoder[-1].weight)
    card = WeightsCard(
        architecture="avd",
        config=asdict(net.config),
        aus=(),
        crop="no picture",
        training_data="none",
        recipe={},
        metrics={},
    )
    learned = {k: v for k, v in net.state_dict().items() if v.is_floating_point()}
    save_weights(folder, learned, card)
    return folder, net.eval()
