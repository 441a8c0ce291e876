"""Read the network of animation via disentanglement (AVD) from an official checkpoint of MRAA."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mien.errors import WeightsError
from mien.training.official.names import AVD_PART, AVD_RULES
from mien.training.official.renaming import fitting, renamed_for

if TYPE_CHECKING:
    from torch import Tensor

_NUMBERS = 6  # per region, see `mien.models.avd`


def holds_avd(tensors: Mapping[str, Tensor]) -> bool:
    """Return whether a checkpoint holds AVD."""
    return any(name.startswith(f"{AVD_PART}.") for name in tensors)


def avd_tensors(
    tensors: Mapping[str, Tensor], mraa: Mapping[str, Any], network: str
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return the config of AVD in a checkpoint, and its tensors by Mien's names.

    Args:
        tensors: The checkpoint's tensors by official names.
        mraa: Config of the MRAA network in the same checkpoint.
        network: Name of the official network.

    Raises:
        WeightsError: The checkpoint holds no AVD, or a tensor is missing, has another shape, or is not a part of it.
    """
    import torch

    from mien.models.avd import Avd, AvdConfig
    from mien.models.mraa import MraaConfig

    if not holds_avd(tensors):
        raise WeightsError(
            f"expected a checkpoint of {network} with {AVD_PART} for --avd, got one without: leave out --avd"
        )
    points = MraaConfig(**mraa).point_count
    encoder = _linear_layers(tensors, "pose_encoder", network)
    config = AvdConfig(
        points=points,
        identity_size=_linear_layers(tensors, "id_encoder", network)[-1][0],
        pose_size=encoder[-1][0],
        widths=tuple(rows for rows, _ in encoder[:-1]),
        conventions=mraa["conventions"],
    )
    if encoder[0][1] != _NUMBERS * points:
        raise WeightsError(
            f"expected {AVD_PART} for the {points} regions of {network}, got one for "
            f"{encoder[0][1]} numbers instead of {_NUMBERS * points}"
        )
    with torch.device("meta"):
        net = Avd(config)
    renamed, used = renamed_for(net, tensors, AVD_RULES, network)
    for name in tensors:
        if name.startswith(f"{AVD_PART}.") and name not in used:
            raise WeightsError(
                f"expected a checkpoint of {network}, got one with {name}, which is not a part of it"
            )
    return asdict(config) | {"widths": list(config.widths)}, renamed


def _linear_layers(tensors: Mapping[str, Tensor], part: str, network: str) -> list[tuple[int, ...]]:
    """Return the weight shapes of an encoder's fully connected layers, two or more, numbered 0, 3, 6 and so on."""
    shapes: list[tuple[int, ...]] = []
    number = 0
    while not shapes or f"{AVD_PART}.{part}.{number}.weight" in tensors:
        shape = tuple(fitting(tensors, f"{AVD_PART}.{part}.{number}.weight", None, network).shape)
        if len(shape) != 2:
            raise WeightsError(
                f"expected a checkpoint of {network}, got one whose {AVD_PART}.{part}.{number}.weight has the "
                f"shape {shape}"
            )
        shapes.append(shape)
        number += 3
    if len(shapes) < 2:
        raise WeightsError(
            f"expected a checkpoint of {network}, got one without {AVD_PART}.{part}.3.weight"
        )
    return shapes
