"""Detect AUs in flow maps with published nets: one output for each AU, trained for a fixed number of epochs.

The loss is the binary cross-entropy over the known AUs of each map; if a map is mirrored in training, left and right
of its targets are exchanged. An AU is predicted as present if its logit is 0 or more, as in MEB.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as functional
from jaxtyping import Bool, Float64

from mien.io.flow_sets import FlowMaps
from mien.models.recognisers.flow_kernel import mirrored
from mien.models.recognisers.fold_net import FoldNet
from mien.recognition.au_columns import COLUMNS, MIRRORED, Targets
from mien.recognition.au_kernel import Told
from mien.recognition.net_folds import in_groups, one_torch_thread
from mien.recognition.nets import NETS, NetRecipe, net_input, run_epochs
from mien.recognition.types import Folds


def net_left_out_scores(
    flow: FlowMaps,
    targets: Targets,
    fold: Folds,
    recipe: NetRecipe,
    seed: int,
    first: FoldNet | None = None,
) -> Told:
    """Score each map with a net that was not trained on its fold.

    Args:
        flow: Real maps.
        targets: AUs of the maps.
        fold: (maps,) each map's fold; -1 for maps that all folds train on, and that are not scored.
        recipe: How nets are trained.
        seed: Seed of the initial weights and of the training.
        first: A trained net to start every fold from.
    """
    scores = np.full(targets.shape, np.nan)

    def train(numbers: np.ndarray) -> None:
        net = NETS[recipe.net](len(numbers), seed, outputs=len(COLUMNS))
        if first is not None:
            net.begin_with(first)
        _train(net, flow, targets, fold != numbers[:, None], recipe, seed)
        for number, said in zip(numbers, _logits(net, flow, recipe), strict=True):
            scores[fold == number] = said[fold == number]

    in_groups(np.unique(fold[fold >= 0]), recipe, train)
    return Told(scores, np.zeros(targets.shape))


def first_au_net(flow: FlowMaps, targets: Targets, recipe: NetRecipe, seed: int) -> FoldNet:
    """Train a net from which every fold can start.

    Args:
        flow: Maps to train on, such as generated ones.
        targets: AUs of the maps.
        recipe: How it is trained.
        seed: Seed of the initial weights and of the training.
    """
    net = NETS[recipe.net](1, seed, outputs=len(COLUMNS))
    with one_torch_thread():
        _train(net, flow, targets, np.ones((1, len(flow)), bool), recipe, seed)
    return net


def told_by(net: FoldNet, flow: FlowMaps, recipe: NetRecipe) -> Told:
    """Return a single net's scores of maps, with the threshold 0."""
    scores = _logits(net, flow, recipe)[0]
    return Told(scores, np.zeros(scores.shape))


def _train(
    net: FoldNet,
    flow: FlowMaps,
    targets: Targets,
    keep: Bool[np.ndarray, "folds samples"],
    recipe: NetRecipe,
    seed: int,
) -> None:
    kept = torch.from_numpy(keep.astype(np.float32))
    both = torch.from_numpy(np.stack([targets, targets[:, MIRRORED]]))

    def loss(scores: torch.Tensor, sides: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        """Return the sum over folds of the mean loss of the known AUs in the maps that a fold may see."""
        aims = both[sides, batch]
        weight = kept[:, batch, None] * (aims >= 0)
        goal = aims.clamp(min=0).to(scores).expand_as(scores)
        losses = functional.binary_cross_entropy_with_logits(scores, goal, reduction="none")
        return ((losses * weight).sum((1, 2)) / weight.sum((1, 2)).clamp(min=1)).sum()

    run_epochs(net, flow, kept, recipe, seed, loss)


@torch.no_grad()
def _logits(
    net: FoldNet, flow: FlowMaps, recipe: NetRecipe
) -> Float64[np.ndarray, "folds samples columns"]:
    """Return every net's logits: the mean of a map and its mirror image, with left and right changed back."""
    net.eval()
    everything = torch.ones(net.folds, 1)
    plain = np.asarray(net(net_input(flow, recipe), everything, None), dtype=np.float64)
    if not recipe.mirror:
        return plain
    turned = np.asarray(net(net_input(mirrored(flow), recipe), everything, None), dtype=np.float64)
    mean: np.ndarray = (plain + turned[..., MIRRORED]) / 2
    return mean
