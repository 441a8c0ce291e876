"""Read NumPy's files without trusting their headers: nothing is unpickled, and no memory is taken beyond the file."""

from __future__ import annotations

import math
import tokenize
import zipfile
import zlib
from collections.abc import Sequence
from io import BufferedIOBase
from pathlib import Path

import numpy as np

from mien.errors import MienError
from mien.io.plain_file import check_file
from mien.io.zip_sizes import check_zip

DAMAGE = (
    *(OSError, ValueError, EOFError, KeyError, TypeError, zipfile.BadZipFile, zlib.error),
    *(RuntimeError, NotImplementedError),  # encrypted, or an unknown compression
    *(tokenize.TokenError, SyntaxError, OverflowError, MemoryError, RecursionError),  # the header
)
"""What NumPy raises on a damaged file."""


def read_npy(path: Path, error: type[MienError]) -> np.ndarray:
    """Return the array of an ``.npy`` file, memory-mapped, so that its header cannot ask for more than the file has.

    Args:
        path: The file.
        error: What is raised if the file is not an ``.npy`` file or is damaged.
    """
    check_file(path, error)
    try:
        with path.open("rb") as stream:
            _check_header(stream, path.name, path.stat().st_size)
        array: np.ndarray = np.load(path, mmap_mode="r", allow_pickle=False)
    except DAMAGE as failed:
        raise error(
            f"expected an array in {path}, got a damaged file ({_reason(failed)})"
        ) from failed
    return array


def read_npz(path: Path, names: Sequence[str], error: type[MienError]) -> dict[str, np.ndarray]:
    """Return arrays of an ``.npz`` file.

    Args:
        path: The file.
        names: The arrays to read.
        error: What is raised if the file is not an ``.npz`` file, is damaged, or lacks one of the arrays.
    """
    check_zip(path, error)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            missing = [name for name in names if name not in arrays.files]
            if missing:
                raise error(
                    f"expected the arrays {', '.join(names)} in {path}, got no {' and no '.join(missing)}"
                )
            for name in names:
                entry = f"{name}.npy" if f"{name}.npy" in arrays.zip.namelist() else name
                with arrays.zip.open(entry) as stream:
                    _check_header(stream, name, arrays.zip.getinfo(entry).file_size)
            return {name: arrays[name] for name in names}
    except DAMAGE as failed:
        raise error(
            f"expected undamaged arrays without pickled objects in {path}: {_reason(failed)}"
        ) from failed


def npz_names(path: Path, error: type[MienError]) -> frozenset[str]:
    """Return the names of the arrays in an ``.npz`` file.

    Args:
        path: The file.
        error: What is raised if the file is not an ``.npz`` file or is damaged.
    """
    check_zip(path, error)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return frozenset(arrays.files)
    except DAMAGE as failed:
        raise error(
            f"expected undamaged arrays without pickled objects in {path}: {_reason(failed)}"
        ) from failed


def _check_header(stream: BufferedIOBase, name: str, size: int) -> None:
    """Raise ValueError if an array is pickled, or its header states another size than the file has.

    Args:
        stream: The array's file, at its start.
        name: Its name, for messages.
        size: Bytes of the file.
    """
    version = np.lib.format.read_magic(stream)
    read = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape, _, dtype = read(stream)
    if dtype.hasobject:
        raise ValueError(f"{name} is pickled")
    # NumPy multiplies with 64 bits, which overflow.
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != size - stream.tell():
        raise ValueError(
            f"the header of {name} states the shape {shape}, which the file's size does not fit"
        )


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
