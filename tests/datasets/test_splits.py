from __future__ import annotations

from collections import Counter

import pytest

from mien.datasets.splits import Split, balanced_folds, check_disjoint, leave_one_subject_out
from mien.errors import DatasetError

PEOPLE = ["casme2_sub01", "smic_s01", "casme2_sub01", "samm_006", "smic_s01", "samm_006", "x"]


def test_leave_one_subject_out():
    splits = leave_one_subject_out(PEOPLE)
    assert [split.name for split in splits] == ["casme2_sub01", "samm_006", "smic_s01", "x"]
    assert splits[0].test == (0, 2) and splits[0].train == (1, 3, 4, 5, 6)
    # Every clip is tested once.
    assert sorted(index for split in splits for index in split.test) == list(range(len(PEOPLE)))


def test_balanced_folds():
    people = [f"p{n}" for n in range(12) for _ in range(n + 1)]  # 1 to 12 clips, 78 in all
    splits = balanced_folds(people, 3, seed=1)
    assert [len(split.test) for split in splits] == [26, 26, 26]
    for split in splits:
        tested = {people[index] for index in split.test}
        assert not tested & {people[index] for index in split.train}
        assert len(split.train) + len(split.test) == len(people)
    assert splits == balanced_folds(people, 3, seed=1)
    equal = [f"p{n}" for n in range(12)]
    assert balanced_folds(equal, 3, seed=1) != balanced_folds(equal, 3, seed=2)
    assert Counter(len(s.test) for s in balanced_folds(equal, 5)) == {3: 2, 2: 3}


def test_somebody_in_two_parts():
    check_disjoint(train=["a", "a", "b"], test=["c"])
    with pytest.raises(DatasetError, match="got casme2_sub01 in train and in test"):
        check_disjoint(train=["casme2_sub01", "b"], test=["c", "casme2_sub01"])


def test_what_is_no_split():
    with pytest.raises(DatasetError, match="clips to test on, got none"):
        Split("a", (0,), ())
    with pytest.raises(DatasetError, match="got clip 1 in both"):
        Split("a", (0, 1), (1, 2))
    with pytest.raises(DatasetError, match="at least two folds, got 1"):
        leave_one_subject_out(["a", "a"])
    with pytest.raises(DatasetError, match="expected 2 to 4 folds"):
        balanced_folds(PEOPLE, 5)
    with pytest.raises(DatasetError, match="expected 2 to 4 folds"):
        balanced_folds(PEOPLE, 1)


def test_a_clip_in_both_parts_is_refused():
    with pytest.raises(DatasetError, match=r"split a0: expected each clip in one part, got clip 1"):
        Split("a0", (0, 1), (1, 2))
