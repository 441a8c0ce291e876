"""Leave one subject out with nets: groups of folds in modules, a group on each processor core."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from jaxtyping import Float64, Int64, UInt8

from mien.models.recognisers.fold_net import FoldNet
from mien.recognition.nets import CLASSES, NETS, NetRecipe, net_scores, train_nets


def left_out_scores(
    flow: UInt8[np.ndarray, "samples 28 28 3"],
    label: Int64[np.ndarray, " samples"],
    fold: Int64[np.ndarray, " samples"],
    recipe: NetRecipe,
    seed: int,
    extra: tuple[np.ndarray, np.ndarray] | None = None,
    first: FoldNet | None = None,
    leak: bool = False,
) -> Float64[np.ndarray, "samples 3"]:
    """Return each sample's scores by the net that never saw its subject.

    Groups of folds share nothing, so each trains on one core, as many at once as torch has threads.

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

    def train(numbers: np.ndarray) -> None:
        net = NETS[recipe.net](len(numbers), seed)
        if first is not None:
            net.begin_with(first)
        watch: list[np.ndarray] = []
        shown = np.flatnonzero(np.isin(fold, numbers))

        def look() -> None:
            watch.append(net_scores(net, flow[shown], recipe))

        keep = people != numbers[:, None]
        train_nets(net, maps, classes, keep, recipe, seed, look if leak else None)
        last = net_scores(net, flow[shown], recipe)
        for index, number in enumerate(numbers):
            mine = fold[shown] == number
            chosen = last
            if leak:
                truth = label[shown[mine]]
                right = [(w[index, mine].argmax(1) == truth).mean() for w in watch]
                chosen = watch[int(np.argmax(right))]
            scores[shown[mine]] = chosen[index, mine]

    everyone = np.unique(fold)
    # One thread a group: torch's own threads would meet again after each small step.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            for done in [pool.submit(train, group) for group in _groups(everyone, recipe, threads)]:
                done.result()
    finally:
        torch.set_num_threads(threads)
    return scores


def first_net(extra: tuple[np.ndarray, np.ndarray], recipe: NetRecipe, seed: int) -> FoldNet:
    """Train one net on maps that every fold may see, such as generated ones: all folds may begin with it."""
    net = NETS[recipe.net](1, seed)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a step is so small that threads only wait for one another
    try:
        train_nets(net, *extra, np.ones((1, len(extra[0])), bool), recipe, seed)
    finally:
        torch.set_num_threads(threads)
    return net


def _groups(everyone: np.ndarray, recipe: NetRecipe, threads: int) -> list[np.ndarray]:
    """Split folds into groups of nearly one size, as many as keep every thread busy to the end."""
    rounds = -(-len(everyone) // (recipe.folds_together * threads))
    return np.array_split(everyone, min(rounds * threads, len(everyone)))
