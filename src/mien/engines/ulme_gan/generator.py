"""ULME-GAN's generator, read from weights on disk."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from mien.engines.compute import pick_device, ready
from mien.engines.ulme_gan.settings import NAME
from mien.engines.weights import load_weights, need_torch
from mien.errors import MienError, WeightsError

if TYPE_CHECKING:
    from mien.models.ulme_gan import Generator

ARCHITECTURE = NAME
"""The network's name on cards."""


def load_generator(weights: Path | None = None, device: str | None = None) -> Generator:
    """Load a generator for inference.

    Args:
        weights: A folder of weights; None takes those that come with Mien.
        device: Where to compute; see `mien.engines.compute.pick_device`.

    Raises:
        WeightsError: The weights are another network's, are damaged, or do not fit their card.
        MissingExtraError: PyTorch is not installed.
        UsageError: There is no such device.
    """
    need_torch()
    import torch

    from mien.models.ulme_gan import GeneratorConfig
    from mien.models.ulme_gan_flow import build_generator

    found = load_weights(weights or bundled_weights(), ARCHITECTURE)
    try:
        with torch.device(
            "meta"
        ):  # only the tensors of the file take memory, whatever its config says
            net = build_generator(
                GeneratorConfig(**{**found.config, "aus": tuple(found.config["aus"])})
            )
        net.load_state_dict(dict(found.tensors), assign=True)
    except (KeyError, TypeError, ValueError, RuntimeError, MienError) as error:
        reason = " ".join(str(error).split())[:160]
        raise WeightsError(
            f"the weights do not fit their card ({reason}): export them again"
        ) from error
    return ready(net, pick_device(device))


def bundled_weights() -> Path:
    """Return the folder of the weights that come with Mien."""
    return Path(str(files("mien") / "assets" / "ulme_gan"))
