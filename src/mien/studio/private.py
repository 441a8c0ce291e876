"""Keep the studio's folder private to the user who started it: check its owner, set its modes, and follow no links.

Windows has no modes; there the system itself closes a folder in a user's own profile to other users.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mien.errors import OutputError

OTHERS = 0o077
"""The mode bits of all users but the owner."""


@contextmanager
def private_files() -> Iterator[None]:
    """Make every file and folder that this process creates within the block private to its user."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def make_private_folder(folder: Path) -> None:
    """Make a folder, or check one that is there.

    Raises:
        OutputError: The path is a link or a file, or the folder belongs to another user.
    """
    if folder.is_symlink():
        raise OutputError(
            f"expected a folder for the studio, got the link {folder}: name the folder that it leads to"
        )
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"expected a folder for the studio, got the file {folder}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.name != "nt" and (owner := folder.lstat().st_uid) != os.geteuid():
        raise OutputError(
            f"expected a folder of your own for the studio, got {folder}, which belongs to user "
            f"{owner}: choose another with --folder"
        )


def tighten(root: Path) -> None:
    """Remove other users' rights from a folder and everything in it; links are not followed.

    Raises:
        OutputError: The rights of a file or folder cannot be changed, for example because it belongs to another user.
    """
    if os.name == "nt":
        return
    _tighten_one(root)
    for at, folders, files in os.walk(root):
        for name in [*folders, *files]:
            _tighten_one(Path(at) / name)


def _tighten_one(path: Path) -> None:
    mode = path.lstat().st_mode
    if path.is_symlink() or not mode & OTHERS:
        return
    try:
        path.chmod(mode & 0o777 & ~OTHERS)
    except OSError as error:
        raise OutputError(
            f"cannot close {path} to other users: {error.strerror}; choose another folder with --folder"
        ) from error


def is_inside(path: Path, root: Path) -> bool:
    """Return whether a path exists and is not reached through a link.

    Args:
        path: A path below ``root``.
        root: A folder that is not a link.
    """
    steps = [path, *path.parents]
    steps = steps[: steps.index(root)]
    return path.exists() and not any(step.is_symlink() for step in steps)
