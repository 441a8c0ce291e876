"""Rename the tensors of a checkpoint to the names in Mien's networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mien.errors import WeightsError
from mien.training.official.names import Rules, official_name

if TYPE_CHECKING:
    from torch import Tensor, nn


def renamed_for(
    net: nn.Module, tensors: Mapping[str, Tensor], rules: Rules, network: str
) -> tuple[dict[str, Tensor], set[str]]:
    """Return the tensors that a network needs by Mien's names, and the official names of these tensors.

    Args:
        net: The network; only its shapes count.
        tensors: The checkpoint's tensors by official names.
        rules: The official names of the network's tensors.
        network: Name of the official network, for messages.

    Raises:
        WeightsError: A tensor is missing or has another shape; the first one is named.
    """
    renamed: dict[str, Tensor] = {}
    used: set[str] = set()
    for own, value in net.state_dict().items():
        if not value.is_floating_point():
            continue
        theirs = official_name(own, rules)
        renamed[own] = fitting(tensors, theirs, tuple(value.shape), network)
        used.add(theirs)
    return renamed, used


def fitting(
    tensors: Mapping[str, Tensor], name: str, shape: tuple[int, ...] | None, network: str
) -> Tensor:
    """Return a tensor of a checkpoint.

    Args:
        tensors: The checkpoint's tensors.
        name: The tensor's official name.
        shape: The shape that the network needs; None for any.
        network: Name of the official network, for messages.

    Raises:
        WeightsError: The tensor is missing, or has another shape.
    """
    if name not in tensors:
        raise WeightsError(f"expected a checkpoint of {network}, got one without {name}")
    came = tuple(tensors[name].shape)
    if shape is not None and came != shape:
        raise WeightsError(
            f"expected a checkpoint of {network}, whose {name} has the shape {shape}, got {came}"
        )
    return tensors[name]
