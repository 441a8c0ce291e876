"""Detect AUs in flow maps: kernel ridge regression of each AU's presence, solved in closed form.

The kernel is that of :mod:`mien.models.recognisers.flow_kernel`; all AUs share one kernel matrix. Every map is used
with its mirror image, with left and right exchanged, in training and in testing. Thresholds come from scores of
training clips, each scored by a machine that was not fitted on the clip's person.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float64, Int8, Int64, UInt8

from mien.io.flow_sets import FlowMaps
from mien.metrics.detection import best_threshold
from mien.models.recognisers.flow_kernel import (
    Distances,
    Views,
    features,
    kernel,
    median_scales,
    mirrored,
    part,
    squared_distances,
)
from mien.recognition.au_columns import COLUMNS, MIRRORED, Targets
from mien.recognition.types import Folds


@dataclass(frozen=True, kw_only=True)
class AUKernelRecipe:
    """How AU detectors are fitted; fixed in advance, and equal for every AU and fold."""

    ridge: float = 0.3
    """Added to the kernel's diagonal, for real maps."""

    generated_ridge: float = 3.0
    """Added to the kernel's diagonal for generated maps, which are many and simpler than real ones."""

    held_out: float = 0.2
    """Share of the generated faces that are held out to find the thresholds of a machine of generated maps alone."""


@dataclass(frozen=True)
class Told:
    """A detector's scores and thresholds.

    Attributes:
        scores: (samples, columns) a larger score means more likely present.
        threshold: (samples, columns) an AU is predicted as present if its score is at least this.
    """

    scores: Float64[np.ndarray, "samples columns"] = field(repr=False)
    threshold: Float64[np.ndarray, "samples columns"] = field(repr=False)


def generated_scores(
    flow: FlowMaps,
    made: UInt8[np.ndarray, "made 28 28 3"],
    targets: Int8[np.ndarray, "made columns"],
    person: Int64[np.ndarray, " made"],
    recipe: AUKernelRecipe,
) -> Told:
    """Score maps with a machine that is fitted on generated maps alone.

    Args:
        flow: The maps to score.
        made: Generated maps.
        targets: AUs of the generated maps.
        person: (maps,) the number of the face of each generated map.
        recipe: How the machine is fitted.
    """
    faces = np.unique(person)
    held = np.isin(person, faces[: max(round(len(faces) * recipe.held_out), 1)])
    views = _views(made)
    aimed = _both(targets)
    twice = np.tile(held, 2)
    among = squared_distances(views, views)
    seen, rest = np.flatnonzero(~twice), np.flatnonzero(twice)

    def said(to: Distances, taught: np.ndarray) -> np.ndarray:
        """Return scores of samples, from their distances to all generated maps; fit on the maps ``taught``."""
        own = part(among, taught, taught)
        scales = median_scales(own)
        goal, mean = _goal(aimed[taught], None)
        dual = _solved(kernel(own, scales), goal, recipe.generated_ridge)
        columns = np.arange(len(to[0]))
        return np.asarray(kernel(part(to, columns, taught), scales) @ dual + mean)

    limits = _thresholds(
        _mean_of_sides(said(part(among, rest, np.arange(len(twice))), seen)), targets[held]
    )
    everyone = np.arange(len(twice))
    scores = _mean_of_sides(said(squared_distances(_views(flow), views), everyone))
    return Told(scores, np.tile(limits, (len(flow), 1)))


def left_out_scores(
    flow: FlowMaps,
    targets: Targets,
    person: Folds,
    fold: Folds,
    recipe: AUKernelRecipe,
    start: Told | None = None,
) -> Told:
    """Score each real map with a machine that was not fitted on its fold.

    Args:
        flow: Real maps.
        targets: AUs of the real maps.
        person: (maps,) the number of the person in each map.
        fold: (maps,) each map's fold; -1 for maps that all folds are fitted on, and that are not scored.
        recipe: How the machine is fitted.
        start: Scores of the same maps by a machine of generated maps: the difference between targets and these scores
            is fitted. If no training clip has an AU, the threshold of ``start`` is kept. None to use real maps alone.
    """
    views = _views(flow)
    among = squared_distances(views, views)
    aimed, people = _both(targets), np.tile(person, 2)
    begun = np.zeros(aimed.shape)
    threshold = np.full(targets.shape, np.inf)
    if start is not None:
        begun = np.concatenate([start.scores, start.scores[:, MIRRORED]])
        threshold = start.threshold.copy()
    scores = np.full(targets.shape, np.nan)
    for number in np.unique(fold[fold >= 0]):
        mine, taught = fold == number, fold != number
        seen, test = np.flatnonzero(np.tile(taught, 2)), np.flatnonzero(np.tile(mine, 2))
        scales = median_scales(part(among, seen, seen))
        machine = _ridge(
            kernel(part(among, seen, seen), scales), aimed[seen], recipe.ridge, begun[seen]
        )
        said = machine.told(kernel(part(among, test, seen), scales)) + begun[test]
        scores[mine] = _mean_of_sides(said)
        inner = machine.left_out(people[seen]) + begun[seen]
        limits = _thresholds(_mean_of_sides(inner), targets[taught])
        threshold[mine] = np.where(np.isfinite(limits), limits, threshold[mine])
    return Told(scores, threshold)


