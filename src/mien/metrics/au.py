"""AU readback: asked intensities against those read off the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.track import AUTrack
from mien.errors import UsageError

TRUE_INTENSITY = 0.1
"""An AU whose asked peak passes this is in the true set."""


@dataclass(frozen=True)
class Readback:
    """How well a track was read.

    Attributes:
        mae: Mean absolute error in FACS units by sided AU asked for, over all frames.
        spearman: Rank correlation over time by sided AU asked for; NaN where either does not change.
        off_mean: Mean intensity read by sided AU not asked for.
    """

    mae: dict[str, float]
    spearman: dict[str, float]
    off_mean: dict[str, float]

    @property
    def mean_mae(self) -> float:
        """The mean over the AUs asked for."""
        return float(np.mean(list(self.mae.values()))) if self.mae else 0.0

    @property
    def worst_off(self) -> float:
        """The strongest AU not asked for, its mean over the clip."""
        return max(self.off_mean.values(), default=0.0)


def readback(asked: AUTrack, read: AUTrack, ignore: Iterable[str] = ()) -> Readback:
    """Compare what was asked with what was read.

    Args:
        asked: The track that was to be shown.
        read: The track that was measured; brought to the asked one's times, which must lie in it.
        ignore: AUs that are left out on either side.

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
