"""ResNet-18 (He et al., CVPR 2016), one net for each fold.

A stem of 64 filters of 7 x 7 and 3 x 3 pooling, both with a stride of 2, is followed by four stages of two blocks, with
64, 128, 256 and 512 channels. Each stage but the first halves height and width. The mean over positions goes through
one layer. A block adds two normalised convolutions of 3 x 3 to its input; if the shape changes, a 1 x 1 convolution
adapts the input. Weights start at random. MEB starts from weights of ImageNet, and has an input of 112 x 112. Mien's
maps have only 28 x 28 numbers, so they are enlarged to 56 x 56, which takes a third of the time.
"""

from __future__ import annotations

import math

from torch import Tensor, nn

from mien.au.emotions import CLASS_COUNT
from mien.models.recognisers.separate_folds import PlainNet, SeparateFolds

SIZE = 56
"""Height and width of the input, pixels."""
WIDTHS = (64, 128, 256, 512)
"""Channels of each stage."""
BLOCKS = 2
"""Blocks in each stage."""


class Block(nn.Module):
    """Two convolutions of 3 x 3, added to the input.

    Args:
        inputs: Channels of the input.
        width: Channels of the output.
        stride: 2 to halve height and width, otherwise 1.
    """

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        self.residual = nn.Sequential(
            nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or inputs != width:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, y: Tensor) -> Tensor:
        """Return (B, width, H, W), or half of H and W with a stride of 2, of (B, inputs, H, W)."""
        total: Tensor = self.residual(y) + self.shortcut(y)
        return total.relu()


class ResNet18(PlainNet):
    """One ResNet-18.

    Args:
        outputs: Number of values that it returns for a map.
    """

    def __init__(self, outputs: int = CLASS_COUNT) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, WIDTHS[0], 7, 2, padding=3, bias=False),
            nn.BatchNorm2d(WIDTHS[0]),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2, padding=1),
        )
        blocks, inputs = [], WIDTHS[0]
        for stage, width in enumerate(WIDTHS):
            for number in range(BLOCKS):
                blocks.append(Block(inputs, width, 2 if stage and not number else 1))
                inputs = width
        self.blocks = nn.Sequential(*blocks)
        self.last = nn.Linear(inputs, outputs)

    def forward(self, maps: Tensor, *masks: Tensor) -> Tensor:
        """Return the logits (B, outputs) of maps (B, 3, H, W). The net has no dropout, so it takes no masks."""
        del masks
        scores: Tensor = self.last(self.blocks(self.stem(maps)).mean((2, 3)))
        return scores


class FoldResNet18(SeparateFolds):
    """One ResNet-18 for each fold.

    Args:
        folds: Number of nets.
        seed: Seed of the initial weights.
        outputs: Number of values that each net returns for a map.
    """

    def __init__(self, folds: int, seed: int, outputs: int = CLASS_COUNT) -> None:
        super().__init__(ResNet18, folds, seed, SIZE, outputs)

    def initialise(self, net: PlainNet) -> None:
        """Set the initial weights. Those of convolutions are normal, of variance 2 / fan-out (He et al., 2015)."""
        super().initialise(net)
        for layer in net.modules():
            if isinstance(layer, nn.Conv2d):
                fan_out = layer.weight[:, 0].numel()
                layer.weight.data.normal_(0, math.sqrt(2 / fan_out), generator=self._first)
