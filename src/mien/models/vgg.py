"""VGG-16's convolutions; perceptual losses and distances compare their feature maps.

After Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition",
ICLR (2015). `mien.metrics.vgg_weights.load_vgg16` loads the weights.
"""

from __future__ import annotations

from typing import TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from mien.errors import UsageError
from mien.models.ulme_gan import Images

WIDTHS = (64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
"""Channels of the convolutions 0 to 12."""

POOLED_AFTER = (1, 3, 6, 9)
"""Convolutions that are followed by max pooling by 2."""

FIRST_OF_BLOCKS = (0, 2, 4, 7, 10)
"""Convolutions before relu1_1, relu2_1, relu3_1, relu4_1 and relu5_1, which perceptual losses compare."""

LAST_OF_BLOCKS = (1, 3, 6, 9, 12)
"""Convolutions before relu1_2, relu2_2, relu3_3, relu4_3 and relu5_3, which LPIPS compares."""

MIN_SIDE_PX = 2 ** len(POOLED_AFTER)
"""Smallest side of a picture, which leaves one pixel in the fifth block."""

Maps: TypeAlias = tuple[Float[Tensor, "batch _ _ _"], ...]
"""(B, 64, H, W), (B, 128, H/2, W/2), (B, 256, H/4, W/4), (B, 512, H/8, W/8), (B, 512, H/16, W/16)."""


class Vgg16Features(nn.Module):
    """Compute feature maps with a fixed network; gradients reach the pictures, but not the weights.

    Args:
        returned_after: Convolutions whose maps are returned, in rising order. Later convolutions are left out.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, returned_after: tuple[int, ...] = FIRST_OF_BLOCKS) -> None:
        super().__init__()
        self.returned_after = returned_after
        widths = zip((3, *WIDTHS), WIDTHS[: max(returned_after) + 1], strict=False)
        self.convs = nn.ModuleList(nn.Conv2d(few, many, 3, padding=1) for few, many in widths)
        # ImageNet's mean and standard deviation for pictures in [-1, 1], as published with LPIPS.
        for name, rgb in (("shift", (-0.030, -0.088, -0.188)), ("scale", (0.458, 0.448, 0.450))):
            self.register_buffer(name, torch.tensor(rgb).view(3, 1, 1), persistent=False)
        self.requires_grad_(False)
        self.eval()

    def train(self, mode: bool = True) -> Vgg16Features:
        """Stay in evaluation mode, whatever ``mode`` is."""
        return super().train(False)

    def forward(self, images: Images) -> Maps:
        """Compute the maps of (B, 3, H, W) RGB in [-1, 1], H and W of at least `MIN_SIDE_PX`.

        Returns:
            The outputs of the chosen convolutions after ReLU; by default relu1_1 to relu5_1.

        Raises:
            UsageError: The pictures are too small.
        """
        if min(images.shape[-2:]) < MIN_SIDE_PX:
            raise UsageError(
                f"expected pictures of at least {MIN_SIDE_PX} px for the perceptual loss, "
                f"got {images.shape[-1]}x{images.shape[-2]}: use fewer or smaller factors"
            )
        seen = (images - self.shift) / self.scale
        maps = []
        for index, conv in enumerate(self.convs):
            seen = functional.relu(conv(seen))
            if index in self.returned_after:
                maps.append(seen)
            if index in POOLED_AFTER:
                seen = functional.max_pool2d(seen, 2)
        return tuple(maps)
