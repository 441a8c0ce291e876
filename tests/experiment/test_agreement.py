from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.experiment.agreement import cohen_kappa, fleiss_kappa, intraclass_correlations
from mien.experiment.analysis import analyse
from mien.experiment.answers import Answers
from tests.experiment.simulated import simulated

FLEISS_1971 = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
"""A table that is worked out by hand in many textbooks; its kappa is 0.210."""

SHROUT_FLEISS_1979 = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
"""Their table 2; ICC(2,1) is 0.29, ICC(2,4) 0.62."""


def test_fleiss_kappa_of_a_worked_example() -> None:
    assert fleiss_kappa(FLEISS_1971) == pytest.approx(0.210, abs=5e-4)


def test_intraclass_correlations_of_a_worked_example() -> None:
    assert intraclass_correlations(SHROUT_FLEISS_1979) == pytest.approx((0.29, 0.62), abs=5e-3)


def test_agreement_without_variation_or_ratings() -> None:
    assert np.isnan(fleiss_kappa(np.array([[3, 0], [3, 0]])))
    with pytest.raises(UsageError, match="a stimulus with two ratings"):
        fleiss_kappa(np.array([[1, 0]]))
    with pytest.raises(UsageError, match="got 1 stimuli and 4 raters"):
        intraclass_correlations(SHROUT_FLEISS_1979[:1])


def test_participants_who_guess_do_not_agree_and_those_who_recognise_do() -> None:
    assert analyse(simulated(30, 10, 0.0)).kappa == pytest.approx(0, abs=0.02)
    # Two people give the same answer if both recognise it, else by chance: kappa is the accuracy squared.
    assert analyse(simulated(30, 10, 0.8)).kappa == pytest.approx(0.64, abs=0.03)


def test_ratings_of_a_known_agreement() -> None:
    rng = np.random.default_rng(0)
    people, stimuli = 12, 300
    true = rng.normal(4, 1, stimuli)
    table = true[:, None] + rng.normal(0, 1, (stimuli, people))
    who = [f"p{person}" for _ in range(stimuli) for person in range(people)]
    shown = [f"s{number}" for number in range(stimuli) for _ in range(people)]
    same = ["fear"] * len(who)
    ratings = table.ravel().copy()
    ratings[0] = np.nan  # this stimulus was not rated by everybody
    found = analyse(Answers(who, same, same, shown, ratings={"naturalness": ratings}))
    rating = found.ratings["naturalness"]
    assert rating.one_rater == pytest.approx(0.5, abs=0.05)
    assert rating.all_raters == pytest.approx(12 / 13, abs=0.02)
    assert rating.mean.mean == pytest.approx(4, abs=0.15) and rating.mean.people == 12


def test_cohen_kappa_of_a_worked_example() -> None:
    """Cohen (1960), table 1: kappa 0.492."""
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    first = np.repeat([["a"] * 3, ["b"] * 3, ["c"] * 3], table.ravel()).tolist()
    second = np.repeat([["a", "b", "c"]] * 3, table.ravel()).tolist()
    assert cohen_kappa(first, second) == pytest.approx(0.492, abs=5e-4)
    assert np.isnan(cohen_kappa(["a", "a"], ["a", "a"]))
    with pytest.raises(UsageError, match="got 1 and 2"):
        cohen_kappa(["a"], ["a", "b"])
