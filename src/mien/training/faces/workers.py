"""Turn pictures into faces of a set, in several processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from jaxtyping import Float, Float16, UInt8

from mien.errors import MienError
from mien.interrupts import SIGNALS
from mien.training.faces.face_motion import OneFaceMotion
from mien.training.faces.face_set_writer import FaceSetWriter

Task = TypeVar("Task")
Result = TypeVar("Result")


class OneFace(NamedTuple):
    """A face of a set.

    Attributes:
        images: (V, S, S, 3) uint8 RGB pictures.
        aus: (V, A) FACS intensities in the order of `RIG_NAMES`.
        motion: Motion of the face from view 0 to each view, if it is known.
        way_back: (V, S, S, 3) exact motion of each pixel, if it is known; see `FaceSet.way_back`.
    """

    images: UInt8[np.ndarray, "views size size 3"]
    aus: Float[np.ndarray, "views aus"]
    motion: OneFaceMotion | None = None
    way_back: Float16[np.ndarray, "views size size 3"] | None = None


MakeFace: TypeAlias = Callable[[Path, int], OneFace]
"""A picklable function of a picture and its number. A picture for which it raises `MienError` is skipped."""


def add_faces(
    writer: FaceSetWriter,
    make: MakeFace,
    files: list[Path],
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Add the face of each picture to a set; the name without suffix is the identity.

    Args:
        writer: Takes the faces, and the names of the pictures that could not be used.
        make: Makes a face from a picture.
        files: The pictures.
        workers: Number of processes; 1 uses this process.
        progress: Called with the number of pictures done and the total.
    """
    tasks = [(make, file, number) for number, file in enumerate(files)]
    made = zip(files, in_order(_tried, tasks, workers, chunk=4), strict=True)
    for done, (file, face) in enumerate(made, start=1):
        if face is None:
            writer.skipped.append(file.name)
        else:
            writer.add(file.stem, *face)
        if progress is not None:
            progress(done, len(files))


def in_order(
    work: Callable[[Task], Result], tasks: Sequence[Task], workers: int, chunk: int = 1
) -> Generator[Result]:
    """Yield the result of each task, in the order of the tasks.

    Args:
        work: A picklable function of a task.
        tasks: The tasks.
        workers: Number of processes; 1 uses this process.
        chunk: Number of tasks that a process takes at a time.
    """
    if workers <= 1:
        yield from map(work, tasks)
        return
    # One thread per process: otherwise the threads of all processes compete for the cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with _without_signals():
        pool = get_context("spawn").Pool(workers, _one_thread)
    with pool:
        yield from pool.imap(work, tasks, chunksize=chunk)


@contextmanager
def _without_signals() -> Iterator[None]:
    """Start processes within the block that ignore Ctrl-C and a closed terminal; this process ends them by SIGTERM.

    A terminal sends these signals to all its processes, and each of them would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, set(SIGNALS) - {signal.SIGTERM})
    try:
        yield  # new processes inherit the blocked signals
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _one_thread() -> None:
    import cv2

    cv2.setNumThreads(1)


def _tried(task: tuple[MakeFace, Path, int]) -> OneFace | None:
    """Return the face of a picture; None if there is no usable face."""
    make, file, number = task
    try:
        return make(file, number)
    except MienError:
        return None
