"""Onset, apex and offset are frames of the movement, by the words' meaning everywhere in Mien."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.track import AUTrack
from mien.augment.frames import LEAD_SECONDS, Phases, _phases
from mien.errors import DatasetError


def track(expression: Expression, fps: int) -> AUTrack:
    return expression.track(Fraction(fps), LEAD_SECONDS, LEAD_SECONDS)


def test_a_fall_shorter_than_a_frame_does_not_make_a_neutral_apex() -> None:
    """At 25 fps the peak at 0.2651 s is nearest to frame 7, in which the movement is over already."""
    brief = Expression((Envelope("AU12", 0, 0.2151, 0.2151, 0.2309, 1.7),))
    found = _phases(track(brief, 25))
    sums = track(brief, 25).to_sided().sum(axis=1)
    assert found == Phases(1, 6, 8)
    assert sums[found.apex] == sums.max() > 1 and sums[found.offset] == 0


@pytest.mark.parametrize("fps", [25, 30, 60, 100, 200])
@pytest.mark.parametrize("seed", range(5))
def test_phases_of_drawn_expressions(fps: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.02, 0.15, 6))
    drawn = Expression(
        (
            Envelope("AU4", 0, times[1], times[2], times[4], 2.0),
            Envelope("AU12L", times[0], times[2], times[3], times[5], 1.2),
        )
    )
    found = _phases(track(drawn, fps))
    sums = track(drawn, fps).to_sided().sum(axis=1)
    assert found.onset < found.apex < found.offset
    assert (sums[: found.onset + 1] == 0).all() and sums[found.onset + 1] > 0
    assert sums[found.apex] == sums.max() and (sums[: found.apex] < sums.max()).all()
    assert (sums[found.offset :] == 0).all() and sums[found.offset - 1] > 0


def test_a_rate_that_shows_no_movement_is_refused() -> None:
    brief = Expression((Envelope("AU12", 0, 0.05, 0.05, 0.1, 1.7),))
    with pytest.raises(DatasetError, match="got none: use a higher frame rate"):
        _phases(track(brief, 1))
