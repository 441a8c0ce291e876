"""Figures of AU detectors: each AU's AUC, F1 and MCC, their means, and the gain of one detector over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mien.au.catalog import CATALOG
from mien.metrics.detection import auc, f1, mcc
from mien.metrics.recognition import Gain
from mien.recognition.au_columns import COLUMNS, SIDED, WHOLE, Targets
from mien.recognition.au_kernel import Told
from mien.recognition.protocol import Part

LEAST_POSITIVES = 8
"""An AU is scored only if at least this many tested clips have it."""

FIGURES = ("auc", "f1", "mcc")


@dataclass(frozen=True)
class Run:
    """One division of the clips, and a detector's scores of the tested clips.

    Attributes:
        part: The division.
        told: Scores and thresholds of all clips; they have no meaning for clips that are not tested.
    """

    part: Part
    told: Told = field(repr=False)


def scored_columns(
    targets: Targets, part: Part, names: Sequence[str] = WHOLE, unseen: bool = False
) -> list[int]:
    """Return the columns that are scored in a division.

    A column is scored if at least :data:`LEAST_POSITIVES` tested clips have the AU, one tested clip lacks it, and one
    training clip has it. With ``unseen`` the last condition is dropped: generated maps may have taught the AU.
    """
    kept = []
    for column in (COLUMNS.index(name) for name in names):
        tested = targets[part.tested, column]
        # With several folds, every clip is a training clip of another fold.
        taught = targets[:, column] if part.fold.max() > 0 else targets[~part.tested, column]
        enough = (tested == 1).sum() >= LEAST_POSITIVES and (tested == 0).any()
        if enough and (unseen or (taught == 1).any()):
            kept.append(column)
    return kept


def figures_of(runs: Sequence[Run], targets: Targets) -> dict[str, Any]:
    """Return the figures of runs.

    Returns:
        ``auc``, ``f1`` and ``mcc``, means over AUs and then over runs. ``aus`` and ``sides``: these figures and the
        number of ``positives`` for each AU, means over the runs in which it is scored. ``side``: the number of AUs
        that clips have on one side alone (``count``), and the share of them in which that side has the larger score
        (``right``).
    """
    every = [_by_column(run, targets, WHOLE) for run in runs]
    one_sided = [name for name in SIDED if _one_sided(targets, name).any()]
    return {
        **_overall(every),
        "aus": _means(every),
        "sides": _means([_by_column(run, targets, one_sided) for run in runs]),
        "side": _side_figure(runs, targets),
    }


def means_of(
    runs: Sequence[Run], targets: Targets, unseen: bool = False
) -> dict[str, float | None]:
    """Return ``auc``, ``f1`` and ``mcc``, means over AUs and then over runs; see :func:`scored_columns`."""
    return _overall([_by_column(run, targets, WHOLE, unseen) for run in runs])


def _overall(every: Sequence[dict[str, dict[str, float]]]) -> dict[str, float | None]:
    """Return means over AUs and then over runs."""
    return {
        name: _mean([_mean([one[name] for one in run.values()]) for run in every])
        for name in FIGURES
    }


def gain_of(
    runs: Sequence[Run],
    without: Sequence[Run],
    targets: Targets,
    person: np.ndarray,
    draws: int = 2000,
    seed: int = 0,
    unseen: bool = False,
) -> Gain:
    """Return the gain in mean AUC, by a paired bootstrap over people.

    Args:
        runs: Runs of a detector.
        without: Runs of another detector with the same divisions.
        targets: AUs of the clips.
        person: (clips,) the number of the person in each clip, from 0.
        draws: Number of draws. In each draw all runs and both detectors get the same people; figures are averaged over
            AUs, then over runs.
        seed: Seed of the draws.
        unseen: See :func:`scored_columns`.
    """
    people = int(person.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(people, [1 / people] * people, size=draws)
    times = np.concatenate([np.ones((1, people), np.int64), drawn])[:, person]
    gains = np.zeros((len(runs), draws + 1))
    for gain, run, other in zip(gains, runs, without, strict=True):
        columns = scored_columns(targets, run.part, unseen=unseen)
        pairs = [
            _area(run, targets, column, times) - _area(other, targets, column, times)
            for column in columns
        ]
        gain[:] = _mean_of_known(np.array(pairs))
    mean = _mean_of_known(gains)
    low, high = np.nanquantile(mean[1:], (0.025, 0.975))
    return Gain(float(mean[0]), float(low), float(high))


def _area(run: Run, targets: Targets, column: int, times: np.ndarray) -> np.ndarray:
    """Return a column's AUC in each draw."""
    rows = np.flatnonzero(run.part.tested & (targets[:, column] >= 0))
    return auc(run.told.scores[rows, column], targets[rows, column] == 1, times[:, rows])


def _by_column(
    run: Run, targets: Targets, names: Sequence[str], unseen: bool = False
) -> dict[str, dict[str, float]]:
    """Return the figures of each AU that is scored in a run."""
    made = {}
    for column in scored_columns(targets, run.part, names, unseen):
        rows = np.flatnonzero(run.part.tested & (targets[:, column] >= 0))
        positive = targets[rows, column] == 1
        scores = run.told.scores[rows, column]
        found = scores >= run.told.threshold[rows, column]
        made[COLUMNS[column]] = {
            "positives": float(positive.sum()),
            "auc": float(auc(scores, positive)[0]),
            "f1": f1(found, positive),
            "mcc": mcc(found, positive),
        }
    return made


def _means(every: Sequence[dict[str, dict[str, float]]]) -> dict[str, dict[str, float | None]]:
    """Return the means over the runs in which an AU is scored, in the order of :data:`COLUMNS`."""
    made = {}
    for name in COLUMNS:
        having = [run[name] for run in every if name in run]
        if having:
            made[name] = {key: _mean([one[key] for one in having]) for key in having[0]}
    return made


def _one_sided(targets: Targets, name: str) -> np.ndarray:
    """Return which clips have an AU on the named side alone."""
    other = name[:-1] + ("R" if name[-1] == "L" else "L")
    alone: np.ndarray = (targets[:, COLUMNS.index(name)] == 1) & (
        targets[:, COLUMNS.index(other)] == 0
    )
    return alone


def _side_figure(runs: Sequence[Run], targets: Targets) -> dict[str, float | None]:
    """Return how often the side of a one-sided AU has the larger score, and the number of these AUs in clips."""
    right: list[float] = []
    count: list[float] = []
    for run in runs:
        ahead = [
            run.told.scores[row, COLUMNS.index(f"{unit}{side}")]
            > run.told.scores[row, COLUMNS.index(f"{unit}{other}")]
            for unit in CATALOG
            for side, other in (("L", "R"), ("R", "L"))
            if f"{unit}{side}" in SIDED
            for row in np.flatnonzero(_one_sided(targets, f"{unit}{side}") & run.part.tested)
        ]
        count.append(len(ahead))
        if ahead:
            right.append(float(np.mean(ahead)))
    return {"count": _mean(count), "right": _mean(right)}


def _mean(values: Sequence[float | None]) -> float | None:
    """Return a mean, rounded to six decimals; None without values."""
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 6) if known else None


def _mean_of_known(values: np.ndarray) -> np.ndarray:
    """Return the mean over rows without NaN; NaN if all rows are NaN."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: np.ndarray = np.where(known, values, 0).sum(0) / known.sum(0)
    return mean
