"""Our recogniser: class-balanced kernel ridge regression, solved in closed form for every fold.

442 samples hardly train a network, but solve a kernel machine exactly: nothing is random, no epoch is
chosen, and all 68 folds take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64, UInt8

from mien.models.recognisers.flow_kernel import (
    features,
    kernel,
    median_scales,
    mirrored,
    part,
    squared_distances,
)

CLASSES = 3


@dataclass(frozen=True)
class KernelRecipe:
    """How the kernel machine is fitted; fixed beforehand, the same for every fold."""

    ridge: float = 0.3
    """Added to the kernel's diagonal, over each sample's weight."""

    generated_weight: float = 0.1
    """What a generated sample weighs beside a real one, also where it is alone: it is believed less."""


@dataclass(frozen=True)
class _Samples:
    """Maps as they are, then mirrored, in three views."""

    views: tuple[np.ndarray, ...]
    label: np.ndarray
    fold: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(
        cls, flow: np.ndarray, label: np.ndarray, fold: np.ndarray, weight: float = 1.0
    ) -> _Samples:
        both = np.concatenate([flow, mirrored(flow)])
        return cls(features(both), np.tile(label, 2), np.tile(fold, 2), np.full(len(both), weight))

    def and_(self, other: _Samples) -> _Samples:
        return _Samples(
            tuple(np.concatenate(v) for v in zip(self.views, other.views, strict=True)),
            np.concatenate([self.label, other.label]),
            np.concatenate([self.fold, other.fold]),
            np.concatenate([self.weight, other.weight]),
        )


def kernel_left_out_scores(
    flow: UInt8[np.ndarray, "samples 28 28 3"],
    label: Int64[np.ndarray, " samples"],
    fold: Int64[np.ndarray, " samples"],
    recipe: KernelRecipe,
    extra: tuple[np.ndarray, np.ndarray] | None = None,
    use: str = "mix",
) -> Float64[np.ndarray, "samples 3"]:
    """Return each sample's scores by the machine that never saw its subject.

    Args:
        flow: maps.
        label: classes.
        fold: the number of each sample's subject, from 0.
        recipe: how the machine is fitted.
        extra: maps and classes that every fold may see too, such as generated ones.
        use: ``mix`` fits both together; ``finetune`` fits the extra ones first, and then the real
            ones' difference from what that says of them.
    """
    real = _Samples.of(flow, label, fold)
    start = np.zeros((len(real.label), CLASSES))
    samples = real
    if extra is not None:
        added = _Samples.of(*extra, np.full(len(extra[0]), -1), recipe.generated_weight)
        if use == "finetune":
            start = _fitted(added, recipe, real.views)
        else:
            samples = real.and_(added)
            start = np.zeros((len(samples.label), CLASSES))
    among = squared_distances(samples.views, samples.views)
    targets = _targets(samples.label) - start
    scores = start[: len(real.label)].copy()
    for number in np.unique(fold):
        seen = np.flatnonzero(samples.fold != number)
        mine = np.flatnonzero(real.fold == number)
        taught = np.flatnonzero(real.fold != number)
        scales = median_scales(part(among, taught, taught))
        matrix = kernel(part(among, seen, seen), scales)
        solved = _solve(matrix, targets[seen], samples, seen, recipe)
        scores[mine] += kernel(part(among, mine, seen), scales) @ solved
    return (scores[: len(flow)] + scores[len(flow) :]) / 2


def kernel_scores(
    flow: UInt8[np.ndarray, "samples 28 28 3"],
    train: tuple[np.ndarray, np.ndarray],
    recipe: KernelRecipe,
) -> Float64[np.ndarray, "samples 3"]:
    """Return scores by a machine fitted on other maps alone, such as generated ones."""
    samples = _Samples.of(*train, np.full(len(train[0]), -1), recipe.generated_weight)
    scores = _fitted(samples, recipe, features(np.concatenate([flow, mirrored(flow)])))
    return (scores[: len(flow)] + scores[len(flow) :]) / 2


def _fitted(samples: _Samples, recipe: KernelRecipe, views: tuple[np.ndarray, ...]) -> np.ndarray:
    """Fit a machine on all the samples and return its scores of other views."""
    among = squared_distances(samples.views, samples.views)
    scales = median_scales(among)
    everyone = np.arange(len(samples.label))
    solved = _solve(kernel(among, scales), _targets(samples.label), samples, everyone, recipe)
    return kernel(squared_distances(views, samples.views), scales) @ solved


def _targets(label: np.ndarray) -> np.ndarray:
    return np.eye(CLASSES)[label] - 1 / CLASSES


def _solve(
    among: np.ndarray, targets: np.ndarray, samples: _Samples, seen: np.ndarray, r: KernelRecipe
) -> np.ndarray:
    label, weight = samples.label[seen], samples.weight[seen]
    sums = np.bincount(label, weights=weight, minlength=CLASSES)
    balanced = weight * (weight.sum() / (CLASSES * sums[label]))
    return np.linalg.solve(among + r.ridge * np.diag(1 / balanced), targets)
