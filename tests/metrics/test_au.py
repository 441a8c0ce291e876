from __future__ import annotations

import numpy as np
import pytest

from mien.au.track import AUTrack
from mien.errors import BadTrackError, UsageError
from mien.metrics.au import readback

TIMES = np.arange(11) / 100


def ramp(**columns: float) -> AUTrack:
    values = np.linspace(0, 1, 11)[:, None] * np.array([list(columns.values())])
    return AUTrack(tuple(columns), values, TIMES)


def test_a_perfect_reading() -> None:
    score = readback(ramp(AU12=2.0, AU26=1.0), ramp(AU12=2.0, AU26=1.0))
    assert score.mae == {"AU12L": 0.0, "AU12R": 0.0, "AU26": 0.0}
    assert min(score.spearman.values()) == pytest.approx(1.0)
    assert score.worst_off == 0.0


def test_error_side_and_what_was_not_asked() -> None:
    score = readback(ramp(AU12L=2.0), ramp(AU12L=1.0, AU12R=0.8))
    assert score.mae["AU12L"] == pytest.approx(0.5)
    assert score.mean_mae == pytest.approx(0.5)
    assert score.spearman["AU12L"] == pytest.approx(1.0)
    assert score.off_mean["AU12R"] == pytest.approx(0.4)
    assert score.worst_off == pytest.approx(0.4)


def test_ignored_units_are_left_out() -> None:
    score = readback(ramp(AU12=2.0), ramp(AU12=2.0, AU45=5.0), ignore=["AU45"])
    assert score.worst_off == 0.0
    assert "AU45L" not in score.off_mean


def test_what_never_moves_has_no_rank() -> None:
    score = readback(ramp(AU12L=2.0), ramp(AU26=1.0))
    assert np.isnan(score.spearman["AU12L"])
    assert score.mae["AU12L"] == pytest.approx(1.0)


def test_bad_questions() -> None:
    with pytest.raises(UsageError, match="expected an asked track"):
        readback(ramp(AU12=0.01), ramp(AU12=1.0))
    short = AUTrack(("AU12",), [[0.0], [1.0]], [0.0, 0.01])
    with pytest.raises(BadTrackError, match="inside"):
        readback(ramp(AU12=1.0), short)
