"""Arrays with a row for each frame of a film: in memory while they are small, otherwise in a temporary file.

An hour of film has 90,000 frames, and its motion field takes 5 kB a frame. Large arrays are ordinary NumPy arrays
whose memory is a file without a name, which the system removes even if the process is killed. Code that goes through
an array part by part (`parts_of`, `by_parts`) needs memory for one part only. After each part, the pages that were used
are given back to the system, which reads them from the file when they are needed again.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import IO, Any

import numpy as np
from jaxtyping import Bool, Float
from numpy.typing import DTypeLike

from mien.errors import OutputError

IN_MEMORY_BYTES = 16_000_000
"""An array larger than this is kept in a file."""

TOGETHER_FRAMES = 512
"""Smallest number of frames that are processed together."""

_mapped: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()
_mapping = threading.Lock()
"""Held while `_mapped` is changed or copied: two films may be measured at once."""


def scratch_array(shape: Sequence[int], dtype: DTypeLike) -> np.ndarray:
    """Return a new array of zeros.

    Args:
        shape: The array's shape, frames first.
        dtype: The type of its values.

    Raises:
        OutputError: The temporary folder is full.
    """
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size <= IN_MEMORY_BYTES:
        return np.zeros(shape, dtype)
    with in_file(), tempfile.TemporaryFile() as file:
        # Reserve the space now: if the disk is full when a mapped file is written, the system kills the process.
        _fill(file, size)
        return _array(file, size, shape, dtype)


class ScratchRows:
    """Rows that are added one by one, for a number of rows that is not known beforehand."""

    def __init__(self) -> None:
        self._waiting: list[np.ndarray] = []
        self._blocks: list[np.ndarray] = []
        self._file: IO[bytes] | None = None
        self._count = 0
        self._row: np.ndarray | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._count

    def append(self, row: np.ndarray) -> None:
        """Add a row; all rows have one shape and type.

        Raises:
            OutputError: The temporary folder is full.
        """
        self._waiting.append(row)
        self._count += 1
        self._row = row
        if len(self._waiting) < TOGETHER_FRAMES:
            return
        self._blocks.append(np.stack(self._waiting))
        self._waiting.clear()
        if self._file is None and sum(block.nbytes for block in self._blocks) <= IN_MEMORY_BYTES:
            return
        with in_file():
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the rows
                weakref.finalize(self, self._file.close)
            for block in self._blocks:
                self._file.write(block.tobytes())
            self._blocks.clear()

    def array(self) -> np.ndarray:
        """Return all rows as one writable array. Afterwards no row can be added.

        Raises:
            OutputError: The temporary folder is full.
        """
        rest = [np.stack(self._waiting)] if self._waiting else []
        self._waiting.clear()
        if self._file is None:
            blocks, self._blocks = [*self._blocks, *rest], []
            return np.concatenate(blocks)
        with in_file(), self._file as file:
            for block in rest:
                file.write(block.tobytes())
            file.flush()
            assert self._row is not None
            return _array(file, file.tell(), (self._count, *self._row.shape), self._row.dtype)


@contextmanager
def in_file() -> Iterator[None]:
    """Report in one line that a temporary file cannot be written.

    Raises:
        OutputError: The block raised an OSError.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot keep temporary data in {tempfile.gettempdir()}: {error.strerror}; "
            "free some space, or set TMPDIR to another folder"
        ) from error


def _fill(file: IO[bytes], size: int) -> None:
    """Fill a file with zeros, so that its space on the disk is reserved."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    zeros = bytes(1 << 20)
    for written in range(0, size, len(zeros)):
        file.write(zeros[: size - written])
    file.flush()


def _array(file: IO[bytes], size: int, shape: Sequence[int], dtype: DTypeLike) -> np.ndarray:
    """Return an array whose memory is a file; the file may be closed afterwards."""
    mapped = mmap.mmap(file.fileno(), size)
    with _mapping:
        _mapped.add(mapped)
    return np.frombuffer(mapped, dtype).reshape(shape)


def by_parts(compute: Callable[[slice], np.ndarray], frames: int) -> np.ndarray:
    """Return the rows that a function gives for each part of a film, in one array.

    Args:
        compute: Returns the rows of a part, all of one shape and type.
        frames: Number of frames.

    Raises:
        OutputError: The temporary folder is full.
    """
    result: np.ndarray | None = None
    for part in parts_of(frames):
        rows = compute(part)
        if result is None:
            result = scratch_array((frames, *rows.shape[1:]), rows.dtype)
        result[part] = rows
    assert result is not None
    return result


def parts_of(frames: int) -> Iterator[slice]:
    """Yield parts of a film of nearly the same length, none shorter than `TOGETHER_FRAMES` unless the film is.

    After each part, the pages of arrays in files are given back to the system.
    """
    ends = np.linspace(0, frames, max(frames // TOGETHER_FRAMES, 1) + 1).astype(int).tolist()
    for start, stop in pairwise(ends):
        yield slice(start, stop)
        release()


def release() -> None:
    """Give the memory of all arrays in files back to the system; their values stay in the files."""
    if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows, which takes memory back by itself
        with _mapping:
            held = tuple(_mapped)
        for mapped in held:
            mapped.madvise(mmap.MADV_DONTNEED)


def mean_of_rows(parts: Iterable[np.ndarray], frames: int) -> np.ndarray:
    """Return the mean along the first axis of an array that is given in parts, bit for bit as `ndarray.mean`."""
    total: np.ndarray | None = None
    for part in parts:
        # NumPy adds row by row, so the sum of the earlier rows can take their place.
        total = np.add.reduce(part if total is None else np.concatenate([total[None], part]), 0)
    assert total is not None
    mean: np.ndarray = total / frames
    return mean


def median_of_rows(values: np.ndarray, rows: Bool[np.ndarray, " frames"] | None = None) -> Any:
    """Return the median along the first axis, as `numpy.median` does, a few columns at a time.

    Args:
        values: (T, ...).
        rows: (T,) True for the rows to include; None for all.
    """
    flat = values.reshape(len(values), -1)
    counted = len(values) if rows is None else int(rows.sum())
    together = max(IN_MEMORY_BYTES // (4 * max(counted, 1) * values.itemsize), 1)
    medians = []
    for first in range(0, flat.shape[1], together):
        columns = slice(first, first + together)
        found = [
            np.array(flat[part, columns]) if rows is None else flat[part, columns][rows[part]]
            for part in parts_of(len(flat))
        ]
        medians.append(np.median(np.concatenate(found), axis=0))
    return np.concatenate(medians).reshape(values.shape[1:])


def norms_of_rows(values: np.ndarray) -> Float[np.ndarray, " frames"]:
    """Return the Euclidean norm of each row of an array (T, ...)."""
    norms: np.ndarray = by_parts(
        lambda part: np.linalg.norm(values[part].reshape(part.stop - part.start, -1), axis=1),
        len(values),
    )
    return norms
