from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from mien.motion.ahead import QUEUE_LENGTH, ahead, mapped_ahead


def test_all_items_come_in_order() -> None:
    assert list(ahead(range(3 * QUEUE_LENGTH))) == list(range(3 * QUEUE_LENGTH))
    assert list(ahead([])) == []
    assert list(ahead([None, 1])) == [None, 1]


def test_an_error_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("broken at 3")

    got = []
    with pytest.raises(ValueError, match="broken at 3"):
        for item in ahead(items()):
            got.append(item)
    assert got == [1, 2]


def test_closing_ends_the_thread_and_the_source() -> None:
    closed, made = [], []

    def items() -> Iterator[int]:
        try:
            for number in range(10_000):
                made.append(number)
                yield number
        finally:
            closed.append(threading.current_thread().name)

    source = ahead(items())
    assert next(source) == 0
    source.close()
    assert closed == ["mien-ahead"] and len(made) <= QUEUE_LENGTH + 3
    assert not [thread for thread in threading.enumerate() if thread.name == "mien-ahead"]


def test_what_is_mapped_comes_in_order_with_its_errors() -> None:
    names = set()

    def half(number: int) -> float:
        names.add(threading.current_thread().name)
        if number == 7:
            raise ValueError("no seven")
        return number / 2

    assert list(mapped_ahead(half, range(7))) == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert all(name.startswith("mien-ahead") for name in names)
    got = []
    with pytest.raises(ValueError, match="no seven"):
        for made in mapped_ahead(half, range(50)):
            got.append(made)
    assert len(got) == 7


def test_mapping_stops_with_its_user() -> None:
    asked = []
    source = mapped_ahead(asked.append, iter(range(10_000)))
    next(source)
    source.close()
    assert len(asked) <= QUEUE_LENGTH + 2
