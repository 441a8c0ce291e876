"""One thread that works through a bounded queue, so that rendering and encoding overlap."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")

QUEUE_LENGTH = 8
"""Items that may wait: enough to even out slow frames, little memory."""


class Worker(Generic[Item]):
    """Call a function on each item, in order, in a thread of its own.

    What the function raises is raised again by the next :meth:`put` or by :meth:`finish`.

    Args:
        work: Called with each item; it should spend its time outside the interpreter lock.
    """

    def __init__(self, work: Callable[[Item], None]) -> None:
        self._work = work
        self._queue: queue.Queue[tuple[Item] | None] = queue.Queue(QUEUE_LENGTH)
        self._error: BaseException | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="mien-encoder", daemon=True)
        self._thread.start()

    def put(self, item: Item) -> None:
        """Hand over an item; waits while the queue is full."""
        self._raise_error()
        self._queue.put((item,))

    def finish(self) -> None:
        """Wait until all items are done."""
        self._join()
        self._raise_error()

    def stop(self) -> None:
        """Drop the items that wait and end the thread; raises nothing."""
        self._stopped = True
        self._join()

    def _join(self) -> None:
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

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
