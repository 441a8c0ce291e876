"""F1 of several labels at once."""

from __future__ import annotations

import numpy as np
import pytest

from mien.metrics.multilabel import Counts


def counts(found: list, true: list, known: list | None = None) -> Counts:
    made, what = np.array([found]).T.astype(bool), np.array([true]).T.astype(bool)
    sure = np.ones_like(made) if known is None else np.array([known]).T.astype(bool)
    return Counts.of(made, what, sure, np.ones((1, len(made))))


def test_f1_and_macro_f1_by_hand() -> None:
    one = counts([1, 1, 0, 0, 0, 0], [1, 0, 1, 0, 0, 0])
    assert one.f1()[0, 0] == pytest.approx(0.5)
    # "absent": 3 right of 4 said and 4 true.
    assert one.macro_f1()[0, 0] == pytest.approx((0.5 + 0.75) / 2)


def test_an_au_that_never_occurs_has_f1_0_and_macro_f1_1_if_it_is_never_found() -> None:
    none = counts([0, 0, 0], [0, 0, 0])
    assert (none.f1()[0, 0], none.macro_f1()[0, 0]) == (0, 1)
    # Found once wrongly, "present" occurs among the answers: (0 + 2 * 2 / 5) / 2.
    once = counts([1, 0, 0], [0, 0, 0])
    assert (once.f1()[0, 0], once.macro_f1()[0, 0]) == (0, pytest.approx(0.4))


def test_what_is_unknown_does_not_count_and_draws_weigh() -> None:
    assert counts([1, 1, 0], [1, 0, 1], [1, 0, 0]).f1()[0, 0] == 1
    found, true = np.array([[1], [1], [0]], bool), np.array([[1], [0], [1]], bool)
    times = np.array([[1, 1, 1], [3, 1, 0], [0, 0, 0]])
    f1 = Counts.of(found, true, np.ones((3, 1), bool), times).f1()[:, 0]
    np.testing.assert_allclose(f1, [0.5, 6 / 7, 0])


def test_as_scikit_learn_has_it() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    for share in (0.0, 0.05, 0.4):
        found, true = rng.random((2, 40, 6)) < share
        own = Counts.of(found, true, np.ones((40, 6), bool), np.ones((1, 40)))
        for column in range(6):
            pair = (true[:, column], found[:, column])
            f1 = metrics.f1_score(*pair, average="binary", zero_division=0)
            assert own.f1()[0, column] == pytest.approx(f1)
            macro = metrics.f1_score(*pair, average="macro", zero_division=0)
            assert own.macro_f1()[0, column] == pytest.approx(macro)
