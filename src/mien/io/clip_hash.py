"""The hash by which a sidecar identifies its clip."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from mien.errors import UsageError
from mien.io.plain_file import check_file

_CHUNK_BYTES = 1 << 20
_FRAME = re.compile(r"\d{6,}\.png")


def sha256_file(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file's content, 64 hexadecimal digits.

    Raises:
        UsageError: The file cannot be read.
    """
    return _sha256_of([Path(path)])


def sha256_clip(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a clip: of the file, or of the frames of a folder in the order of their numbers.

    Args:
        path: A file, or a folder with ``000000.png``, ``000001.png``, ... Other files in the folder are ignored.

    Raises:
        UsageError: A file cannot be read.
    """
    place = Path(path)
    return _sha256_of(frame_files(place) if place.is_dir() else [place])


def frame_files(folder: Path) -> list[Path]:
    """Return the numbered frames in a folder that Mien wrote, in the order of their numbers.

    Raises:
        UsageError: The folder cannot be read.
    """
    try:
        found = [each for each in folder.iterdir() if _FRAME.fullmatch(each.name)]
    except OSError as error:
        raise UsageError(f"cannot read {folder}: {error.strerror}") from error
    return sorted(found, key=lambda each: int(each.stem))


def _sha256_of(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        check_file(path, UsageError)
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK_BYTES):
                    digest.update(chunk)
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}") from error
    return digest.hexdigest()
