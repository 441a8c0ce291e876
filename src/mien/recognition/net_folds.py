"""Leave-one-subject-out with nets: one net per fold, and a group of folds on each processor core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import torch
from jaxtyping import Float64, Int64

from mien.au.emotions import CLASS_COUNT
from mien.io.flow_sets import FlowMaps, LabelNumbers
from mien.models.recognisers.fold_net import FoldNet
from mien.recognition.nets import NETS, NetRecipe, net_scores, train_nets
from mien.recognition.types import Folds, LabelledMaps, Scores


def left_out_scores(
    flow: FlowMaps,
    label: LabelNumbers,
    fold: Folds,
    recipe: NetRecipe,
    seed: int,
    extra: LabelledMaps | None = None,
    first: FoldNet | None = None,
    leak: bool = False,
) -> Scores:
    """Score each sample with the net that was not trained on its subject.

    Groups of folds are independent, so each trains on one core, as many at once as torch has
    threads.

    Args:
        flow: The flow maps.
        label: Their classes.
        fold: The number of each sample's subject, from 0.
        recipe: How nets are trained.
        seed: Seed of the initial weights and of the training.
        extra: Further maps and classes to train every fold on, such as generated ones.
        first: A trained net to start every fold from.
        leak: Choose each fold's epoch on its own test subject. This is leakage: it only serves to
            show how much it inflates the score.
    """
    maps, classes, people = flow, label, fold
    if extra is not None:
        maps, classes = np.concatenate([flow, extra[0]]), np.concatenate([label, extra[1]])
        people = np.concatenate([fold, np.full(len(extra[0]), -1)])
    scores = np.zeros((len(flow), CLASS_COUNT))

    def train(numbers: np.ndarray) -> None:
        net = NETS[recipe.net](len(numbers), seed)
        if first is not None:
            net.begin_with(first)
        epochs: list[np.ndarray] = []
        shown = np.flatnonzero(np.isin(fold, numbers))

        def look() -> None:
            epochs.append(net_scores(net, flow[shown], recipe))

        keep = people != numbers[:, None]
        train_nets(net, maps, classes, keep, recipe, seed, look if leak else None)
        last = net_scores(net, flow[shown], recipe)
        for index, number in enumerate(numbers):
            mine = fold[shown] == number
            chosen = last
            if leak:
                chosen = _luckiest(epochs, index, mine, label[shown[mine]])
            scores[shown[mine]] = chosen[index, mine]

    in_groups(np.unique(fold), recipe, train)
    return scores


def in_groups(
    everyone: Int64[np.ndarray, " folds"],
    recipe: NetRecipe,
    train: Callable[[np.ndarray], None],
) -> None:
    """Call ``train`` with groups of folds, as many at once as torch has threads."""
    groups = _groups(everyone, recipe, torch.get_num_threads())
    with (
        one_torch_thread() as threads,
        ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool,
    ):
        for done in [pool.submit(train, group) for group in groups]:
            done.result()


def first_net(extra: LabelledMaps, recipe: NetRecipe, seed: int) -> FoldNet:
    """Train a net from which every fold starts.

    Args:
        extra: Maps and classes to train on, such as generated ones.
        recipe: How it is trained.
        seed: Seed of the initial weights and of the training.
    """
    net = NETS[recipe.net](1, seed)
    with one_torch_thread():
        train_nets(net, *extra, np.ones((1, len(extra[0])), bool), recipe, seed)
    return net


def _luckiest(
    epochs: list[Float64[np.ndarray, "folds samples 3"]],
    index: int,
    mine: np.ndarray,
    truth: Int64[np.ndarray, " tested"],
) -> Float64[np.ndarray, "folds samples 3"]:
    """Return the scores of the epoch in which a fold recognises its own test subject best."""
    right = [(scores[index, mine].argmax(1) == truth).mean() for scores in epochs]
    return epochs[int(np.argmax(right))]


@contextmanager
def one_torch_thread() -> Iterator[int]:
    """Let torch use one thread in the block: a step is too small to gain from more threads.

    Yields:
        The number of threads that torch used before.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield threads
    finally:
        torch.set_num_threads(threads)


def _groups(everyone: np.ndarray, recipe: NetRecipe, threads: int) -> list[np.ndarray]:
    """Split folds into groups of nearly equal size, whose number is a multiple of the threads.

    Folds that share no work are on their own, because together they only take more memory.
    """
    together = recipe.folds_together if NETS[recipe.net].shares_work else 1
    rounds = -(-len(everyone) // (together * threads))
    return np.array_split(everyone, min(rounds * threads, len(everyone)))
