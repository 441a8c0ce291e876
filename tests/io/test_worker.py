from __future__ import annotations

import threading
import time

import pytest

from mien.io.worker import QUEUE_LENGTH, Worker


def test_items_are_done_in_order_in_another_thread():
    done: list[tuple[int, str]] = []
    worker = Worker(lambda item: done.append((item, threading.current_thread().name)))
    for i in range(50):
        worker.put(i)
    worker.finish()
    assert done == [(i, "mien-encoder") for i in range(50)]


def test_error_is_raised_to_the_caller_and_nothing_hangs():
    def work(item: int) -> None:
        if item == 3:
            raise ValueError("item 3")

    worker = Worker(work)
    with pytest.raises(ValueError, match="item 3"):
        for i in range(10_000):
            worker.put(i)
            time.sleep(1e-4)
    with pytest.raises(ValueError, match="item 3"):
        worker.finish()


def test_queue_is_bounded():
    gate = threading.Event()
    worker = Worker(lambda _: gate.wait())
    put: list[int] = []

    def fill() -> None:
        for i in range(QUEUE_LENGTH * 3):
            worker.put(i)
            put.append(i)

    thread = threading.Thread(target=fill)
    thread.start()
    time.sleep(0.1)
    assert len(put) <= QUEUE_LENGTH + 1
    gate.set()
    thread.join()
    worker.finish()


def test_stop_drops_what_waits():
    done: list[int] = []

    def work(item: int) -> None:
        time.sleep(0.05)
        done.append(item)

    worker = Worker(work)
    for i in range(5):
        worker.put(i)
    worker.stop()
    assert len(done) < 5
