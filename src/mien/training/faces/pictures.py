"""Find, read and identify the pictures in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mien.errors import UsageError
from mien.io.images import PICTURE_SUFFIXES, read_image
from mien.types import RGBImage


def picture_files(folder: Path) -> list[Path]:
    """Return all pictures in a folder and its subfolders, sorted by path; each one's name is a person's name.

    Raises:
        UsageError: There is no such folder, or no picture in it, or two of the same name, as frames of clips have.
    """
    if not folder.is_dir():
        raise UsageError(f"expected a folder of portraits, got {folder}, which is not a folder")
    files = sorted(f for f in folder.rglob("*") if f.suffix.lower() in PICTURE_SUFFIXES)
    if not files:
        raise UsageError(
            f"expected pictures in {folder}, got none: PNG, JPEG, WebP, BMP or TIFF; "
            "for videos make a face set with 'mien train faces --clips'"
        )
    seen: dict[str, Path] = {}
    for file in files:
        other = seen.setdefault(file.stem, file)
        if other is not file:
            raise UsageError(
                f"expected one portrait of each person, named after them, got two '{file.stem}' in {folder}: "
                "rename one; for clips use 'mien train faces --clips'"
            )
    return files


def pictures_digest(files: Sequence[Path]) -> str:
    """Return the SHA-256 over the names and sizes in bytes of pictures.

    With it, a face set of the same pictures is recognised without reading them.
    """
    lines = "".join(f"{file.name} {file.stat().st_size}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def read_rgb(file: Path) -> RGBImage:
    """Read a picture as RGB; transparency is dropped."""
    return np.ascontiguousarray(read_image(file)[..., :3])
