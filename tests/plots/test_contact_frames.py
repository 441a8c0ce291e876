from __future__ import annotations

import numpy as np
import pytest

from mien.au.presets import preset
from mien.au.track import AUTrack
from mien.plots.contact_frames import find_phases, pick_frames


def test_phases_of_a_preset_are_its_own():
    track = preset("happiness").track(200, lead_seconds=0.1, tail_seconds=0.1)
    times = [round(float(track.times_seconds[i]), 3) for i in find_phases(track)]
    assert times == [0.1, 0.31, 0.49]


def test_phases_of_a_clip_that_never_rests_or_never_moves():
    times = np.arange(5) / 10
    assert find_phases(AUTrack(("AU4",), [[1], [2], [3], [2], [1]], times)) == (0, 2, 4)
    assert find_phases(AUTrack(("AU4",), np.zeros((5, 1)), times)) == (0, 0, 4)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [(3, (10, 30, 70)), (6, (10, 20, 30, 43, 57, 70)), (4, (10, 30, 50, 70))],
)
def test_picks_hold_the_phases_and_spread_the_rest(columns, expected):
    assert pick_frames((10, 30, 70), columns) == expected


def test_few_frames_are_shown_once_each():
    assert pick_frames((0, 1, 2), 9) == (0, 1, 2)
