"""Train one net for each left-out subject, several at once, for a fixed number of epochs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as functional
from jaxtyping import Float64, Int64, UInt8

from mien.errors import UsageError
from mien.models.recognisers.flow_kernel import centred, mirrored
from mien.models.recognisers.fold_net import FoldNet
from mien.models.recognisers.off_apexnet import FoldOffApexNet
from mien.models.recognisers.ststnet import FoldSTSTNet

CLASSES = 3

NETS: dict[str, Callable[[int, int], FoldNet]] = {
    "ststnet": FoldSTSTNet,
    "off-apexnet": FoldOffApexNet,
}
"""Each net by the name that users give, made from how many folds and a seed."""


@dataclass(frozen=True)
class NetRecipe:
    """How nets are trained; fixed beforehand, the same for every fold and seed.

    Raises:
        UsageError: a value out of its range.
    """

    net: str = "ststnet"
    """Which of :data:`NETS`."""

    epochs: int = 100
    """Passes over the samples; no epoch is chosen."""

    batch_size: int = 64
    """Samples of a batch; a fold leaves out those of its test subject."""

    learning_rate: float = 1e-3
    """Adam's."""

    decay: Literal["cosine", "none"] = "cosine"
    """The learning rate falls to zero along a cosine, or stays."""

    mirror: bool = True
    """Turn maps about at random in training, and judge by a map and its mirror image."""

    balance: bool = True
    """Let the classes weigh alike in the loss."""

    view: Literal["centred", "plain"] = "centred"
    """Maps about each channel's median over its RMS, or as they are, 0 to 1."""

    folds_together: int = 8
    """Folds of one module: so many keep a sample's maps in the processor's cache."""

    def __post_init__(self) -> None:
        if self.net not in NETS:
            raise UsageError(f"expected a net of {', '.join(NETS)}, got {self.net}")
        if min(self.epochs, self.batch_size, self.folds_together) < 1 or self.learning_rate <= 0:
            raise UsageError(f"expected a recipe of numbers above 0, got {self}")


def net_input(flow: UInt8[np.ndarray, "samples 28 28 3"], recipe: NetRecipe) -> torch.Tensor:
    """Return maps as nets take them: (samples, 3, 28, 28) float32."""
    maps = centred(flow) if recipe.view == "centred" else flow / 255
    return torch.from_numpy(maps.astype(np.float32).transpose(0, 3, 1, 2).copy())


def train_nets(
    net: FoldNet,
    flow: UInt8[np.ndarray, "samples 28 28 3"],
    label: Int64[np.ndarray, " samples"],
    keep: np.ndarray,
    recipe: NetRecipe,
    seed: int,
    after_epoch: Callable[[], None] | None = None,
) -> None:
    """Train the nets in place.

    Args:
        net: one net a fold.
        flow: the maps of all folds.
        label: their classes.
        keep: (folds, samples) bool, False where a fold must not see a sample.
        recipe: how.
        seed: of the order, the mirroring and the dropout; the same for every fold.
        after_epoch: called after each epoch: only the leak experiment, which chooses an epoch by what
            it then sees, wants this.
    """
    rng = np.random.default_rng(seed)
    generator = torch.Generator().manual_seed(seed)
    both = torch.stack([net_input(flow, recipe), net_input(mirrored(flow), recipe)])
    kept = torch.from_numpy(keep.astype(np.float32))
    classes = torch.tensor(label)
    weights = kept
    if recipe.balance:  # among what each fold may see
        counts = kept @ functional.one_hot(classes, CLASSES).float()
        share = kept.sum(1, keepdim=True) / (CLASSES * counts.clamp(min=1))
        weights = kept * share[:, classes]
    # Fused, as otherwise it takes longer than a step of a net with 2.7 million weights a fold.
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.learning_rate, fused=True)
    steps = recipe.epochs * -(-len(flow) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(recipe.epochs):
        net.train()
        order = torch.from_numpy(rng.permutation(len(flow)))
        sides = torch.from_numpy(rng.integers(0, 1 + recipe.mirror, len(flow)))
        for start in range(0, len(flow), recipe.batch_size):
            batch = order[start : start + recipe.batch_size]
            scores = net(both[sides[batch], batch], kept[:, batch], generator)
            losses = functional.cross_entropy(
                scores.flatten(0, 1), classes[batch].repeat(net.folds), reduction="none"
            ).view(net.folds, -1)
            weight = weights[:, batch]
            loss = ((losses * weight).sum(1) / weight.sum(1).clamp(min=1e-6)).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if recipe.decay == "cosine":
                schedule.step()
        if after_epoch is not None:
            after_epoch()


@torch.no_grad()
def net_scores(
    net: FoldNet, flow: UInt8[np.ndarray, "samples 28 28 3"], recipe: NetRecipe
) -> Float64[np.ndarray, "folds samples 3"]:
    """Return every net's log-probabilities, the mean of a map's and its mirror image's."""
    net.eval()
    nothing = torch.ones(net.folds, 1)
    sides = (flow, mirrored(flow)) if recipe.mirror else (flow,)
    total = sum(net(net_input(side, recipe), nothing, None).log_softmax(-1) for side in sides)
    return np.asarray(total, dtype=np.float64) / len(sides)
