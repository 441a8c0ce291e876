"""Base of nets that are trained fold after fold, each on the samples that its fold may see.

Folds in one grouped convolution share little work in a deep net: only its first convolution has the same input in all
folds. So each fold here has a net of torch's own layers. A fold does not even compute the samples of its test subject,
which saves time if folds leave out much, as whole data sets.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from copy import deepcopy
from typing import cast

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from mien.models.recognisers.fold_net import FoldNet

EVALUATED_TOGETHER = 128
"""Maps that are evaluated at once, which bounds the memory."""


class PlainNet(nn.Module):
    """A net of a single fold, made of torch's own layers."""

    last: nn.Linear

    @abstractmethod
    def forward(self, maps: Tensor, *masks: Tensor) -> Tensor:
        """Return the logits (B, outputs) of maps (B, 3, size, size).

        Args:
            maps: The maps.
            masks: Factors of the dropout, one for each place at which the net drops; none in evaluation.
        """


class SeparateFolds(FoldNet):
    """One plain net for each fold, all with the same initial weights.

    Args:
        plain: The net of one fold, with its initial weights.
        folds: Number of nets.
        seed: Seed of the initial weights.
        size: Height and width of the nets' input, pixels. Maps are resized to it bilinearly.
        outputs: Number of values that each net returns for a map.
    """

    shares_work = False

    def __init__(
        self, plain: type[PlainNet], folds: int, seed: int, size: int, outputs: int
    ) -> None:
        super().__init__(folds, seed, outputs)
        self.size = size
        first = plain(outputs)
        self.initialise(first)
        self.nets = nn.ModuleList([first, *(deepcopy(first) for _ in range(folds - 1))])

    def initialise(self, net: PlainNet) -> None:
        """Set the initial weights: those of torch's layers, from this module's seed."""
        for layer in net.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                fan_in = layer.weight[0].numel()
                for parameter in layer.parameters(recurse=False):
                    parameter.data.copy_(self.uniform_values(*parameter.shape, fan_in=fan_in))

    def masks(self, count: int, generator: torch.Generator | None) -> tuple[Tensor, ...]:
        """Return the factors of the dropout for ``count`` maps, which all folds share."""
        del count, generator
        return ()

    def forward(self, maps: Tensor, keep: Tensor, generator: torch.Generator | None) -> Tensor:
        """Return the logits; see :class:`FoldNet`. In training, those of samples that a fold leaves out are 0."""
        size = (self.size, self.size)
        sized = functional.interpolate(maps, size, mode="bilinear", align_corners=False)
        if not self.training:
            parts = sized.split(EVALUATED_TOGETHER)
            return torch.stack([torch.cat([net(part) for part in parts]) for net in self.nets])
        masks = self.masks(len(maps), generator)
        scores = []
        nets = cast("Iterable[PlainNet]", self.nets)
        for net, kept in zip(nets, keep > 0, strict=True):
            # The product keeps the gradient defined if a fold leaves out the whole batch.
            blank = (0 * net.last.bias).repeat(len(maps), 1)
            seen = kept.nonzero().flatten()
            if len(seen):
                told = net(sized[seen], *(mask[seen] for mask in masks))
                blank = blank.index_copy(0, seen, told)
            scores.append(blank)
        return torch.stack(scores)

    def begin_with(self, other: FoldNet) -> None:
        """Copy the weights of a module with one net into every fold; see :class:`FoldNet`.

        Raises:
            ValueError: The module has several nets, or nets of another kind.
        """
        if other.folds != 1 or not isinstance(other, type(self)):
            raise ValueError(
                f"expected a {type(self).__name__} of one net, got {type(other).__name__} of {other.folds}"
            )
        for net in self.nets:
            net.load_state_dict(other.nets[0].state_dict())


def dropout_mask(shape: tuple[int, ...], share: float, generator: torch.Generator | None) -> Tensor:
    """Return factors of a dropout: 0 for a ``share`` of them, and 1 / (1 - share) for the others."""
    return (torch.rand(shape, generator=generator) >= share).float() / (1 - share)
