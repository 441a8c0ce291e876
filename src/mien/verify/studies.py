"""Check the folders of studies and pools: each text file against the hash in the folder's record."""

from __future__ import annotations

import json
from pathlib import Path

from mien.io.clip_hash import sha256_file
from mien.verify.report import Report


def check_recorded_files(folder: Path, name: str, report: Report) -> None:
    """Check the files whose hashes a record holds.

    Args:
        folder: The study or pool.
        name: The file name of its record.
        report: Gets the problems.
    """
    record = folder / name
    try:
        hashes = dict(json.loads(record.read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        report.add(record, f"cannot be read ({error}): build the folder again")
        return
    if not hashes:
        report.add(record, "names no files, because the build was not finished: run it again")
    for file, digest in hashes.items():
        report.checked += 1
        path = folder / str(file)
        if not path.is_file():
            report.add(path, f"missing, but {name} names it: build the folder again")
        elif sha256_file(path) != digest:
            report.add(path, f"was changed since {name} was written: build into another folder")
