"""F1 of several labels at once, from counts: binary F1, and macro F1 as scikit-learn and MEB compute it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool


@dataclass(frozen=True)
class Counts:
    """How often labels were found, missed and wrongly found.

    Attributes:
        tp: (draws, labels) present and found.
        fp: (draws, labels) absent and found.
        fn: (draws, labels) present and not found.
        tn: (draws, labels) absent and not found.
    """

    tp: np.ndarray = field(repr=False)
    fp: np.ndarray = field(repr=False)
    fn: np.ndarray = field(repr=False)
    tn: np.ndarray = field(repr=False)

    @classmethod
    def of(
        cls,
        found: Bool[np.ndarray, "samples labels"],
        positive: Bool[np.ndarray, "samples labels"],
        known: Bool[np.ndarray, "samples labels"],
        times: np.ndarray,
    ) -> Counts:
        """Count the outcomes of each label in each draw.

        Args:
            found: (samples, labels) what a detector says.
            positive: (samples, labels) the ground truth.
            known: (samples, labels) which labels of which samples count.
            times: (draws, samples) how often each sample counts in each draw of a bootstrap.
        """
        kinds = (found & positive, found & ~positive, ~found & positive, ~found & ~positive)
        return cls(*(times @ (kind & known).astype(np.float64) for kind in kinds))

    def f1(self) -> np.ndarray:
        """Return (draws, labels) F1; 0 without a true positive."""
        return _f1(self.tp, self.fp, self.fn)

    def macro_f1(self) -> np.ndarray:
        """Return (draws, labels) the mean of the F1 of "present" and the F1 of "absent".

        As in scikit-learn, which MEB uses, a class that occurs neither in the ground truth nor in the answers is left
        out. For an AU that never occurs and is never found this gives the F1 of "absent" alone, which is 1. Without any
        sample the result is 0.
        """
        wrong = self.fp + self.fn
        occurs = np.stack([self.tp + wrong > 0, self.tn + wrong > 0])
        each = np.stack([self.f1(), _f1(self.tn, self.fn, self.fp)])
        mean: np.ndarray = (each * occurs).sum(0) / np.maximum(occurs.sum(0), 1)
        return mean


def _f1(tp: np.ndarray, fp: np.ndarray, fn: np.ndarray) -> np.ndarray:
    both = 2 * tp + fp + fn
    share: np.ndarray = 2 * tp / np.where(both > 0, both, 1)
    return share
