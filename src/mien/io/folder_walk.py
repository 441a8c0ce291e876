"""Walk through a folder and all folders below it, links included, each once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def walk_once(root: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield each folder in and below a folder, from the top down; links are followed, and no folder comes twice.

    Args:
        root: The folder.

    Yields:
        A folder, the names of its folders and the names of its files. The caller may sort or shorten the list of
        folders in place to choose where the walk goes, as with `os.walk`.
    """
    seen: set[str] = set()
    for at, folders, names in os.walk(root, followlinks=True):
        real = os.path.realpath(at)
        if real in seen:  # a link that leads back up
            folders.clear()
            continue
        seen.add(real)
        yield Path(at), folders, names
