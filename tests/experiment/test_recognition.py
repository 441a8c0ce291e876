from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mien.experiment.analysis import analyse
from mien.experiment.answers import NO_ANSWER, Answers
from mien.experiment.recognition import (
    chance_rates,
    hit_rates,
    sensitivities,
    unbiased_hit_rates,
)
from tests.experiment.simulated import EMOTIONS, simulated

COUNTS = np.array([[8, 2, 0], [4, 5, 1]])
"""Two categories; the third answer belongs to neither."""


def test_rates_by_hand() -> None:
    np.testing.assert_allclose(hit_rates(COUNTS), [0.8, 0.5])
    np.testing.assert_allclose(unbiased_hit_rates(COUNTS), [64 / (10 * 12), 25 / (10 * 7)])
    np.testing.assert_allclose(chance_rates(COUNTS), [0.5 * 0.6, 0.5 * 0.35])
    expected = stats.norm.ppf([8.5 / 11, 5.5 / 11]) - stats.norm.ppf([4.5 / 11, 2.5 / 11])
    np.testing.assert_allclose(sensitivities(COUNTS), expected)


def test_an_answer_that_is_never_used_and_a_category_without_stimuli() -> None:
    counts = np.array([[0, 3], [0, 0]])
    np.testing.assert_array_equal(unbiased_hit_rates(counts), [0, np.nan])
    np.testing.assert_array_equal(hit_rates(counts), [0, np.nan])
    assert np.isnan(sensitivities(counts)).all()


def test_someone_who_always_answers_the_same_is_not_accurate() -> None:
    answers = Answers(["a"] * 8, [*EMOTIONS] * 2, ["anger"] * 8)
    found = analyse(answers)
    anger = found.recognised["anger"]
    assert (anger.hit_rate.mean, anger.unbiased.mean, anger.by_chance) == (1, 0.25, 0.25)
    assert anger.sensitivity.mean < 0.6


@pytest.mark.parametrize("accuracy", [0.3, 0.7])
def test_known_accuracy_is_found(accuracy: float) -> None:
    found = analyse(simulated(40, 25, accuracy))
    truth = accuracy + (1 - accuracy) / len(EMOTIONS)
    assert found.overall.mean == pytest.approx(truth, abs=0.02)
    assert found.overall.low < truth < found.overall.high
    false = (1 - accuracy) / len(EMOTIONS)
    for each in found.recognised.values():
        assert each.unbiased.mean == pytest.approx(truth**2, abs=0.04)
        expected = stats.norm.ppf(truth) - stats.norm.ppf(false)
        assert each.sensitivity.mean == pytest.approx(expected, abs=0.15)


@pytest.mark.parametrize(("people", "few"), [(2, True), (9, True), (10, False)])
def test_few_people_are_named(people: int, few: bool) -> None:
    found = analyse(simulated(people, 2, 0.6))
    assert found.notes == (
        (f"{people} participants are few: 95 % intervals of fewer than 10 are too narrow",)
        if few
        else ()
    )


def test_a_single_participant_is_named() -> None:
    found = analyse(simulated(1, 2, 0.6))
    (note,) = found.notes
    assert note.startswith("a single participant: no 95 % intervals over participants")
    assert np.isnan(found.recognised["fear"].unbiased.low)  # as the note says


def test_bias_raises_the_hit_rate_but_not_the_unbiased_one() -> None:
    fair, biased = (analyse(simulated(40, 25, 0.5, bias)) for bias in (0.0, 0.8))
    before, after = fair.recognised["happiness"], biased.recognised["happiness"]
    assert after.hit_rate.mean > before.hit_rate.mean + 0.25
    assert after.unbiased.mean < before.unbiased.mean + 0.03


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    truth = 0.5 + 0.5 / len(EMOTIONS)
    within = [
        found.overall.low < truth < found.overall.high
        for found in (analyse(simulated(20, 5, 0.5, seed=seed)) for seed in range(60))
    ]
    assert np.mean(within) > 0.83


def test_one_person_has_an_interval_over_trials() -> None:
    answers = Answers(["a"] * 10, ["anger"] * 5 + ["fear"] * 5, ["anger"] * 9 + [NO_ANSWER])
    found = analyse(answers)
    expected = stats.binomtest(5, 10).proportion_ci(0.95, method="wilson")
    assert (found.overall.low, found.overall.high) == pytest.approx(tuple(expected))
    assert found.choices == ("anger", "fear", NO_ANSWER)
    assert found.confusion.tolist() == [[5, 0, 0], [4, 0, 1]]


def test_conditions_are_in_the_order_of_their_numbers() -> None:
    answers = Answers(
        ["a", "b"] * 3,
        ["anger"] * 6,
        ["anger", "fear", "anger", "anger", "fear", "fear"],
        conditions={"duration_ms": ["200", "200", "50", "50", "1000", "1000"]},
    )
    found = analyse(answers).conditions["duration_ms"]
    assert {name: each.mean for name, each in found.items()} == {"50": 1, "200": 0.5, "1000": 0}
    assert list(found) == ["50", "200", "1000"]
