from __future__ import annotations

import numpy as np

from mien.training.faces.order import rows_of_batch

ROWS = np.array([2, 3, 5, 7, 11])


def test_each_face_comes_once_in_a_pass():
    # Batches of two: five batches are two passes over five faces.
    taken = np.concatenate([rows_of_batch(ROWS, 2, 0, number) for number in range(5)])
    first, second = taken[:5], taken[5:]
    assert sorted(first) == sorted(second) == ROWS.tolist()
    assert first.tolist() != second.tolist()


def test_a_batch_larger_than_the_set_takes_several_passes():
    taken = rows_of_batch(ROWS, 12, 0, 0)
    assert np.unique(taken[:10], return_counts=True)[1].tolist() == [2] * 5
    assert len(set(taken[10:].tolist())) == 2


def test_batches_are_a_function_of_seed_and_number():
    many = np.arange(100)
    first = rows_of_batch(many, 40, 3, 7)
    assert np.array_equal(first, rows_of_batch(many, 40, 3, 7))
    assert not np.array_equal(first, rows_of_batch(many, 40, 4, 7))
