"""Settings that all engines with a network share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from mien.engines.settings import EngineSettings, setting
from mien.engines.spec import Extra

TORCH = Extra("mien[torch]", ("torch", "safetensors"))
"""The packages that every network needs."""

RigOrNetwork: TypeAlias = Literal["rig", "network"]
"""What makes a part of the face that a small network blurs, such as closing lids (see `mien.engines.lids`)."""


@dataclass(frozen=True, kw_only=True)
class NetworkSettings(EngineSettings):
    """Which weights a network has, and how it computes."""

    weights: Path | None = setting(
        None,
        "The network's weights, as mien train export and mien weights import write them; by default those that come "
        "with Mien.",
        metavar="FOLDER",
    )
    batch_size: int = setting(8, "Frames computed at once.", metavar="N", least=1, advanced=True)
    device: str | None = setting(
        None,
        "PyTorch's name of the device to compute on, such as cpu or cuda; by default a GPU if there is one.",
        metavar="NAME",
        advanced=True,
    )
    precision: Literal["auto", "float32", "bfloat16"] = setting(
        "auto",
        "bfloat16 is about twice as fast and changes a pixel by a twentieth of a grey level on average; auto uses it "
        "where the processor has it.",
        advanced=True,
    )
