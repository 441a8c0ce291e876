from __future__ import annotations

import numpy as np
import pytest

from mien.au.catalog import OPENFACE_AUS, RIG_NAMES, sided_names
from mien.training.faces.drawn_changes import (
    DrawIntensity,
    all_levels,
    draw_changes,
    mostly_weak,
)


def test_drawn_changes_are_faint_and_of_the_units_that_networks_know() -> None:
    changes = draw_changes(2000, np.random.default_rng(0), all_levels)
    assert not changes[0].any() and (changes[1:].max(1) > 0).all() and changes.max() <= 5
    known = {RIG_NAMES.index(side) for name in OPENFACE_AUS for side in sided_names(name)}
    assert set(np.flatnonzero(changes.max(0))) == known
    peaks = changes[1:].max(1)
    assert np.mean(peaks < 2.5) > 0.4 and (peaks > 4.5).any()  # most are weak, a few are level E


def test_four_in_five_changes_are_of_levels_a_to_c() -> None:
    changes = draw_changes(500, np.random.default_rng(0), mostly_weak)
    assert not changes[0].any() and (changes[1:].max(1) > 0).all()
    asked = changes[changes > 0]
    assert 0.7 < (asked <= 3.2).mean() < 0.9 and asked.min() >= 0.3 and asked.max() <= 5


@pytest.mark.parametrize(
    "intensity, drawn",
    [
        (
            all_levels,
            [{"AU15L": 1.378863, "AU15R": 1.378863, "AU26": 0.961874}, {"AU23": 3.367844}],
        ),
        (
            mostly_weak,
            [
                {"AU15L": 2.833305, "AU15R": 2.833305, "AU26": 4.594138},
                {"AU20L": 3.186951, "AU20R": 3.186951, "AU23": 1.590721},
            ],
        ),
    ],
    ids=["all_levels", "mostly_weak"],
)
def test_a_seed_always_draws_the_same_changes(
    intensity: DrawIntensity, drawn: list[dict[str, float]]
) -> None:
    changes = draw_changes(3, np.random.default_rng(7), intensity)
    for row, wanted in zip(changes[1:], drawn, strict=True):
        found = {RIG_NAMES[at]: row[at] for at in np.flatnonzero(row)}
        assert found == pytest.approx(wanted, abs=1e-5)
