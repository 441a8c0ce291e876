"""Compare the AU intensities asked for with those measured in the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.track import AUTrack
from mien.errors import UsageError

TRUE_INTENSITY = 0.1
"""An AU whose asked peak reaches this counts as asked for."""


@dataclass(frozen=True)
class Readback:
    """How close the measured intensities are to those asked for.

    Attributes:
        mae: For each sided AU asked for, the mean absolute error over all frames, in FACS intensity.
        spearman: For each sided AU asked for, the rank correlation over time; NaN if either course is constant.
        off_mean: For each sided AU not asked for, the mean intensity measured.
    """

    mae: dict[str, float]
    spearman: dict[str, float]
    off_mean: dict[str, float]

    @property
    def mean_mae(self) -> float:
        """The mean absolute error, averaged over the AUs asked for."""
        return float(np.mean(list(self.mae.values()))) if self.mae else 0.0

    @property
    def worst_off(self) -> float:
        """The largest mean intensity among the AUs not asked for."""
        return max(self.off_mean.values(), default=0.0)


def readback(asked: AUTrack, read: AUTrack, ignore: Iterable[str] = ()) -> Readback:
    """Compare the track asked for with the track measured.

    Args:
        asked: The track that the result should show.
        read: The track measured in the result. It is resampled to the times of ``asked``, which must lie within it.
        ignore: AUs to leave out, on both sides of the face.

    Raises:
        BadTrackError: The asked times lie outside the read ones.
        UsageError: No AU is asked for.
    """
    from scipy.stats import spearmanr

    left_out = {side for name in ignore for side in sided_names(name)}
    want = asked.to_sided()
    got = read.resampled(asked.times_seconds).to_sided()
    mae: dict[str, float] = {}
    spearman: dict[str, float] = {}
    off: dict[str, float] = {}
    for column, name in enumerate(RIG_NAMES):
        if name in left_out:
            continue
        if want[:, column].max() < TRUE_INTENSITY:
            off[name] = float(got[:, column].mean())
            continue
        mae[name] = float(np.abs(want[:, column] - got[:, column]).mean())
        changing = np.ptp(want[:, column]) > 0 and np.ptp(got[:, column]) > 0
        spearman[name] = (
            float(spearmanr(want[:, column], got[:, column]).statistic)
            if changing
            else float("nan")
        )
    if not mae:
        raise UsageError(f"expected an asked track with an AU above {TRUE_INTENSITY}, got none")
    return Readback(mae, spearman, off)
