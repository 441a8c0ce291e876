"""Train one net for each left-out subject, several at once, for a fixed number of epochs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as functional
from jaxtyping import Float64, Int64, UInt8

from mien.errors import UsageError
from mien.models.recognisers.flow_kernel import centred, mirrored
from mien.models.recognisers.ststnet import FoldSTSTNet

CLASSES = 3


@dataclass(frozen=True)
class NetRecipe:
    """How nets are trained; fixed beforehand, the same for every fold and seed.

    Raises:
        UsageError: a value out of its range.
    """

    epochs: int = 100
    """Passes over the samples; no epoch is chosen."""

    batch_size: int = 64
    """Samples of a batch; a fold leaves out those of its test subject."""

    learning_rate: float = 1e-3
    """Adam's, falling to zero along a cosine."""

    folds_together: int = 4
    """Folds of one module: so many keep a batch's maps in the processor's cache."""

    def __post_init__(self) -> None:
        if min(self.epochs, self.batch_size, self.folds_together) < 1 or self.learning_rate <= 0:
            raise UsageError(f"expected a recipe of numbers above 0, got {self}")


def net_input(flow: UInt8[np.ndarray, "samples 28 28 3"]) -> torch.Tensor:
    """Return maps as nets take them: (samples, 3, 28, 28) float32, about the median, RMS one."""
    return torch.from_numpy(centred(flow).astype(np.float32).transpose(0, 3, 1, 2).copy())


def train_nets(
    net: FoldSTSTNet,
    flow: UInt8[np.ndarray, "samples 28 28 3"],
    label: Int64[np.ndarray, " samples"],
    keep: np.ndarray,
    recipe: NetRecipe,
    seed: int,
    watch: list[np.ndarray] | None = None,
) -> None:
    """Train the nets in place.

    Args:
        net: one net a fold.
        flow: the maps of all folds.
        label: their classes.
        keep: (folds, samples) bool, False where a fold must not see a sample.
        recipe: how.
        seed: of the order, the mirroring and the dropout; the same for every fold.
        watch: where given, every sample's scores (folds, samples, 3) are put there after each epoch:
            only the leak experiment, which chooses an epoch by them, wants this.
    """
    rng = np.random.default_rng(seed)
    generator = torch.Generator().manual_seed(seed)
    both = torch.stack([net_input(flow), net_input(mirrored(flow))])
    kept = torch.from_numpy(keep.astype(np.float32))
    classes = torch.tensor(label)
    # In each fold every class weighs alike, counted among what that fold may see.
    counts = kept @ functional.one_hot(classes, CLASSES).float()
    weights = kept * (kept.sum(1, keepdim=True) / (CLASSES * counts.clamp(min=1)))[:, classes]
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.learning_rate)
    steps = recipe.epochs * -(-len(flow) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(recipe.epochs):
        net.train()
        order = torch.from_numpy(rng.permutation(len(flow)))
        sides = torch.from_numpy(rng.integers(0, 2, len(flow)))
        for start in range(0, len(flow), recipe.batch_size):
            batch = order[start : start + recipe.batch_size]
            maps = both[sides[batch], batch].contiguous(memory_format=torch.channels_last)
            scores = net(maps, kept[:, batch], generator)
            losses = functional.cross_entropy(
                scores.flatten(0, 1), classes[batch].repeat(net.folds), reduction="none"
            ).view(net.folds, -1)
            weight = weights[:, batch]
            loss = ((losses * weight).sum(1) / weight.sum(1).clamp(min=1e-6)).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        if watch is not None:
            watch.append(net_scores(net, flow))


@torch.no_grad()
def net_scores(
    net: FoldSTSTNet, flow: UInt8[np.ndarray, "samples 28 28 3"]
) -> Float64[np.ndarray, "folds samples 3"]:
    """Return every net's log-probabilities, the mean of a map's and its mirror image's."""
    net.eval()
    nothing = torch.ones(net.folds, 1)
    total = sum(
        net(net_input(side), nothing, None).log_softmax(-1) for side in (flow, mirrored(flow))
    )
    return np.asarray(total, dtype=np.float64) / 2


def left_out_scores(
    flow: UInt8[np.ndarray, "samples 28 28 3"],
    label: Int64[np.ndarray, " samples"],
    fold: Int64[np.ndarray, " samples"],
    recipe: NetRecipe,
    seed: int,
    extra: tuple[np.ndarray, np.ndarray] | None = None,
    first: FoldSTSTNet | None = None,
    leak: bool = False,
) -> Float64[np.ndarray, "samples 3"]:
    """Return each sample's scores by the net that never saw its subject.

    Args:
        flow: maps.
        label: classes.
        fold: the number of each sample's subject, from 0.
        recipe: how nets are trained.
        seed: of the first weights and of the training.
        extra: maps and classes that every fold may see too, such as generated ones.
        first: a net to begin with.
        leak: choose each fold's epoch by its own test subject. That is cheating, and only there to
            show how much it inflates.
    """
    maps, classes, people = flow, label, fold
    if extra is not None:
        maps, classes = np.concatenate([flow, extra[0]]), np.concatenate([label, extra[1]])
        people = np.concatenate([fold, np.full(len(extra[0]), -1)])
    scores = np.zeros((len(flow), CLASSES))
    for begin in range(0, int(fold.max()) + 1, recipe.folds_together):
        numbers = np.arange(begin, min(begin + recipe.folds_together, int(fold.max()) + 1))
        net = FoldSTSTNet(len(numbers), seed)
        if first is not None:
            net.begin_with(first)
        watch: list[np.ndarray] | None = [] if leak else None
        train_nets(net, maps, classes, people != numbers[:, None], recipe, seed, watch)
        last = net_scores(net, flow)
        for index, number in enumerate(numbers):
            mine = fold == number
            scores[mine] = last[index, mine]
            if watch:
                right = [
                    (w[index, : len(fold)][mine].argmax(1) == label[mine]).mean() for w in watch
                ]
                scores[mine] = watch[int(np.argmax(right))][index, : len(fold)][mine]
    return scores
