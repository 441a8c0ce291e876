"""Measure how real generated flow maps look, by how well a classifier separates them from real ones."""

from __future__ import annotations

import os
from typing import TypedDict

import numpy as np
from jaxtyping import Bool, Float

from mien.datasets.splits import balanced_folds, check_disjoint
from mien.errors import DatasetError
from mien.io.flow_sets import FlowSet
from mien.recognition.generated import read_generated
from mien.recognition.types import Folds

FOLDS = 5
"""Folds of the cross-validation, by subject."""


class Realism(TypedDict):
    """How well a classifier separates generated maps from real ones; see `evaluate_realism`."""

    auc: float
    real: int
    generated: int


def evaluate_realism(flows: str | os.PathLike[str], generated: str, seed: int = 0) -> Realism:
    """Measure how well an RBF-SVM separates generated flow maps from real ones.

    Args:
        flows: An ``.npz`` of real flow maps.
        generated: ``rig:N``, an ``.npz``, or a folder with ``flows.npz``.
        seed: Seed of the folds, of the rig's maps, and of the choice of maps to compare.

    Returns:
        ``auc``, the area under the ROC curve in cross-validation by subject (0.5: cannot be
        separated, 1: separated without error); ``real`` and ``generated``, the number of maps of
        each kind that were compared.

    Raises:
        UsageError: ``rig:N`` is not valid.
        DatasetError: A file is not valid, has fewer people than folds, or a person is in both files.
        MissingExtraError: scikit-learn is not installed.
    """
    from mien.recognition.svm import svm_left_out_scores

    real, made = FlowSet.from_npz(flows), read_generated(generated, seed)
    check_disjoint(real=real.subject.tolist(), generated=made.subject.tolist())
    for kind, part in (("real", real), ("generated", made)):
        if len(part.subjects) < FOLDS:
            raise DatasetError(
                f"expected {kind} maps of {FOLDS} people or more, one for each fold, got "
                f"{len(part.subjects)}"
            )
    rng = np.random.default_rng(seed)
    if len(made) > len(real):  # more generated maps hardly change the AUC, but take time
        made = made.take(np.sort(rng.permutation(len(made))[: len(real)]))
    both = FlowSet.joined([real, made])
    is_made = np.arange(len(both)) >= len(real)
    fold = _folds(real, made, seed)
    scores = svm_left_out_scores(both.flow, is_made.astype(np.int64), fold, seed)[:, 0]
    return {"auc": _auc(scores, is_made), "real": len(real), "generated": len(made)}


def _folds(real: FlowSet, made: FlowSet, seed: int) -> Folds:
    """Return the fold of each sample, real ones first; every fold has maps of both kinds."""
    fold = np.zeros(len(real) + len(made), np.int64)
    for part, start in ((real, 0), (made, len(real))):
        for number, split in enumerate(balanced_folds(part.subject.tolist(), FOLDS, seed)):
            fold[start + np.array(split.test)] = number
    return fold


def _auc(scores: Float[np.ndarray, " samples"], positive: Bool[np.ndarray, " samples"]) -> float:
    """Return the area under the ROC curve: the Mann-Whitney statistic of the positive samples."""
    from scipy.stats import rankdata

    ranks = rankdata(scores)[positive].sum()
    n = int(positive.sum())
    return float((ranks - n * (n + 1) / 2) / (n * (len(positive) - n)))