@dataclass(frozen=True)
class _Machine:
    """Kernel ridge regression of all columns.

    Attributes:
        inverse: (seen, seen) inverse of the kernel matrix with the ridge on its diagonal.
        aimed: (seen, columns) the fitted targets minus their mean; 0 where a target is unknown.
        mean: (columns,) the mean of the fitted targets.
    """

    inverse: np.ndarray
    aimed: np.ndarray
    mean: np.ndarray

    def told(self, to_seen: np.ndarray) -> np.ndarray:
        """Return the scores of samples from their kernel (samples, seen) with the training samples."""
        scores: np.ndarray = to_seen @ (self.inverse @ self.aimed) + self.mean
        return scores

    def left_out(self, people: np.ndarray) -> np.ndarray:
        """Return the score of each training sample by a machine without its person, exact but without a new fit.

        Leaving a group g out of ridge regression leaves the residual ``inverse[g, g]^-1 (inverse y)[g]``.
        The mean is not fitted again.
        """
        dual = self.inverse @ self.aimed
        scores = np.empty_like(self.aimed)
        for one in np.unique(people):
            group = np.flatnonzero(people == one)
            residual = np.linalg.solve(self.inverse[np.ix_(group, group)], dual[group])
            scores[group] = self.aimed[group] - residual
        scores += self.mean
        return scores


def _ridge(
    matrix: np.ndarray, targets: np.ndarray, ridge: float, begun: np.ndarray | None = None
) -> _Machine:
    """Fit all columns to a kernel matrix (seen, seen); ``begun`` is subtracted from the targets first."""
    goal, mean = _goal(targets, begun)
    inverse = np.linalg.inv(matrix + ridge * np.eye(len(matrix)))
    return _Machine(inverse, goal, mean)


def _goal(targets: np.ndarray, begun: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the targets minus each column's mean, with 0 where a target is unknown, and the means."""
    known = targets >= 0
    aimed = np.where(known, targets, 0) - (0 if begun is None else np.where(known, begun, 0))
    mean: np.ndarray = aimed.sum(0) / np.maximum(known.sum(0), 1)
    goal: np.ndarray = np.where(known, aimed - mean, 0)
    return goal, mean


def _solved(matrix: np.ndarray, goal: np.ndarray, ridge: float) -> np.ndarray:
    """Return the dual coefficients: solving the positive definite system is several times faster than inverting."""
    from scipy.linalg import solve

    dual: np.ndarray = solve(matrix + ridge * np.eye(len(matrix)), goal, assume_a="pos")
    return dual


def _thresholds(scores: np.ndarray, targets: np.ndarray) -> Float64[np.ndarray, " columns"]:
    """Return each column's best threshold on training samples."""
    limits = np.empty(len(COLUMNS))
    for column in range(len(COLUMNS)):
        known = targets[:, column] >= 0
        limits[column] = best_threshold(scores[known, column], targets[known, column] == 1)
    return limits


def _views(flow: FlowMaps) -> Views:
    """Return the views of maps, followed by those of their mirror images."""
    return features(np.concatenate([flow, mirrored(flow)]))


def _both(targets: np.ndarray) -> np.ndarray:
    """Return the targets of maps, followed by those of their mirror images."""
    both: np.ndarray = np.concatenate([targets, targets[:, MIRRORED]])
    return both


def _mean_of_sides(scores: np.ndarray) -> np.ndarray:
    """Return the mean of the scores of each map and of its mirror image, with left and right changed back."""
    half = len(scores) // 2
    mean: np.ndarray = (scores[:half] + scores[half:][:, MIRRORED]) / 2
    return mean
