"""LPIPS: a perceptual distance of two pictures, from VGG-16's features.

Zhang, Isola, Efros, Shechtman and Wang, "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", CVPR
2018: version 0.1 with the trunk ``vgg`` and its trained linear weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor
from torch.nn import functional

from mien.metrics.pixels import check_sizes
from mien.metrics.vgg_weights import find_vgg16, load_vgg16, read_vgg16
from mien.models.vgg import LAST_OF_BLOCKS, Maps, Vgg16Features
from mien.types import Image, Mask

_RELU3_3 = 2
"""Index of the map whose means are the features in `Perceived`."""


@dataclass(frozen=True, eq=False)
class Perceived:
    """Two pictures as the network sees them.

    Attributes:
        distance: LPIPS; 0 for equal pictures.
        features_a: The first picture's mean of relu3_3 over its pixels.
        features_b: The second picture's.
    """

    distance: float
    features_a: Float32[np.ndarray, " 256"]
    features_b: Float32[np.ndarray, " 256"]


class Lpips:
    """Compares two pictures by LPIPS.

    Args:
        trunk: VGG-16, which returns relu1_2, relu2_2, relu3_3, relu4_3 and relu5_3.
        heads: The weight of each channel of these maps.
    """

    def __init__(self, trunk: Vgg16Features, heads: Sequence[Float[Tensor, " channels"]]) -> None:
        self.trunk, self.heads = trunk, heads

    @classmethod
    def load(cls) -> Lpips:
        """Read the published weights.

        Raises:
            MissingExtraError: The package with the weights is not installed.
            WeightsError: The package's file is missing, or is not the known one.
        """
        weights = read_vgg16(find_vgg16())
        heads = [torch.from_numpy(head.copy()) for head in weights.heads]
        return cls(load_vgg16(LAST_OF_BLOCKS, weights), heads)

    def compare(self, a: Image, b: Image, mask: Mask | None = None) -> Perceived:
        """Compare two pictures.

        Args:
            a: (H, W, 3 or 4) uint8, H and W of at least 16; alpha is ignored.
            b: The same size.
            mask: (H, W) bool, True where the distance counts; everywhere by default. Features near its edge also depend
                on pixels outside.

        Raises:
            UsageError: The pictures or the mask differ in size, or the mask is empty.
        """
        check_sizes(a, b, mask)
        pair = np.stack([a[..., :3], b[..., :3]]).transpose(0, 3, 1, 2)
        weight = None if mask is None else torch.from_numpy(mask.astype(np.float32))
        with torch.inference_mode():
            maps = self.trunk(torch.from_numpy(pair.astype(np.float32)) / 127.5 - 1)
            first, second = (tuple(each[i : i + 1] for each in maps) for i in (0, 1))
            distance = float(lpips_of_maps(first, second, self.heads, weight))
            features = maps[_RELU3_3].mean((2, 3)).numpy()
        return Perceived(distance, features[0], features[1])


def lpips_of_maps(
    a: Maps,
    b: Maps,
    heads: Sequence[Float[Tensor, " channels"]],
    weight: Float[Tensor, "height width"] | None = None,
) -> Float[Tensor, ""]:
    """Return the distance of one picture's feature maps from another's, equation 1 of the paper.

    Args:
        a: Maps (1, C, H, W) of one picture.
        b: Maps of the other one.
        heads: The weight of each channel of each map.
        weight: (H, W) how much each pixel of the pictures counts; equally by default.
    """
    total = a[0].new_zeros(())
    for one, other, head in zip(a, b, heads, strict=True):
        apart = (_unit(one) - _unit(other)).square()
        there = (apart * head.view(1, -1, 1, 1)).sum(1)[0]
        if weight is None:
            total = total + there.mean()
            continue
        counts = functional.interpolate(weight[None, None], there.shape, mode="area")[0, 0]
        total = total + (there * counts).sum() / counts.sum()
    return total


def _unit(maps: Float[Tensor, "1 c h w"]) -> Float[Tensor, "1 c h w"]:
    """Scale the vector of each pixel to length 1."""
    return maps / (maps.square().sum(1, keepdim=True).sqrt() + 1e-10)
