"""Refuse zip files that would unpack to far too much data; spreadsheets and ``.npz`` files are zip files."""

from __future__ import annotations

import zipfile
from pathlib import Path

from mien.errors import MienError
from mien.io.plain_file import check_file

MAX_UNPACKED_BYTES = 4_000_000_000
"""Largest size of all unpacked contents, in bytes; a million flow maps have 2.4 GB."""

MAX_RATIO = 100
"""Largest ratio of unpacked to packed bytes, for contents over `FREE_BYTES`; tables and flow maps have 2 to 20."""

FREE_BYTES = 64_000_000
"""Unpacked size up to which any ratio is accepted, in bytes."""

NO_ZIP = (OSError, ValueError, EOFError, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What `zipfile` raises on a damaged, encrypted or unknown file."""


def check_zip(path: Path, error: type[MienError]) -> None:
    """Refuse a zip file that would fill the memory.

    Args:
        path: The file.
        error: What is raised if the path is not a file, the file is not a zip file, or its contents are too large.
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
            "check that it is the right file"
        )
