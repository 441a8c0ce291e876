"""Keep one matrix for each frame of a long clip: in memory while they are few, otherwise in a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import pairwise
from typing import IO, Any

import numpy as np
from jaxtyping import Float64

from mien.errors import OutputError

IN_MEMORY_BYTES = 64_000_000
"""From this size on, the matrices are in a file, which the system removes even if the process is killed."""

TOGETHER_FRAMES = 512
"""Least number of frames that are worked on together."""


class FrameMatrices:
    """(T, K, K) matrices, written in order once and then read in parts.

    Args:
        frames: T.
        size: K.

    Raises:
        OutputError: The temporary folder is full.
    """

    def __init__(self, frames: int, size: int) -> None:
        self._shape = (frames, size, size)
        self._file: IO[Any] | None = None
        self._all: np.ndarray | None = None
        if frames * size * size * 8 <= IN_MEMORY_BYTES:
            self._all = np.empty(self._shape)
        else:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()

    def __setitem__(self, part: slice, matrices: Float64[np.ndarray, "part k k"]) -> None:
        """Write the matrices of some frames."""
        if self._all is not None:
            self._all[part] = matrices
            return
        assert self._file is not None
        try:
            self._file.seek(part.start * self._bytes)
            self._file.write(np.ascontiguousarray(matrices).tobytes())
            self._file.flush()
        except OSError as error:
            raise OutputError(
                f"cannot keep temporary data in {tempfile.gettempdir()}: {error.strerror}; "
                "free some space, or set TMPDIR to another folder"
            ) from error

    def __getitem__(self, part: slice) -> Float64[np.ndarray, "part k k"]:
        """Return the matrices of some frames."""
        if self._all is not None:
            return self._all[part]
        assert self._file is not None
        frames = part.stop - part.start
        self._file.seek(part.start * self._bytes)
        found = np.frombuffer(self._file.read(frames * self._bytes), np.float64)
        return found.reshape(frames, *self._shape[1:])

    def close(self) -> None:
        """Remove the temporary file."""
        if self._file is not None:
            self._file.close()

    @property
    def _bytes(self) -> int:
        return self._shape[1] * self._shape[2] * 8


def parts_of(frames: int) -> Iterator[slice]:
    """Yield parts of a clip of nearly the same length, none shorter than `TOGETHER_FRAMES` unless the clip is."""
    ends = np.linspace(0, frames, max(frames // TOGETHER_FRAMES, 1) + 1).astype(int).tolist()
    for start, stop in pairwise(ends):
        yield slice(start, stop)


def mean_of_rows(parts: Iterator[np.ndarray], frames: int) -> np.ndarray:
    """Return the mean along the first axis of an array that comes in parts: bit for bit that of `ndarray.mean`."""
    total: np.ndarray | None = None
    for part in parts:
        # NumPy adds row by row, so the sum so far stands for the rows before.
        total = np.add.reduce(part if total is None else np.concatenate([total[None], part]), 0)
    assert total is not None
    mean: np.ndarray = total / frames
    return mean
