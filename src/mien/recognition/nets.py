"""Train one net for each left-out subject, several at once, for a fixed number of epochs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import torch
import torch.nn.functional as functional
from jaxtyping import Bool, Float64

from mien.au.emotions import CLASS_COUNT
from mien.common.option_checks import check_choice
from mien.errors import UsageError
from mien.io.flow_sets import FlowMaps, LabelNumbers
from mien.models.recognisers.flow_kernel import centred, mirrored
from mien.models.recognisers.fold_net import FoldNet
from mien.models.recognisers.off_apexnet import FoldOffApexNet
from mien.models.recognisers.resnet18 import FoldResNet18
from mien.models.recognisers.sssnet import FoldSSSNet
from mien.models.recognisers.ststnet import FoldSTSTNet
from mien.recognition.names import NET_NAMES, NetName

FoldNetType: TypeAlias = (
    type[FoldSTSTNet] | type[FoldOffApexNet] | type[FoldSSSNet] | type[FoldResNet18]
)
"""The class of a net."""

NETS: dict[NetName, FoldNetType] = {
    "ststnet": FoldSTSTNet,
    "off-apexnet": FoldOffApexNet,
    "sssnet": FoldSSSNet,
    "resnet18": FoldResNet18,
}
"""The builder of each net, from the number of folds and a seed."""

BatchLoss: TypeAlias = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""A batch's loss from its logits (folds, batch, outputs), whether each map was mirrored (batch,) and the maps'
numbers (batch,)."""


@dataclass(frozen=True)
class NetRecipe:
    """How nets are trained; fixed in advance, and equal for every fold and seed.

    Raises:
        UsageError: A value out of its range.
    """

    net: NetName = "ststnet"
    """Name of the net in :data:`NETS`."""

    epochs: int = 100
    """Passes over the samples; no epoch is chosen."""

    batch_size: int = 64
    """Samples in a batch; each fold ignores the samples of its test subject."""

    learning_rate: float = 1e-3
    """Learning rate of Adam."""

    decay: Literal["cosine", "none"] = "cosine"
    """Whether the learning rate falls to zero along a cosine, or stays constant."""

    mirror: bool = True
    """Mirror maps at random in training, and score a map together with its mirror image."""

    balance: bool = True
    """Give all classes the same total weight in the loss."""

    view: Literal["centred", "plain"] = "centred"
    """Input of the nets: each channel minus its median and divided by its RMS, or scaled to 0 to 1."""

    folds_together: int = 8
    """Folds trained in one module, if they share work. With this many, a sample's maps fit in the processor's cache."""

    def __post_init__(self) -> None:
        check_choice("a net of", self.net, NET_NAMES)
        if min(self.epochs, self.batch_size, self.folds_together) < 1 or self.learning_rate <= 0:
            raise UsageError(
                f"expected epochs, batch_size and folds_together of 1 or more and learning_rate above 0, got {self}"
            )


def net_input(flow: FlowMaps, recipe: NetRecipe) -> torch.Tensor:
    """Return maps as the nets' input: (samples, 3, 28, 28) float32."""
    maps = centred(flow) if recipe.view == "centred" else flow / 255
    return torch.from_numpy(maps.astype(np.float32).transpose(0, 3, 1, 2).copy())


def train_nets(
    net: FoldNet,
    flow: FlowMaps,
    label: LabelNumbers,
    keep: Bool[np.ndarray, "folds samples"],
    recipe: NetRecipe,
    seed: int,
    after_epoch: Callable[[], None] | None = None,
) -> None:
    """Train the nets in place.

    Args:
        net: The nets, one for each fold.
        flow: The flow maps of all folds.
        label: Their classes.
        keep: False for the samples that a fold must not see.
        recipe: How they are trained.
        seed: Seed of the order, the mirroring and the dropout; the same for every fold.
        after_epoch: Called after each epoch. Only the leak experiment needs it, to record the scores
            of each epoch.
    """
    kept = torch.from_numpy(keep.astype(np.float32))
    classes = torch.tensor(label)
    weights = kept
    if recipe.balance:  # over the samples that each fold may see
        counts = kept @ functional.one_hot(classes, CLASS_COUNT).float()
        share = kept.sum(1, keepdim=True) / (CLASS_COUNT * counts.clamp(min=1))
        weights = kept * share[:, classes]

    def loss(scores: torch.Tensor, _: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        return _loss(scores, classes[batch], weights[:, batch])

    run_epochs(net, flow, kept, recipe, seed, loss, after_epoch)


def run_epochs(
    net: FoldNet,
    flow: FlowMaps,
    kept: torch.Tensor,
    recipe: NetRecipe,
    seed: int,
    loss_of: BatchLoss,
    after_epoch: Callable[[], None] | None = None,
) -> None:
    """Train nets in place with any loss.

    Args:
        net: The nets, one for each fold.
        flow: The flow maps of all folds.
        kept: (folds, samples) float32, 0 for the samples that a fold must not see.
        recipe: How they are trained.
        seed: Seed of the order, the mirroring and the dropout; the same for every fold.
        loss_of: The loss of a batch.
        after_epoch: Called after each epoch.
    """
    rng = np.random.default_rng(seed)
    generator = torch.Generator().manual_seed(seed)
    both = torch.stack([net_input(flow, recipe), net_input(mirrored(flow), recipe)])
    # Without "fused", the update takes longer than the rest of a step: a net has 2.7 million weights per fold.
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
            loss = loss_of(scores, sides[batch], batch)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            if recipe.decay == "cosine":
                schedule.step()
        if after_epoch is not None:
            after_epoch()


def _loss(scores: torch.Tensor, classes: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Return the sum over folds of the weighted mean cross-entropy.

    Args:
        scores: (F, B, 3) logits.
        classes: (B,).
        weight: (F, B).
    """
    folds = len(scores)
    losses = functional.cross_entropy(
        scores.flatten(0, 1), classes.repeat(folds), reduction="none"
    ).view(folds, -1)
    return ((losses * weight).sum(1) / weight.sum(1).clamp(min=1e-6)).sum()


@torch.no_grad()
def net_scores(
    net: FoldNet, flow: FlowMaps, recipe: NetRecipe
) -> Float64[np.ndarray, "folds samples 3"]:
    """Return every net's log-probabilities: the mean of a map and its mirror image."""
    net.eval()
    everything = torch.ones(net.folds, 1)
    sides = (flow, mirrored(flow)) if recipe.mirror else (flow,)
    total = sum(net(net_input(side, recipe), everything, None).log_softmax(-1) for side in sides)
    return np.asarray(total, dtype=np.float64) / len(sides)
