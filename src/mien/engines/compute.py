"""Device and precision of a network."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeVar

from mien.errors import UsageError

if TYPE_CHECKING:
    import torch

    Net = TypeVar("Net", bound=torch.nn.Module)


def pick_device(device: str | None) -> torch.device:
    """Return the device with this name; without a name, a GPU if there is one, else the CPU.

    Raises:
        UsageError: PyTorch does not know the device.
    """
    import torch

    try:
        return torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    except RuntimeError as error:
        raise _no_device(device) from error


def ready(net: Net, device: torch.device) -> Net:
    """Return a network on a device for inference: in evaluation mode, without gradients.

    Raises:
        UsageError: The device is not available.
    """
    try:
        return net.eval().requires_grad_(False).to(device)
    except (RuntimeError, AssertionError) as error:
        raise _no_device(str(device)) from error


def uses_bfloat16(device: torch.device, precision: str) -> bool:
    """Return whether to compute in bfloat16: with ``bfloat16``, or with ``auto`` if the device supports it."""
    return precision == "bfloat16" or (precision == "auto" and _has_bfloat16(device))


def _has_bfloat16(device: torch.device) -> bool:
    import torch

    if device.type == "cpu":
        return bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    # Older GPUs only emulate bfloat16.
    return device.type != "cuda" or torch.cuda.is_bf16_supported(including_emulation=False)


def in_precision(device: torch.device, precision: str) -> AbstractContextManager[None]:
    """Return a context that computes in ``float32``, ``bfloat16`` or ``auto``; see `uses_bfloat16`."""
    import torch

    used = uses_bfloat16(device, precision)
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=used)


def _no_device(device: str | None) -> UsageError:
    return UsageError(f"expected a device such as cpu or cuda, got {device!r}")
