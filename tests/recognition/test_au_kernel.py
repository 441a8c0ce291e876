"""The detectors: left-out scores are those of machines fitted without the person, and sides stay apart."""

from __future__ import annotations

import numpy as np
import pytest

from mien.metrics.detection import auc
from mien.recognition.au_columns import COLUMNS, MIRRORED, targets_of
from mien.recognition.au_kernel import AUKernelRecipe, _ridge, generated_scores, left_out_scores
from tests.recognition.au_squares import PLACES, au_maps

RECIPE = AUKernelRecipe()


def numbers(names: np.ndarray) -> np.ndarray:
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def test_leaving_a_person_out_in_closed_form_is_fitting_without_the_person() -> None:
    rng = np.random.default_rng(0)
    points, people = rng.normal(size=(30, 3)), np.arange(30) % 5
    matrix = np.exp(-((points[:, None] - points[None]) ** 2).sum(-1))
    targets = (rng.random((30, len(COLUMNS))) < 0.4).astype(np.int8)
    machine = _ridge(matrix, targets, 0.3)
    rest, group = np.flatnonzero(people != 2), np.flatnonzero(people == 2)
    dual = np.linalg.solve(
        matrix[np.ix_(rest, rest)] + 0.3 * np.eye(len(rest)), targets[rest] - targets.mean(0)
    )
    alone = matrix[np.ix_(group, rest)] @ dual + targets.mean(0)
    np.testing.assert_allclose(machine.left_out(people)[group], alone)


def test_aus_and_their_sides_are_told_by_other_people() -> None:
    real = au_maps("r", 6, 1)
    assert real.aus is not None
    targets, person = targets_of(real.aus), numbers(real.subject)
    told = left_out_scores(real.flow, targets, person, person, RECIPE)
    for name in PLACES:
        column = COLUMNS.index(name)
        present = targets[:, column] == 1
        assert auc(told.scores[:, column], present)[0] > 0.97, name
        found = told.scores[:, column] >= told.threshold[:, column]
        assert (found == present).mean() > 0.85, name


def test_scores_of_a_fold_do_not_depend_on_its_labels() -> None:
    real = au_maps("r", 4, 2)
    assert real.aus is not None
    targets, person = targets_of(real.aus), numbers(real.subject)
    told = left_out_scores(real.flow, targets, person, person, RECIPE)
    changed = targets.copy()
    changed[person == 1] = 1 - np.maximum(changed[person == 1], 0)
    other = left_out_scores(real.flow, changed, person, person, RECIPE)
    mine = person == 1
    np.testing.assert_array_equal(told.scores[mine], other.scores[mine])
    np.testing.assert_array_equal(told.threshold[mine], other.threshold[mine])
    assert not np.allclose(told.scores[~mine], other.scores[~mine])


def test_people_who_are_learned_from_are_not_scored() -> None:
    real = au_maps("r", 4, 2)
    assert real.aus is not None
    person = numbers(real.subject)
    fold = np.where(person < 2, -1, 0)
    told = left_out_scores(real.flow, targets_of(real.aus), person, fold, RECIPE)
    assert np.isnan(told.scores[person < 2]).all() and not np.isnan(told.scores[person >= 2]).any()


def test_generated_maps_teach_sides_and_mirrored_maps_are_told_mirrored() -> None:
    real, made = au_maps("r", 5, 3), au_maps("g", 40, 4, "rig")
    assert real.aus is not None and made.aus is not None
    aims = targets_of(made.aus)
    told = generated_scores(real.flow, made.flow, aims, numbers(made.subject), RECIPE)
    targets = targets_of(real.aus)
    for name in PLACES:
        column = COLUMNS.index(name)
        present = targets[:, column] == 1
        assert auc(told.scores[:, column], present)[0] > 0.97, name
        assert ((told.scores[:, column] >= told.threshold[:, column]) == present).mean() > 0.85, (
            name
        )
    turned = real.flow[:, :, ::-1].copy()
    turned[..., 0] = 255 - turned[..., 0]
    other = generated_scores(turned, made.flow, aims, numbers(made.subject), RECIPE)
    np.testing.assert_allclose(other.scores, told.scores[:, MIRRORED], atol=1e-9)


def test_an_au_that_only_generated_maps_show_keeps_their_threshold() -> None:
    real, made = au_maps("r", 4, 8), au_maps("g", 20, 9, "rig")
    assert real.aus is not None and made.aus is not None
    told = generated_scores(
        real.flow, made.flow, targets_of(made.aus), numbers(made.subject), RECIPE
    )
    targets, person = targets_of(real.aus), numbers(real.subject)
    column, other = COLUMNS.index("AU4"), COLUMNS.index("AU17")
    targets[person < 3, column] = 0
    fold = np.where(person == 3, 0, -1)
    both = left_out_scores(real.flow, targets, person, fold, RECIPE, told)
    alone = left_out_scores(real.flow, targets, person, fold, RECIPE)
    mine = person == 3
    assert (both.threshold[mine, column] == told.threshold[mine, column]).all()
    assert np.isinf(alone.threshold[mine, column]).all()
    assert (both.threshold[mine, other] != told.threshold[mine, other]).all()


def test_unknown_aus_teach_nothing() -> None:
    real = au_maps("r", 4, 5)
    assert real.aus is not None
    targets, person = targets_of(real.aus), numbers(real.subject)
    column = COLUMNS.index("AU4")
    doubtful = targets.copy()
    doubtful[person > 0, column] = -1
    fold = np.where(person == 3, 0, -1)
    told = left_out_scores(real.flow, doubtful, person, fold, RECIPE)
    whole = left_out_scores(real.flow, targets, person, fold, RECIPE)
    assert not np.allclose(told.scores[person == 3, column], whole.scores[person == 3, column])
    other = COLUMNS.index("AU17")
    assert told.scores[person == 3, other] == pytest.approx(whole.scores[person == 3, other])
