"""Cache the last few results that are slow to make, within a memory limit."""

from __future__ import annotations

import mmap
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from types import FunctionType, MethodType, ModuleType
from typing import Any, Generic, TypeVar

import numpy as np

T = TypeVar("T")

_NO_DATA = (type, ModuleType, FunctionType, MethodType)


class Memory(Generic[T]):
    """A cache of the most recently used values. Each value is made once, even if several threads ask together.

    Args:
        size: Number of values to keep.
        most_bytes: Memory limit of the values; the newest one is kept even if it alone is larger. None for no limit.
    """

    def __init__(self, size: int, most_bytes: int | None = None) -> None:
        self._size = size
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes: dict[Hashable, int] = {}
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable) -> T | None:
        """Return the value of a key; None if it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, value: T) -> None:
        """Keep a value, and drop the least recently used ones if the values are too many or too large."""
        held = 0 if self._most_bytes is None else held_bytes(value)
        with self._lock:
            self._kept[key], self._bytes[key] = value, held
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._full():
                oldest, _ = self._kept.popitem(last=False)
                del self._bytes[oldest]

    def get_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key, or make and keep it. An error of ``make`` is not kept."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        try:
            with making:
                found = self.get(key)
                if found is None:
                    found = make()
                    self.put(key, found)
        finally:
            with self._lock:
                self._making.pop(key, None)
        return found

    def _full(self) -> bool:
        if len(self._kept) > self._size:
            return True
        return self._most_bytes is not None and sum(self._bytes.values()) > self._most_bytes


def held_bytes(value: object) -> int:
    """Return the approximate memory of a value, bytes: its arrays, texts and lists, and those of what it refers to.

    Arrays in files (`mien.scratch`) count as 0.
    """
    total, seen = 0, set()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, _NO_DATA):
            continue
        seen.add(id(each))
        if isinstance(each, np.ndarray):
            owner = _owner(each)
            if owner is each:
                total += each.nbytes
            else:
                waiting.append(owner)
            continue
        if isinstance(each, mmap.mmap):
            continue
        total += getattr(each, "nbytes", None) or sys.getsizeof(each, 0)
        waiting.extend(_parts(each))
    return total


def _owner(array: np.ndarray) -> Any:
    """Return the array or buffer that holds an array's memory."""
    owner: Any = array
    while isinstance(owner, np.ndarray | memoryview):
        base = owner.base if isinstance(owner, np.ndarray) else owner.obj
        if base is None:
            break
        owner = base
    return owner


def _parts(value: object) -> Iterable[object]:
    """Return what a container or an object refers to."""
    if isinstance(value, str | bytes | bytearray | int | float | complex):
        return ()
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return value
    return list(getattr(value, "__dict__", {}).values())
