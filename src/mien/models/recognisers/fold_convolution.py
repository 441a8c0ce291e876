"""Convolve, rectify and pool the same maps for many nets at once, fast on a CPU.

All folds get the same maps, so one matrix product serves all of them: patches (positions x 28) by filters
(28 x folds * 16). Samples are processed one at a time, so that each stays in the processor's cache from the product to
the pooling. The gradient is written by hand, because autograd would keep eight arrays of the product's size in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

FILTERS = 3 + 5 + 8
TAPS = 3 * 3 * 3 + 1
"""Size of a patch: three channels of 3 x 3, and a 1 that is multiplied by the bias."""
POSITIONS = 30 * 30
"""Positions of a 3 x 3 filter on a map of 28 x 28 that is padded by 2."""
WINDOWS = 10 * 10
"""Windows of 3 x 3 pooling with a stride of 3, padded by 1."""
_SLOTS = 9 * WINDOWS
"""Positions in all pooling windows, those in the pooling's padding included."""


def _patch_index() -> np.ndarray:
    """Return where each number of each patch lies in a padded, flattened map followed by 0 and 1.

    The first 900 rows are ordered for the pooling: place in the window, then window. 59 of them lie
    in the pooling's padding; they are all zero and have no effect. The positions of the last row and column are in no
    pooling window. They come last, because the normalisation counts them.
    """
    zero, one = 3 * 32 * 32, 3 * 32 * 32 + 1
    rows = []
    steps = range(3)
    windows = range(10)
    slots = [
        (3 * i + di - 1, 3 * j + dj - 1)
        for di in steps
        for dj in steps
        for i in windows
        for j in windows
    ]
    rest = [(i, j) for i in range(30) for j in range(30) if i == 29 or j == 29]
    for i, j in slots + rest:
        if i < 0 or j < 0:
            rows.append([zero] * TAPS)
        else:
            taps = [
                channel * 1024 + (i + di) * 32 + j + dj
                for channel in range(3)
                for di in steps
                for dj in steps
            ]
            rows.append([*taps, one])
    return np.array(rows)


_INDEX = _patch_index()
_FAKE = torch.from_numpy(_INDEX[:_SLOTS, -1] == 3 * 32 * 32).view(9, WINDOWS, 1)


def patches(maps: Tensor) -> Tensor:
    """Return the patch under the filters at each position: (B, 3, 28, 28) to (B, 959, 28)."""
    flat = functional.pad(maps, (2, 2, 2, 2)).flatten(1)
    ends = torch.tensor([0.0, 1.0]).expand(len(maps), 2)
    # NumPy gathers columns twice as fast as torch.
    return torch.from_numpy(np.take(torch.cat([flat, ends], 1).numpy(), _INDEX, axis=1))


class FoldConvolution(torch.autograd.Function):
    """Convolve patches, rectify, pool 3 x 3, and sum over positions."""

    @staticmethod
    def forward(ctx: Any, patch: Tensor, filters: Tensor, least: Tensor) -> tuple[Tensor, ...]:
        """Convolve.

        Args:
            ctx: Autograd's context.
            patch: (B, 959, 28) of :func:`patches`.
            filters: (28, C) every fold's filters side by side, their bias in the last row.
            least: (C,) bool, True for filters whose pooling takes the minimum, because a negative gain follows.

        Returns:
            (B, 100, C) pooled values, (B, C) sum and (B, C) sum of squares over all 900 positions.
        """
        count, wide = len(patch), filters.shape[1]
        pooled = patch.new_empty(count, WINDOWS, wide)
        sums, squares = patch.new_empty(2, count, wide)
        y, square = patch.new_empty(2, patch.shape[1], wide)
        windows = y[:_SLOTS].view(9, WINDOWS, wide)
        turned = bool(least.any())
        for one, top, total, second in zip(patch, pooled, sums, squares, strict=True):
            torch.mm(one, filters, out=y).relu_()
            torch.amax(windows, 0, out=top)
            if turned:
                low = windows.masked_fill(_FAKE, torch.inf).amin(0)
                top.copy_(torch.where(least, low, top))
            torch.sum(y, 0, out=total)
            torch.sum(torch.mul(y, y, out=square), 0, out=second)
        ctx.save_for_backward(patch, filters, pooled)
        return pooled, sums, squares

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[None, Tensor, None]:
        """Return the gradient with respect to the filters."""
        patch, filters, pooled = ctx.saved_tensors
        by_pooled, by_sum, by_square = gradients
        by_pooled = by_pooled * (pooled > 0)  # the rectifier passes no gradient at 0
        doubled = 2 * by_square
        gradient = torch.zeros_like(filters)
        y, spread = patch.new_empty(2, patch.shape[1], filters.shape[1])
        windows = y[:_SLOTS].view(9, WINDOWS, -1)
        chosen = torch.empty_like(windows)
        for one, top, mine, flat, steep in zip(
            patch, pooled, by_pooled, by_sum, doubled, strict=True
        ):
            # Convolving again is faster than loading a result that did not fit into the cache.
            torch.mm(one, filters, out=y).relu_()
            torch.eq(windows, top, out=chosen)  # the pooled values; equal ones share the gradient
            chosen.mul_(mine / chosen.sum(0).clamp_(min=1))
            torch.gt(y, 0, out=spread)
            spread.mul_(flat).addcmul_(y, steep)
            spread[:_SLOTS].add_(chosen.view(_SLOTS, -1))
            gradient.addmm_(one.T, spread)
        return None, gradient, None


convolve: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]] = FoldConvolution.apply
"""Apply :class:`FoldConvolution`; arguments and results are those of its ``forward``."""
