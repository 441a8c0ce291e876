from __future__ import annotations

import pytest

from mien.errors import UsageError
from mien.training.faces.held_out import held_out_people, is_held_out

NAMES = [f"person {number}" for number in range(2000)]


def test_a_name_decides_alone():
    chosen = held_out_people(NAMES, 0.1)
    assert 0.08 < chosen.mean() < 0.12
    assert list(held_out_people(NAMES[::-1], 0.1)) == list(chosen[::-1])
    assert [is_held_out(name, 0.1) for name in NAMES] == list(chosen)
    # A larger share holds out the same people, and more.
    assert not (chosen & ~held_out_people(NAMES, 0.2)).any()


def test_all_or_none():
    for share in (0.0, 1.0):
        with pytest.raises(UsageError, match="expected enough people"):
            held_out_people(NAMES[:5], share or 0.0001)
    with pytest.raises(UsageError, match=r"hold out 10% .* got 1: 50 are nearly always enough"):
        held_out_people(["same", "same"])


def test_a_few_people_are_told_whom_to_rename() -> None:
    with pytest.raises(UsageError, match=r"rename one, such as carl to carl\d+$") as none_out:
        held_out_people(["ann", "bob", "carl"])
    name = str(none_out.value).split()[-1]
    assert list(held_out_people(["ann", "bob", name])) == [False, False, True]
