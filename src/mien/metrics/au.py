"""AU readback: compare requested intensities with those measured in the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.track import AUTrack
from mien.errors import UsageError

TRUE_INTENSITY = 0.1
"""An AU counts as requested if its peak reaches this intensity."""


@dataclass(frozen=True)
class Readback:
    """How well requested AUs were measured.

    Attributes:
        mae: Mean absolute error over all frames, FACS units, by requested sided AU.
        spearman: Rank correlation over time, by requested sided AU; NaN if the requested or the measured intensity
            does not change.
        off_mean: Mean measured intensity, by sided AU that was not requested.
    """

    mae: dict[str, float]
    spearman: dict[str, float]
    off_mean: dict[str, float]

    @property
    def mean_mae(self) -> float:
        """The mean over the requested AUs."""
        return float(np.mean(list(self.mae.values()))) if self.mae else 0.0

    @property
    def worst_off(self) -> float:
        """The largest mean intensity of an AU that was not requested."""
        return max(self.off_mean.values(), default=0.0)


def readback(asked: AUTrack, read: AUTrack, ignore: Iterable[str] = ()) -> Readback:
    """Compare requested with measured intensities.

    Args:
        asked: The requested track.
        read: The measured track; it is resampled to the requested times, which must lie within its own.
        ignore: AUs to leave out; a name without a side means both sides.

    Raises:
        BadTrackError: The requested times lie outside the measured ones.
        UsageError: No AU is requested.
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
        raise UsageError(f"expected a requested track with an AU above {TRUE_INTENSITY}, got none")
    return Readback(mae, spearman, off)
