"""Load the network of animation via disentanglement (AVD) from its weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mien.engines.compute import pick_device, ready
from mien.engines.weights import load_weights, need_torch
from mien.errors import MienError, UsageError, WeightsError
from mien.models.names import AVD

if TYPE_CHECKING:
    from mien.models.avd import Avd
    from mien.models.mraa import MraaConfig


def load_avd(folder: Path, mraa: MraaConfig, device: str | None = None) -> Avd:
    """Load AVD for inference.

    Args:
        folder: Folder of weights that ``mien train export`` or ``mien weights import`` wrote.
        mraa: Config of the MRAA network that AVD is used with.
        device: Its device; None takes a GPU if there is one.

    Raises:
        WeightsError: There are no weights, or they are another network's, are damaged, or do not fit their card.
        MissingExtraError: PyTorch is not installed.
        UsageError: The weights are for another number of regions or other conventions, or there is no such device.
    """
    need_torch()
    import torch

    from mien.models.avd import Avd, AvdConfig

    found = load_weights(folder, AVD)
    try:
        with torch.device("meta"):  # only the tensors of the file take memory
            net = Avd(AvdConfig(**found.config))
        counters = {
            name: torch.zeros((), dtype=value.dtype)
            for name, value in net.state_dict().items()
            if not value.is_floating_point()
        }
        net.load_state_dict({**counters, **found.tensors}, assign=True)
    except (KeyError, TypeError, ValueError, RuntimeError, MienError) as error:
        reason = " ".join(str(error).split())[:160]
        raise WeightsError(
            f"the weights do not fit their card ({reason}): export them again"
        ) from error
    if net.config.points != mraa.point_count:
        raise UsageError(
            f"expected --avd weights for {mraa.point_count} regions, as the network has, got those for "
            f"{net.config.points}: train AVD with the same MRAA weights"
        )
    if net.config.how.published != mraa.how.published:
        raise UsageError(
            f"expected --avd weights with the network's conventions {mraa.conventions}, got those with "
            f"{net.config.conventions}: train or import AVD with the same MRAA weights"
        )
    return ready(net, pick_device(device))
