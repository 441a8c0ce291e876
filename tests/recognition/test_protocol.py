"""Divisions: nobody and no data set is on both sides."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import DatasetError, UsageError
from mien.io.flow_sets import FlowSet
from mien.recognition.protocol import Protocol, parts_of
from tests.recognition.squares import maps


def both(*datasets: str) -> FlowSet:
    return FlowSet.joined(
        maps(f"{name}_s", 4, number, name) for number, name in enumerate(datasets)
    )


def test_what_is_read() -> None:
    assert Protocol.parse("few:12") == Protocol("few", 12)
    assert [Protocol.parse(word).kind for word in ("loso", "cross")] == ["loso", "cross"]
    for bad in ("few", "few:0", "few:-1", "few:x", "loo", ""):
        with pytest.raises(UsageError, match="loso, cross, few:K"):
            Protocol.parse(bad)


def test_a_fold_is_a_subject() -> None:
    real = both("casme2", "samm")
    (part,) = parts_of(real, Protocol("loso"), 0)
    assert part.tested.all() and part.fold.max() == 7
    for number in range(8):
        assert len(set(real.subject[part.fold == number])) == 1


def test_a_few_people_are_drawn_by_the_seed_and_never_tested() -> None:
    real = both("casme2", "samm")
    drawn = []
    for seed in range(5):
        (part,) = parts_of(real, Protocol("few", 3), seed)
        taught, tested = set(real.subject[~part.tested]), set(real.subject[part.tested])
        assert len(taught) == 3 and len(tested) == 5 and not taught & tested
        drawn.append(tuple(sorted(taught)))
    assert len(set(drawn)) > 1
    with pytest.raises(DatasetError, match="K below 8"):
        parts_of(real, Protocol("few", 8), 0)


def test_data_sets_are_learned_from_or_tested_on() -> None:
    two = [(p.train, p.test) for p in parts_of(both("casme2", "samm"), Protocol("cross"), 0)]
    assert two == [(("casme2",), ("samm",)), (("samm",), ("casme2",))]
    real = both("casme2", "samm", "smic")
    parts = parts_of(real, Protocol("cross"), 0)
    assert [part.train for part in parts] == [
        *(("casme2",), ("samm",), ("smic",)),
        *(("casme2", "samm"), ("casme2", "smic"), ("samm", "smic")),
    ]
    for part in parts:
        assert set(real.dataset[part.tested]) == set(part.test)
        assert set(real.dataset[~part.tested]) == set(part.train)
        assert np.array_equal(part.fold, np.where(part.tested, 0, -1))
    with pytest.raises(DatasetError, match="two data sets or more with --protocol cross, got only"):
        parts_of(both("casme2"), Protocol("cross"), 0)
