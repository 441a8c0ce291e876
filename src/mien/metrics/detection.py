"""Scores of a detector that says yes or no: AUC, F1 and MCC."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float


def auc(
    scores: Float[np.ndarray, " samples"],
    positive: Bool[np.ndarray, " samples"],
    times: np.ndarray | None = None,
) -> np.ndarray:
    """Return the area under the ROC curve; pairs of equal scores count half.

    Args:
        scores: (samples,) larger means more likely positive.
        positive: (samples,) the ground truth.
        times: (draws, samples) how often each sample counts in each draw of a bootstrap; None: one draw of each once.

    Returns:
        (draws,), or (1,) without ``times``. NaN in a draw without a positive or without a negative sample.
    """
    weights = np.ones((1, len(scores))) if times is None else times
    order = np.argsort(scores, kind="stable")
    ranked, weights = scores[order], weights[:, order]
    first = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    yes = np.add.reduceat(weights * positive[order], first, axis=1)
    no = np.add.reduceat(weights * ~positive[order], first, axis=1)
    below = np.cumsum(no, axis=1) - no / 2
    pairs = yes.sum(1) * no.sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        area: np.ndarray = (yes * below).sum(1) / pairs
    return area


def f1(found: Bool[np.ndarray, " samples"], positive: Bool[np.ndarray, " samples"]) -> float:
    """Return F1; 0 without a true positive."""
    right = int((found & positive).sum())
    return 2 * right / max(int(found.sum()) + int(positive.sum()), 1)


def mcc(found: Bool[np.ndarray, " samples"], positive: Bool[np.ndarray, " samples"]) -> float:
    """Return Matthews' correlation coefficient; 0 if the answers or the ground truth are all the same."""
    tp, tn = float((found & positive).sum()), float((~found & ~positive).sum())
    fp, fn = float((found & ~positive).sum()), float((~found & positive).sum())
    below = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return (tp * tn - fp * fn) / below**0.5 if below else 0.0


def best_threshold(
    scores: Float[np.ndarray, " samples"], positive: Bool[np.ndarray, " samples"]
) -> float:
    """Return the threshold with the largest F1; scores of at least the threshold are positive.

    It lies in the middle between two scores, or is the lowest score if all samples are then positive. Infinite if no
    sample is positive.
    """
    if not positive.any():
        return float("inf")
    order = np.argsort(-scores, kind="stable")
    ranked, right = scores[order], np.cumsum(positive[order])
    values = 2 * right / (np.arange(1, len(scores) + 1) + positive.sum())
    values[np.r_[ranked[1:] == ranked[:-1], False]] = -1  # equal scores cannot be separated
    best = int(values.argmax())
    if best + 1 == len(ranked):
        return float(ranked[best])
    return float((ranked[best] + ranked[best + 1]) / 2)
