from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.metrics.pixels import l1, squared_error


def grey(level: int, side: int = 4) -> np.ndarray:
    return np.full((side, side, 3), level, np.uint8)


def test_known_differences():
    a, b = grey(100), grey(100)
    b[0, :, 0] = 151  # a fifth of the range in one colour of a quarter of the pixels
    assert l1(a, b) == l1(b, a) == pytest.approx(0.2 / 12)
    assert squared_error(a, b) == pytest.approx(0.04 / 12)
    top = np.zeros((4, 4), bool)
    top[0] = True
    assert l1(a, b, top) == pytest.approx(0.2 / 3) and l1(a, b, ~top) == 0
    assert squared_error(a, b, top) == pytest.approx(0.04 / 3)
    assert l1(grey(0), grey(255)) == squared_error(grey(0), grey(255)) == 1


def test_alpha_is_ignored():
    clear = np.dstack([grey(7), np.zeros((4, 4), np.uint8)])
    assert l1(clear, grey(7)) == 0


@pytest.mark.parametrize("metric", [l1, squared_error])
def test_what_does_not_fit_is_refused(metric):
    with pytest.raises(UsageError, match="of one size, got 4x4 and 5x5"):
        metric(grey(0), grey(0, 5))
    with pytest.raises(UsageError, match="of one size, got 4x4 and 4x4 and 2x4"):
        metric(grey(0), grey(0), np.ones((4, 2), bool))
    with pytest.raises(UsageError, match="got an empty one"):
        metric(grey(0), grey(0), np.zeros((4, 4), bool))
