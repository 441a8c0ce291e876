"""Make items in other threads, a few ahead of the code that uses them.

Decoding, drawing and optical flow spend their time outside the interpreter's lock, so two of them overlap on two cores.
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
"""Items that may wait: enough to even out slow ones, little memory."""

SIGNAL_SECONDS = 0.1
"""The longest that a signal waits while there is no item."""


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items in order, made in another thread.

    The thread ends with the last item, with the first error, which is raised here in its place, or when this iterator
    is closed. No item is made twice, and none is lost.

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
            with uninterrupted():  # a signal within get() may leave the queue locked for ever
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
                with suppress(queue.Empty):  # a thread that waits for a place in the queue gets one
                    waiting.get(timeout=0.01)
            thread.join()


def mapped_ahead(
    make: Callable[[Item], Made], items: Iterable[Item], threads: int = 2
) -> Iterator[Made]:
    """Yield what a function makes of each item, in order, made in several threads.

    Args:
        make: Called in the threads, so calls must not share anything that they write to. Its error is raised here in
            the place of its item.
        items: Iterated in the thread of the caller.
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
