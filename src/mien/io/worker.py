"""One thread that works through a bounded queue, so that rendering and encoding overlap."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from mien.interrupts import uninterrupted

Item = TypeVar("Item")

QUEUE_LENGTH = 8
"""Number of items that may wait: enough to even out slow frames, with little memory."""

SIGNAL_SECONDS = 0.1
"""Longest time for which a signal waits while the queue is full."""


class Worker(Generic[Item]):
    """Call a function on each item, in order, in a thread of its own.

    An error of the function is raised again by the next :meth:`put` or by :meth:`finish`. After :meth:`finish` or
    :meth:`stop` the function no longer runs, even if a signal came meanwhile.

    Args:
        work: Called with each item. It should spend its time without the interpreter's lock, so that threads overlap.
        length: Number of items that may wait.
    """

    def __init__(self, work: Callable[[Item], None], length: int = QUEUE_LENGTH) -> None:
        self._work = work
        self._queue: queue.Queue[tuple[Item] | None] = queue.Queue(length)
        self._error: BaseException | None = None
        self._stopped = False
        # Not Thread.join() alone: when a signal interrupts it, Python 3.11 counts a running thread as ended
        # (bpo-45274), and the file would be closed while the thread writes to it.
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mien-encoder", daemon=True)
        self._thread.start()

    def put(self, item: Item) -> None:
        """Hand over an item; wait while the queue is full."""
        self._raise_error()
        while not self._handed_over((item,)):
            pass

    def finish(self) -> None:
        """Wait until all items are done."""
        self._end()
        self._raise_error()

    def stop(self) -> None:
        """Drop the waiting items and end the thread, without raising an error of the function."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        with uninterrupted():
            if not self._ended.is_set():
                self._queue.put(None)
                self._ended.wait()
                self._thread.join()

    def _handed_over(self, entry: tuple[Item]) -> bool:
        # A signal that arrives while Python takes the queue's lock can leave the queue locked forever.
        with uninterrupted():
            try:
                self._queue.put(entry, timeout=SIGNAL_SECONDS)
            except queue.Full:
                return False
        return True

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        # After an error the queue is still emptied, otherwise put() would wait forever.
        while (entry := self._queue.get()) is not None:
            if self._error is None and not self._stopped:
                try:
                    self._work(entry[0])
                except BaseException as error:
                    self._error = error
        self._ended.set()
