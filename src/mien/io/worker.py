"""One thread that works through a bounded queue, so that rendering and encoding overlap."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from mien.interrupts import uninterrupted

Item = TypeVar("Item")

QUEUE_LENGTH = 8
"""Items that may wait: enough to even out slow frames, little memory."""

SIGNAL_SECONDS = 0.1
"""The longest that a signal waits while the queue is full."""


class Worker(Generic[Item]):
    """Call a function on each item, in order, in a thread of its own.

    What the function raises is raised again by the next :meth:`put` or by :meth:`finish`. After :meth:`finish` or
    :meth:`stop` the function is certain not to run any more, even if a signal came meanwhile.

    Args:
        work: Called with each item; it should spend its time outside the interpreter lock.
        length: Number of items that may wait.
    """

    def __init__(self, work: Callable[[Item], None], length: int = QUEUE_LENGTH) -> None:
        self._work = work
        self._queue: queue.Queue[tuple[Item] | None] = queue.Queue(length)
        self._error: BaseException | None = None
        self._stopped = False
        # Not Thread.join(): when a signal interrupts it, Python 3.11 takes a thread that still runs for one that
        # ended (bpo-45274), and the file would be closed while the thread writes to it.
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mien-encoder", daemon=True)
        self._thread.start()

    def put(self, item: Item) -> None:
        """Hand over an item; waits while the queue is full."""
        self._raise_error()
        while not self._handed_over((item,)):
            pass

    def finish(self) -> None:
        """Wait until all items are done."""
        self._end()
        self._raise_error()

    def stop(self) -> None:
        """Drop the items that wait and end the thread; raises no error of the function."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        with uninterrupted():
            if not self._ended.is_set():
                self._queue.put(None)
                self._ended.wait()
                self._thread.join()

    def _handed_over(self, entry: tuple[Item]) -> bool:
        # A signal that is raised while Python takes the queue's lock can leave the queue locked for ever.
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
        # After an error the queue is still emptied, or else put() would wait for ever.
        while (entry := self._queue.get()) is not None:
            if self._error is None and not self._stopped:
                try:
                    self._work(entry[0])
                except BaseException as error:
                    self._error = error
        self._ended.set()
