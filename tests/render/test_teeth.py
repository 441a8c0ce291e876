from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mien.render.mouth import _tooth_colour
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


def test_teeth_beside_visible_ones_have_their_colour() -> None:
    picture = np.full((8, 8, 3), (150, 80, 80), np.uint8)
    picture[2:5] = (170, 160, 130)
    picture[5:7] = (20, 10, 10)  # the dark mouth
    shown = np.zeros((8, 8))
    shown[2:7] = 1
    lips = np.array([150.0, 80, 80])
    found = _tooth_colour(picture, shown, lips)
    assert found is not None and found == pytest.approx([170, 160, 130])
    assert _tooth_colour(picture, np.where(shown, 0.5, 0), lips) is None
    picture[2:5] = (160, 85, 85)  # only lips are seen
    assert _tooth_colour(picture, shown, lips) is None
