"""State dicts with the official networks' names and shapes, of random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from subprocess import CompletedProcess
from typing import TypeAlias

import pytest
import torch
from torch import Tensor

from mien.training.official import reading

Tensors: TypeAlias = dict[str, Tensor]
Shapes: TypeAlias = Iterator[tuple[str, tuple[int, ...]]]

WIDTH, MAX_WIDTH, BLOCKS = 4, 8, 2


def conv(name: str, before: int, after: int, kernel: int = 3) -> Shapes:
    yield f"{name}.weight", (after, before, kernel, kernel)
    yield f"{name}.bias", (after,)


def norm(name: str, channels: int) -> Shapes:
    for each in ("weight", "bias", "running_mean", "running_var"):
        yield f"{name}.{each}", (channels,)
    yield f"{name}.num_batches_tracked", ()


def block(name: str, before: int, after: int, kernel: int = 3) -> Shapes:
    yield from conv(f"{name}.conv", before, after, kernel)
    yield from norm(f"{name}.norm", after)


def encoder(name: str, channels: int) -> Shapes:
    yield from block(f"{name}.encoder.down_blocks.0", channels, 8)
    yield from block(f"{name}.encoder.down_blocks.1", 8, 8)


def hourglass(name: str, channels: int) -> Shapes:
    yield from encoder(name, channels)
    yield from block(f"{name}.decoder.up_blocks.0", 8, 8)
    yield from block(f"{name}.decoder.up_blocks.1", 16, WIDTH)


def generator(motion: str, points: int) -> Shapes:
    yield from hourglass(f"{motion}.hourglass", 4 * (points + 1))
    channels = WIDTH + 4 * (points + 1)
    yield from conv(f"{motion}.mask", channels, points + 1, 7)
    yield from conv(f"{motion}.occlusion", channels, 1, 7)
    yield f"{motion}.down.weight", (3, 1, 13, 13)
    yield from block("first", 3, WIDTH, 7)
    yield from block("down_blocks.0", WIDTH, 8)
    yield from block("down_blocks.1", 8, 8)
    yield from block("up_blocks.0", 8, 8)
    yield from block("up_blocks.1", 8, WIDTH)
    for part in ("1", "2"):
        yield from conv(f"bottleneck.r0.conv{part}", 8, 8)
        yield from norm(f"bottleneck.r0.norm{part}", 8)
    yield from conv("final", WIDTH, 3, 7)


def kp_detector(prior: str, points: int) -> Shapes:
    channels = 3 if prior == "none" else 4
    yield from hourglass("predictor", channels)
    yield from conv("kp", WIDTH + channels, points, 7)
    yield from conv("jacobian", WIDTH + channels, 4 * points, 7)
    if prior == "awp":
        yield from conv("learn", points, points // 2)
        yield from conv("learn1", points // 2, 1)
    yield "down.weight", (3, 1, 13, 13)


def region_predictor(prior: str, points: int) -> Shapes:
    channels = 3 if prior == "none" else 4
    yield from hourglass("predictor", channels)
    yield from conv("regions", WIDTH + channels, points, 7)
    if prior == "awp":
        yield from conv("region1", points, points // 2)
        yield from conv("region2", points // 2, 1)
    yield "down.weight", (3, 1, 13, 13)


def bg_predictor() -> Shapes:
    yield from encoder("", 6)
    yield "fc.weight", (6, 8)
    yield "fc.bias", (6,)


def linear(name: str, before: int, after: int) -> Shapes:
    yield f"{name}.weight", (after, before)
    yield f"{name}.bias", (after,)


def layers(name: str, *sizes: int) -> Shapes:
    """Fully connected layers, each but the last followed by its norm and by ReLU."""
    for number, (before, after) in enumerate(pairwise(sizes)):
        yield from linear(f"{name}.{3 * number}", before, after)
        if number < len(sizes) - 2:
            yield from norm(f"{name}.{3 * number + 1}", after)


def avd_network(points: int) -> Shapes:
    yield from layers("id_encoder", 6 * points, 4, 6, 8, 3)
    yield from layers("pose_encoder", 6 * points, 4, 6, 8, 5)
    yield from layers("decoder", 8, 8, 6, 4, 6 * points)


def ulme_gan(width: int = 4, aus: int = 17) -> Shapes:
    yield from conv("model.0", 3 + aus, width, 7)
    yield from conv("model.3", width, 2 * width, 4)
    yield from conv("model.6", 2 * width, 4 * width, 4)
    for number in range(9, 15):
        yield from conv(f"model.{number}.conv_block.0", 4 * width, 4 * width)
        yield from conv(f"model.{number}.conv_block.3", 4 * width, 4 * width)
    for number, channels in ((15, 4 * width), (18, 2 * width)):
        yield f"model.{number}.weight", (channels, channels // 2, 4, 4)
        yield f"model.{number}.bias", (channels // 2,)
    yield "color_top.0.weight", (3, width, 7, 7)
    yield "au_top.0.weight", (1, width, 7, 7)


def random_tensors(shapes: Shapes, seed: int = 0) -> Tensors:
    """Numbers with which a network's maps neither vanish nor explode."""
    rng = torch.Generator().manual_seed(seed)
    made: Tensors = {}
    for name, shape in shapes:
        if not shape:
            made[name] = torch.tensor(7)
            continue
        values = torch.randn(*shape, generator=rng)
        if name.endswith("running_var") or (len(shape) == 1 and name.endswith("weight")):
            values = 0.5 + values.abs() / 2
        elif len(shape) > 1:
            values = values / values[0].numel() ** 0.5
        else:
            values = values / 10
        made[name.removeprefix(".")] = values
    return made


def checkpoint(name: str) -> dict[str, object]:
    """What the official code of a network saves, narrow."""
    if name == "ulme-gan":
        return dict(random_tensors(ulme_gan()))
    system, _, prior = name.partition("-")
    prior = prior or "none"
    points = 10 if prior == "none" else 18
    if system == "fomm":
        detector = random_tensors(kp_detector(prior, points), 1)
        detector["jacobian.weight"] /= 10
        detector["jacobian.bias"] += torch.eye(2).flatten().repeat(points)
        made = random_tensors(generator("dense_motion_network", points), 2)
        return {
            "generator": made,
            "kp_detector": detector,
            "discriminator": {"scale_factor": torch.ones(1)},
            "optimizer_generator": {"state": {}, "param_groups": [{"lr": 2e-4, "params": [0]}]},
            "epoch": 99,
        }
    background = random_tensors(bg_predictor(), 3)
    background["fc.bias"] += torch.tensor([1.0, 0, 0, 0, 1, 0])
    return {
        "generator": random_tensors(generator("pixelwise_flow_predictor", points), 2),
        "region_predictor": random_tensors(region_predictor(prior, points), 1),
        "bg_predictor": background,
        "epoch_reconstruction": 99,
    }


def with_avd(name: str = "mraa") -> dict[str, object]:
    """A checkpoint of MRAA after its second training, narrow."""
    avd = random_tensors(avd_network(18 if name.endswith("awp") else 10), 4)
    return checkpoint(name) | {"avd_network": avd, "optimizer_avd": {"state": {}}, "epoch_avd": 29}


def saved(folder: Path, name: str) -> Path:
    """The checkpoint as a file."""
    path = folder / f"{name}.pth.tar"
    torch.save(checkpoint(name), path)
    return path


def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read checkpoints in this process, which is quicker; test_reading.py starts one."""

    def run(words: list[str], **options: object) -> CompletedProcess[str]:
        return CompletedProcess(words, reading.main(words[4:]), "", "")

    monkeypatch.setattr(reading.subprocess, "run", run)
