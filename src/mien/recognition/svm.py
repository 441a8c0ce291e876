"""Support vector machines on flow maps: the recognition baseline, and the judge of realism."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float32, Float64

from mien.errors import MissingExtraError
from mien.install import install_command
from mien.io.flow_sets import FlowMaps, LabelNumbers
from mien.recognition.types import Folds, LabelledMaps, Scores


def svm_left_out_scores(
    flow: FlowMaps,
    label: LabelNumbers,
    fold: Folds,
    seed: int = 0,
    extra: LabelledMaps | None = None,
) -> Float64[np.ndarray, "samples numbers"]:
    """Score each sample with a machine that was not fitted on its fold.

    Args:
        flow: The flow maps.
        label: Their classes.
        fold: The number of each sample's fold, from 0.
        seed: Seed of the support vector machine.
        extra: Further maps and classes to train every fold on.

    Returns:
        One score per class; for two classes a single score, which is larger for the second class.
    """
    maps = _rows(flow)
    scores = []
    where = []
    for number in np.unique(fold):
        seen, mine = fold != number, np.flatnonzero(fold == number)
        train, classes = maps[seen], label[seen]
        if extra is not None:
            train = np.concatenate([train, _rows(extra[0])])
            classes = np.concatenate([classes, extra[1]])
        machine = _machine(seed).fit(train, classes)
        scores.append(machine.decision_function(maps[mine]).reshape(len(mine), -1))
        where.append(mine)
    return np.concatenate(scores)[np.argsort(np.concatenate(where))]


def svm_scores(flow: FlowMaps, train: LabelledMaps, seed: int = 0) -> Scores:
    """Score maps with a machine that is fitted only on other maps.

    Args:
        flow: The maps to score.
        train: Maps and classes to fit on.
        seed: Seed of the support vector machine.
    """
    machine = _machine(seed).fit(_rows(train[0]), train[1])
    scores: Scores = machine.decision_function(_rows(flow))
    return scores


def _rows(flow: FlowMaps) -> Float32[np.ndarray, "samples numbers"]:
    """Return each map as one row of numbers."""
    return flow.reshape(len(flow), -1).astype(np.float32)


def _machine(seed: int) -> Any:
    try:
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC
    except ImportError as error:
        raise MissingExtraError(
            f"support vector machines need scikit-learn: {install_command('eval')}"
        ) from error
    return make_pipeline(
        StandardScaler(),
        SVC(kernel="rbf", C=1.0, gamma="scale", class_weight="balanced", random_state=seed),
    )
