"""Pictures of faces, found in a folder and cut to the square that a network sees."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from mien.errors import MienError, UsageError
from mien.face.portrait import Portrait
from mien.face.square import SQUARE_CM, face_square
from mien.io.images import read_image
from mien.training.faces.face_set import FaceSetWriter
from mien.types import RGBImage

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})

Result = TypeVar("Result")


def picture_files(folder: Path) -> list[Path]:
    """All pictures in a folder and its subfolders, in order of their names.

    Raises:
        UsageError: There is no such folder, or no picture in it.
    """
    if not folder.is_dir():
        raise UsageError(f"expected a folder of portraits, got {folder}, which is none")
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)
    if not files:
        raise UsageError(f"expected pictures in {folder}, got none: PNG, JPEG, WebP, BMP or TIFF")
    return files


def pictures_digest(files: list[Path]) -> str:
    """SHA-256 over pictures' names and sizes in bytes: whether a set is of the same ones, without reading them."""
    lines = "".join(f"{file.name} {file.stat().st_size}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def cut_face(image: RGBImage, size: int, rng: np.random.Generator | None = None) -> Portrait:
    """Cut a picture to its face's square and find the face in it again.

    Args:
        image: (H, W, 3 or 4) uint8 with one face.
        size: Side of the square, pixels.
        rng: Where given, the square is a little off, turned and scaled, as crops are in practice.

    Raises:
        FaceError: No usable face, here or in the square.
    """
    pose = Portrait.from_image(image, choose="largest").face.pose
    if rng is None:
        square = face_square(pose)
    else:
        square = face_square(
            pose,
            side_cm=SQUARE_CM * float(rng.uniform(0.93, 1.10)),
            shift_cm=(float(rng.normal(0, 0.3)), float(rng.normal(0, 0.3))),
            turn_radians=float(rng.normal(0, 0.05)),
        )
    pixels = square.sample(np.ascontiguousarray(image[..., :3]), size)
    return Portrait.from_image(np.rint(pixels).clip(0, 255).astype(np.uint8), choose="largest")


def for_each_picture(
    work: Callable[[Path, int], Result], files: list[Path], workers: int
) -> Iterator[tuple[Path, Result | None]]:
    """Run something over pictures in several processes, in order.

    Args:
        work: A picklable function of a file and its number.
        files: The pictures.
        workers: Processes; 1 works in this one.

    Yields:
        Each file with its result, or with None where the picture or its face could not be used.
    """
    if workers <= 1:
        yield from ((file, _tried(work, file, number)) for number, file in enumerate(files))
        return
    # One thread a process: their nets and filters would fight for the cores otherwise.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with get_context("spawn").Pool(workers) as pool:
        tasks = [(work, file, number) for number, file in enumerate(files)]
        yield from zip(files, pool.imap(_task, tasks, chunksize=4), strict=True)


def fill(
    writer: FaceSetWriter,
    results: Iterator[tuple[Path, tuple[Any, ...] | None]],
    total: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Put pictures' faces into a set; a picture's name without suffix is its identity.

    Args:
        writer: Takes them, and the names of those that could not be used.
        results: What `for_each_picture` yields: what `FaceSetWriter.add` takes after the name.
        total: How many there will be.
        progress: Called with the number of pictures done and of all.
    """
    for done, (file, result) in enumerate(results, start=1):
        if result is None:
            writer.skipped.append(file.name)
        else:
            writer.add(file.stem, *result)
        if progress is not None:
            progress(done, total)


def _task(task: tuple[Callable[[Path, int], Result], Path, int]) -> Result | None:
    import cv2

    cv2.setNumThreads(1)
    return _tried(*task)


def _tried(work: Callable[[Path, int], Result], file: Path, number: int) -> Result | None:
    try:
        return work(file, number)
    except MienError:
        return None


def read_portrait_file(file: Path) -> RGBImage:
    """Read a picture as RGB."""
    return np.ascontiguousarray(read_image(file)[..., :3])
