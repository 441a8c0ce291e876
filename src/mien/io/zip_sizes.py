"""Refuse zip files that unpack to far more than they should: spreadsheets and ``.npz`` are zip files."""

from __future__ import annotations

import zipfile
from pathlib import Path

from mien.errors import MienError
from mien.io.plain_file import check_file

MAX_UNPACKED_BYTES = 4_000_000_000
"""Most bytes of all unpacked contents; a million flow maps have 2.4 GB."""

MAX_RATIO = 100
"""Most unpacked bytes for each packed one, beyond `FREE_BYTES`; tables and flow maps have 2 to 20."""

FREE_BYTES = 64_000_000
"""Most unpacked bytes of a file of any ratio."""

NO_ZIP = (OSError, ValueError, EOFError, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What `zipfile` raises on a damaged, enciphered or strange file."""


def check_zip(path: Path, error: type[MienError]) -> None:
    """Refuse a zip file that would fill the memory.

    Args:
        path: The file.
        error: What is raised if it is no file, no zip file, or too large when it is unpacked.
    """
    check_file(path, error)
    try:
        with zipfile.ZipFile(path) as file:
            unpacked = sum(entry.file_size for entry in file.infolist())
        packed = path.stat().st_size
    except NO_ZIP as failed:
        raise error(
            f"cannot read {path}: it is damaged or of another format ({failed})"
        ) from failed
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(FREE_BYTES, MAX_RATIO * packed):
        raise error(
            f"cannot read {path}: {packed / 1e6:.3g} MB would unpack to {unpacked / 1e6:.6g} MB; "
            "is it the right file?"
        )
