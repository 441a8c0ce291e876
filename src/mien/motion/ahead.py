"""Make items in other threads, a few ahead of the code that uses them.

Decoding, drawing and optical flow release the interpreter's lock most of the time, so they overlap on two cores.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from mien.interrupts import uninterrupted

Item = TypeVar("Item")
Made = TypeVar("Made")

QUEUE_LENGTH = 4
"""Number of items that may wait: enough to even out slow items, with little memory."""

SIGNAL_SECONDS = 0.1
"""Longest time for which a signal waits while there is no item."""


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items in order, made in another thread.

    The thread ends after the last item, at the first error, or when this iterator is closed. The error is raised here,
    in the place of its item. No item is made twice, and none is lost.

    Args:
        items: Iterated in the other thread.
    """
    waiting: queue.Queue[tuple[Item | None, BaseException | None]] = queue.Queue(QUEUE_LENGTH)
    end = object()
    stopped = threading.Event()
    ended = (
        threading.Event()
    )  # not Thread.is_alive(), which a signal can make wrong in Python 3.11 (bpo-45274)

    def make() -> None:
        try:
            make_all()
        finally:
            ended.set()

    def make_all() -> None:
        source = iter(items)
        try:
            while not stopped.is_set():
                item = next(source, end)
                if item is end:
                    break
                waiting.put((item, None))  # type: ignore[arg-type]
        except BaseException as error:
            waiting.put((None, error))
            return
        finally:
            if (close := getattr(source, "close", None)) is not None:
                close()
        waiting.put((end, None))  # type: ignore[arg-type]

    thread = threading.Thread(target=make, name="mien-ahead", daemon=True)
    thread.start()
    try:
        while True:
            with uninterrupted():  # a signal within get() may leave the queue locked forever
                try:
                    item, error = waiting.get(timeout=SIGNAL_SECONDS)
                except queue.Empty:
                    continue
            if error is not None:
                raise error
            if item is end:
                return
            yield item  # type: ignore[misc]
    finally:
        with uninterrupted():
            stopped.set()
            while not ended.is_set():
                # Make room in the queue, for which the thread may wait.
                with suppress(queue.Empty):
                    waiting.get(timeout=0.01)
            thread.join()


def mapped_ahead(
    make: Callable[[Item], Made], items: Iterable[Item], threads: int = 2
) -> Iterator[Made]:
    """Yield a function's result for each item, in order, computed in several threads.

    Args:
        make: Called in the threads, so its calls must not write to shared data. Its error is raised here, in the place
            of the item's result.
        items: Iterated in the caller's thread.
        threads: Number of threads.
    """
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(threads, "mien-ahead") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(make, item))
                if len(waiting) > QUEUE_LENGTH:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for unused in waiting:
                unused.cancel()
