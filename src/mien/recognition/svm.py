"""Support vector machines on flow maps: the recognition baseline, and the judge of realism."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64, Int64, UInt8

from mien.errors import MissingExtraError


def _machine(seed: int) -> Any:
    try:
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC
    except ImportError as error:
        raise MissingExtraError(
            'support vector machines need scikit-learn: pip install "mien[eval]"'
        ) from error
    return make_pipeline(
        StandardScaler(),
        SVC(kernel="rbf", C=1.0, gamma="scale", class_weight="balanced", random_state=seed),
    )


def svm_left_out_scores(
    flow: UInt8[np.ndarray, "samples 28 28 3"],
    label: Int64[np.ndarray, " samples"],
    fold: Int64[np.ndarray, " samples"],
    seed: int = 0,
    extra: tuple[np.ndarray, np.ndarray] | None = None,
) -> Float64[np.ndarray, "samples numbers"]:
    """Return each sample's scores by a machine that saw none of its fold.

    Args:
        flow: maps, taken as they are.
        label: classes.
        fold: the number of each sample's fold, from 0.
        seed: of the machine.
        extra: maps and classes that every fold may see too.

    Returns:
        One number a class, or for two classes one number, larger where it is the second.
    """
    maps = flow.reshape(len(flow), -1).astype(np.float32)
    scores = []
    where = []
    for number in np.unique(fold):
        seen, mine = fold != number, np.flatnonzero(fold == number)
        train, classes = maps[seen], label[seen]
        if extra is not None:
            train = np.concatenate([train, extra[0].reshape(len(extra[0]), -1)])
            classes = np.concatenate([classes, extra[1]])
        machine = _machine(seed).fit(train, classes)
        scores.append(machine.decision_function(maps[mine]).reshape(len(mine), -1))
        where.append(mine)
    return np.concatenate(scores)[np.argsort(np.concatenate(where))]


def svm_scores(
    flow: UInt8[np.ndarray, "samples 28 28 3"], train: tuple[np.ndarray, np.ndarray], seed: int = 0
) -> Float64[np.ndarray, "samples 3"]:
    """Return scores by a machine that learned from other maps alone."""
    machine = _machine(seed).fit(train[0].reshape(len(train[0]), -1).astype(np.float32), train[1])
    return machine.decision_function(flow.reshape(len(flow), -1).astype(np.float32))
