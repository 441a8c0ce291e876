"""Mien's own recogniser: class-balanced kernel ridge regression, solved in closed form per fold.

The 442 samples of the MEGC2019 composite are few for a network. A kernel machine is solved exactly:
nothing is random, no epoch is chosen, and all 68 folds take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float64

from mien.au.emotions import CLASS_COUNT
from mien.io.flow_sets import FlowMaps, LabelNumbers
from mien.models.recognisers.flow_kernel import (
    Views,
    features,
    kernel,
    median_scales,
    mirrored,
    part,
    squared_distances,
)
from mien.recognition.types import Folds, LabelledMaps, Scores


@dataclass(frozen=True)
class KernelRecipe:
    """How the kernel machine is fitted; fixed in advance, and equal for every fold."""

    ridge: float = 0.3
    """Added to the kernel's diagonal, divided by each sample's weight."""

    generated_weight: float = 0.1
    """Weight of a generated sample; a real one has weight 1. Also used without real samples."""


@dataclass(frozen=True)
class _Samples:
    """Maps and their mirror images, in three views.

    Attributes:
        views: (2 * samples, numbers) each; the mirrored maps come after the others.
        label: (2 * samples,) classes.
        fold: (2 * samples,) each sample's fold; -1 for samples that every fold may see.
        weight: (2 * samples,) weights before the classes are balanced.
    """

    views: Views
    label: np.ndarray
    fold: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, flow: FlowMaps, label: LabelNumbers, fold: Folds, weight: float = 1.0) -> _Samples:
        both = np.concatenate([flow, mirrored(flow)])
        return cls(features(both), np.tile(label, 2), np.tile(fold, 2), np.full(len(both), weight))

    @classmethod
    def of_extra(cls, extra: LabelledMaps, recipe: KernelRecipe) -> _Samples:
        """Take generated maps, which every fold may see."""
        return cls.of(*extra, np.full(len(extra[0]), -1), recipe.generated_weight)

    def and_(self, other: _Samples) -> _Samples:
        return _Samples(
            tuple(np.concatenate(v) for v in zip(self.views, other.views, strict=True)),
            np.concatenate([self.label, other.label]),
            np.concatenate([self.fold, other.fold]),
            np.concatenate([self.weight, other.weight]),
        )


def kernel_left_out_scores(
    flow: FlowMaps,
    label: LabelNumbers,
    fold: Folds,
    recipe: KernelRecipe,
    extra: LabelledMaps | None = None,
    use: Literal["mix", "finetune"] = "mix",
) -> Scores:
    """Score each sample with a machine that was not fitted on its subject.

    Args:
        flow: The flow maps.
        label: Their classes.
        fold: The number of each sample's subject, from 0.
        recipe: How the machine is fitted.
        extra: Further maps and classes to train every fold on, such as generated ones.
        use: ``mix`` fits both kinds together; ``finetune`` fits the extra maps first, then the
            difference between the real labels and the scores of the first fit.
    """
    real = _Samples.of(flow, label, fold)
    start = np.zeros((len(real.label), CLASS_COUNT))
    samples = real
    if extra is not None:
        added = _Samples.of_extra(extra, recipe)
        if use == "finetune":
            start = _fitted(added, recipe, real.views)
        else:
            samples = real.and_(added)
            start = np.zeros((len(samples.label), CLASS_COUNT))
    among = squared_distances(samples.views, samples.views)
    targets = _targets(samples.label) - start
    scores = start[: len(real.label)].copy()
    for number in np.unique(fold):
        seen = np.flatnonzero(samples.fold != number)
        mine = np.flatnonzero(real.fold == number)
        # The kernel's width follows from the real training samples only.
        taught = np.flatnonzero(real.fold != number)
        scales = median_scales(part(among, taught, taught))
        matrix = kernel(part(among, seen, seen), scales)
        solved = _solve(matrix, targets[seen], samples, seen, recipe)
        scores[mine] += kernel(part(among, mine, seen), scales) @ solved
    return _both_sides(scores)


def kernel_scores(flow: FlowMaps, train: LabelledMaps, recipe: KernelRecipe) -> Scores:
    """Score maps with a machine that is fitted only on other maps.

    Args:
        flow: The maps to score.
        train: Maps and classes to fit on, such as generated ones.
        recipe: How the machine is fitted.
    """
    samples = _Samples.of_extra(train, recipe)
    return _both_sides(_fitted(samples, recipe, features(np.concatenate([flow, mirrored(flow)]))))


def _both_sides(scores: np.ndarray) -> Scores:
    """Return the mean of the scores of each map (first half) and its mirror image (second half)."""
    half = len(scores) // 2
    mean: Scores = (scores[:half] + scores[half:]) / 2
    return mean


def _fitted(samples: _Samples, recipe: KernelRecipe, views: Views) -> Float64[np.ndarray, "rows 3"]:
    """Fit a machine on all samples, and return its scores of other views."""
    among = squared_distances(samples.views, samples.views)
    scales = median_scales(among)
    everyone = np.arange(len(samples.label))
    solved = _solve(kernel(among, scales), _targets(samples.label), samples, everyone, recipe)
    scores: np.ndarray = kernel(squared_distances(views, samples.views), scales) @ solved
    return scores


def _targets(label: LabelNumbers) -> Float64[np.ndarray, "samples 3"]:
    """Return one-hot classes minus 1 / 3."""
    targets: np.ndarray = np.eye(CLASS_COUNT)[label] - 1 / CLASS_COUNT
    return targets


def _solve(
    among: np.ndarray,
    targets: np.ndarray,
    samples: _Samples,
    seen: np.ndarray,
    recipe: KernelRecipe,
) -> Float64[np.ndarray, "seen 3"]:
    """Return the dual coefficients of ridge regression; all classes have the same total weight."""
    label, weight = samples.label[seen], samples.weight[seen]
    sums = np.bincount(label, weights=weight, minlength=CLASS_COUNT)
    balanced = weight * (weight.sum() / (CLASS_COUNT * sums[label]))
    return np.linalg.solve(among + recipe.ridge * np.diag(1 / balanced), targets)
