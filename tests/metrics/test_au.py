from __future__ import annotations

import numpy as np
import pytest

from mien.au.track import AUTrack
from mien.errors import BadTrackError, UsageError
from mien.metrics.au import TRUE_INTENSITY, readback

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


def test_units_after_an_ignored_one_count() -> None:
    score = readback(ramp(AU12=2.0), ramp(AU1=5.0, AU12=1.0, AU26=0.6), ignore=["AU1"])
    assert score.mae == pytest.approx({"AU12L": 0.5, "AU12R": 0.5})
    assert score.off_mean["AU26"] == pytest.approx(0.3)
    assert "AU1L" not in score.off_mean


def test_a_unit_asked_for_at_the_limit_is_in_the_true_set() -> None:
    score = readback(ramp(AU12L=TRUE_INTENSITY, AU26=1.0), ramp(AU12L=0.1, AU26=1.0))
    assert set(score.mae) == {"AU12L", "AU26"}
    assert score.spearman["AU12L"] == pytest.approx(1.0)


def test_the_rank_is_of_order_not_of_size() -> None:
    """Asked 0, 1, 2, 3 and read 0, 2, 1, 4: ranks differ by 0, 1, 1, 0, so 1 - 6 * 2 / (4 * 15) = 0.8."""
    times = np.arange(4) / 100
    asked = AUTrack(("AU12L",), np.array([[0.0], [1], [2], [3]]), times)
    read = AUTrack(("AU12L",), np.array([[0.0], [2], [1], [4]]), times)
    score = readback(asked, read)
    assert score.spearman["AU12L"] == pytest.approx(0.8)
    assert score.mae["AU12L"] == pytest.approx(3 / 4)


@pytest.mark.filterwarnings("error")  # SciPy warns where it is asked for a constant's rank
def test_a_level_has_no_rank() -> None:
    level = AUTrack(("AU12L",), np.full((11, 1), 2.0), TIMES)
    assert np.isnan(readback(level, ramp(AU12L=1.0)).spearman["AU12L"])
    assert np.isnan(readback(ramp(AU12L=1.0), level).spearman["AU12L"])
    faint = readback(ramp(AU12L=0.5), ramp(AU12L=0.25))
    assert faint.spearman["AU12L"] == pytest.approx(1.0)


def test_bad_questions() -> None:
    with pytest.raises(UsageError, match="expected a requested track"):
        readback(ramp(AU12=0.01), ramp(AU12=1.0))
    short = AUTrack(("AU12",), [[0.0], [1.0]], [0.0, 0.01])
    with pytest.raises(BadTrackError, match="inside"):
        readback(ramp(AU12=1.0), short)
