"""VGG-16's convolutions up to relu5_1, whose maps a perceptual loss compares.

After Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition",
ICLR (2015). The weights come from outside: `mien.training.perceptual.load_perceptual`.
"""

from __future__ import annotations

from typing import TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from mien.errors import UsageError
from mien.models.ulme_gan import Images

WIDTHS = (64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512)
"""Channels of the convolutions 0 to 10; the later layers of VGG-16 are not needed."""

POOLED_AFTER = (1, 3, 6, 9)
"""Convolutions followed by 2x2 max pooling."""

RETURNED_AFTER = (0, 2, 4, 7, 10)
"""The first convolution of each block: relu1_1, relu2_1, relu3_1, relu4_1 and relu5_1."""

MIN_SIDE_PX = 2 ** len(POOLED_AFTER)
"""The smallest side of a picture, which gives one pixel of relu5_1."""

Maps: TypeAlias = tuple[Float[Tensor, "batch channels height width"], ...]
"""(B, 64, H, W), (B, 128, H/2, W/2), (B, 256, H/4, W/4), (B, 512, H/8, W/8), (B, 512, H/16, W/16)."""


class Vgg16Features(nn.Module):
    """Map pictures to five maps of a fixed network; gradients reach the pictures, never the weights."""

    shift: Tensor
    scale: Tensor

    def __init__(self) -> None:
        super().__init__()
        widths = zip((3, *WIDTHS), WIDTHS, strict=False)
        self.convs = nn.ModuleList(nn.Conv2d(few, many, 3, padding=1) for few, many in widths)
        # ImageNet's mean and standard deviation for pictures in [-1, 1], with the digits of the source.
        for name, rgb in (("shift", (-0.030, -0.088, -0.188)), ("scale", (0.458, 0.448, 0.450))):
            self.register_buffer(name, torch.tensor(rgb).view(3, 1, 1), persistent=False)
        self.requires_grad_(False)
        self.eval()

    def train(self, mode: bool = True) -> Vgg16Features:
        """Stay in evaluation mode, whatever mode the networks around it are in."""
        return super().train(False)

    def forward(self, images: Images) -> Maps:
        """Return the maps of (B, 3, H, W) RGB in [-1, 1], H and W of at least `MIN_SIDE_PX`.

        Returns:
            relu1_1 to relu5_1, each a convolution's output after ReLU.

        Raises:
            UsageError: The pictures are too small.
        """
        if min(images.shape[-2:]) < MIN_SIDE_PX:
            raise UsageError(
                f"expected pictures of at least {MIN_SIDE_PX} px for the perceptual loss, "
                f"got {images.shape[-1]}x{images.shape[-2]}: take fewer or smaller factors"
            )
        seen = (images - self.shift) / self.scale
        maps = []
        for index, conv in enumerate(self.convs):
            seen = functional.relu(conv(seen))
            if index in RETURNED_AFTER:
                maps.append(seen)
            if index in POOLED_AFTER:
                seen = functional.max_pool2d(seen, 2)
        return tuple(maps)
