"""Small data sets, and what is in them."""

from __future__ import annotations

import csv
from pathlib import Path

from mien.augment.options import AugmentOptions

QUICK = AugmentOptions(count=3, frames="two", flow="dis", side_px=96)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / "manifest.csv").open(newline="") as file:
        return list(csv.DictReader(file))
