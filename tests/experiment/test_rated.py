"""Ratings of simulated people whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mien.experiment.analysis import analyse
from mien.experiment.answers import Answers
from mien.experiment.norms import norms
from mien.experiment.rated import rank_correlations
from tests.experiment.rating_people import (
    ERROR_SD,
    NATURAL_MEAN,
    NATURAL_SLOPE,
    RATER_SD,
    STIMULUS_SD,
    rating_people,
)
from tests.experiment.simulated import simulated


def test_known_means_by_level_are_found() -> None:
    found = analyse(rating_people(30, 60)).ratings["naturalness"]
    for number, level in enumerate("ABCDE", start=1):
        truth = NATURAL_MEAN + NATURAL_SLOPE * number
        sampling = 3 * np.hypot(RATER_SD / np.sqrt(30), STIMULUS_SD / np.sqrt(60))
        assert found.conditions["level"][level].mean == pytest.approx(truth, abs=sampling)
        assert found.by_asked[float(number)].mean == found.conditions["level"][level].mean
    assert found.mean.mean == pytest.approx(NATURAL_MEAN + 3 * NATURAL_SLOPE, abs=0.4)


def test_the_interval_of_a_mean_holds_the_truth_as_often_as_it_says() -> None:
    """The truth of people, for intensities have no share of the stimulus."""
    within = []
    for seed in range(60):
        estimate = analyse(rating_people(20, 2, seed=seed)).ratings["rated_intensity"].mean
        within.append(estimate.low < 3.0 < estimate.high)
    assert np.mean(within) > 0.83


@pytest.mark.parametrize("noise", [0.5, 2.0])
def test_a_known_rank_correlation_is_found(noise: float) -> None:
    rng = np.random.default_rng(9)
    asked = rng.integers(1, 6, 200_000)
    truth = stats.spearmanr(asked, asked + rng.normal(0, noise, len(asked))).statistic
    estimate = analyse(rating_people(40, 20, noise)).ratings["rated_intensity"].with_asked
    assert estimate.mean == pytest.approx(truth, abs=0.03) and estimate.people == 40
    assert estimate.low < truth + 0.01 and estimate.high > truth - 0.01


def test_ranks_by_hand_without_neutral_clips_and_with_a_flat_rater() -> None:
    rated = np.array([1.0, 2.0, 2.0, 5.0, 7.0, 3.0, 3.0, 3.0, 3.0, 3.0])
    asked = np.array([1.0, 2.0, 3.0, 4.0, 0.0] * 2)
    answers = Answers(
        ["a"] * 5 + ["b"] * 5, ["x"] * 10, ["x"] * 10, ratings={"r": rated}, asked=asked
    )
    found = rank_correlations(answers, rated)
    # Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5.
    assert found[0] == pytest.approx(4.5 / np.sqrt(4.5 * 5)) and np.isnan(found[1])


def test_known_variances_give_the_known_icc() -> None:
    """Without intensities: stimuli differ by themselves and by what was asked."""
    found = analyse(rating_people(60, 80)).ratings["naturalness"]
    between = STIMULUS_SD**2 + NATURAL_SLOPE**2 * 2  # the variance of 1 to 5 is 2
    truth = between / (between + RATER_SD**2 + ERROR_SD**2)
    assert found.one_rater == pytest.approx(truth, abs=0.04)


@pytest.mark.parametrize("accuracy", [0.4, 0.8])
def test_known_accuracy_gives_the_known_kappa_of_two_raters(accuracy: float) -> None:
    """Two raters agree beyond chance where both know: accuracy squared."""
    found = analyse(simulated(6, 120, accuracy))
    assert len(found.pairs) == 15
    assert np.mean(list(found.pairs.values())) == pytest.approx(accuracy**2, abs=0.04)


def test_norms_of_a_stimulus_by_hand() -> None:
    answers = Answers(
        ["a", "b", "c", "d", "a"],
        ["anger"] * 5,
        ["anger", "fear", "fear", "anger", "disgust"],
        ["s"] * 5,
        ratings={"naturalness": np.array([1.0, 3.0, np.nan, 5.0, 7.0])},
    )
    (row,) = (each.row() for each in norms(answers))
    expected = stats.binomtest(2, 4).proportion_ci(0.95, method="wilson")
    assert (row["raters"], row["hits"], row["hit_rate"]) == (4, 2, 0.5)
    assert (row["hit_rate_low"], row["hit_rate_high"]) == pytest.approx(tuple(expected))
    assert (row["commonest_answer"], row["commonest_share"]) == ("anger", 0.5)
    assert (row["naturalness_mean"], row["naturalness_sd"]) == (3.0, 2.0)
