"""Types of losses, and their weighted total."""

from __future__ import annotations

from typing import TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

Scalar: TypeAlias = Float[Tensor, ""]
"""One loss."""

Losses: TypeAlias = dict[str, Tensor]
"""Unweighted losses by name, and their weighted sum as ``total``, which is minimised."""


def with_total(terms: Losses, weights: object) -> Losses:
    """Add the weighted sum of the losses as ``total``.

    Args:
        terms: Losses by name, at least one.
        weights: An object with a weight under each of these names.
    """
    return terms | {"total": total_of([getattr(weights, n) * loss for n, loss in terms.items()])}


def total_of(terms: list[Tensor]) -> Scalar:
    """Add scalars up; there must be at least one."""
    return torch.stack(terms).sum()
