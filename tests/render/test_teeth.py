from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mien.render.teeth import WIDTHS_CM, _brightness, _gap


def test_neighbouring_teeth_have_the_same_brightness_where_they_meet() -> None:
    start = 0.0
    for width, beside in pairwise(WIDTHS_CM):
        end = start + width
        here, there = _brightness(2 * end, start, width), _brightness(2 * end, end, beside)
        assert here == pytest.approx(there, abs=1e-9)
        middle = _brightness(2 * start + width, start, width)
        assert middle > 1.1 * here
        start = end


def test_the_row_gets_darker_towards_the_back() -> None:
    middles = []
    start = 0.0
    for width in WIDTHS_CM:
        middles.append(_brightness(2 * start + width, start, width))
        start += width
    assert middles == sorted(middles, reverse=True) and middles[-1] < 0.5 < 0.9 < middles[0]


def test_the_line_between_teeth_is_widest_at_their_lower_edge() -> None:
    outline = _gap(0.85, 0.2)
    at = {float(y): outline[outline[:, 1] == y, 0] for y in outline[:, 1]}
    widths = [float(np.ptp(at[y])) for y in sorted(at)]  # from the gums downwards
    assert widths == sorted(widths) and widths[0] < 0.5 * widths[-1]
