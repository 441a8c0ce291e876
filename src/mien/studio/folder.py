"""The studio's folder: plain files that stay when the studio ends.

``portraits/`` and ``clips/`` hold the uploaded files. The name of each is the start of its content's hash and its
original name. ``projects/``, ``exports/``, ``stimuli/`` and ``studies/`` hold what was made, ``drafts/`` the state of
the pages.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mien.io.atomic import check_writable
from mien.io.full_disk import naming_full_disk
from mien.io.path_lock import PathLock
from mien.studio.names import tidy_name
from mien.studio.private import is_inside, make_private_folder, tighten

PARTS = ("portraits", "clips", "projects", "drafts", "exports", "stimuli", "studies")
ID_DIGITS = 16
"""Digits of the content's SHA-256 that identify a file."""

_UPLOADS = ".uploads"


@dataclass(frozen=True)
class StoredFile:
    """An uploaded file.

    Attributes:
        id: The first `ID_DIGITS` digits of its content's SHA-256.
        name: Its original name, made valid (`mien.studio.names.tidy_name`).
        path: Path of the stored file.
    """

    id: str
    name: str
    path: Path


class Folder:
    """The studio's folder.

    Args:
        root: Path of the folder; made if it is missing.

    Raises:
        OutputError: The folder cannot be written, is a link, belongs to another user, or is open in another studio.
    """

    def __init__(self, root: Path) -> None:
        check_writable(root / "portraits" / "x", folder=True)
        make_private_folder(root)
        self.root = root.resolve()
        with naming_full_disk(self.root):
            for part in PARTS:
                make_private_folder(self.root / part)
        self.lock = PathLock(
            self.root,
            f"another studio has the folder {self.root} open: use that studio, end it, or choose another "
            "folder with --folder",
        )
        tighten(self.root)
        self.remove_remains()

    def part(self, name: str) -> Path:
        """Return the folder of one kind of files, one of `PARTS`."""
        assert name in PARTS
        return self.root / name

    def remove_remains(self) -> None:
        """Delete the unfinished files of a studio that was killed; finished files stay."""
        shutil.rmtree(self.root / _UPLOADS, ignore_errors=True)
        make_private_folder(self.root / _UPLOADS)
        for part in PARTS:
            place = self.root / part
            # A sheet's clips are one folder deeper.
            for left in filter(self.has, [*place.glob(".*.part"), *place.glob("*/.*.part")]):
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    with suppress(OSError):
                        left.unlink()

    def files(self, part: str) -> list[StoredFile]:
        """Return the uploaded files of one kind, newest first."""
        paths = [path for path in self.part(part).glob("*_*") if self.has(path) and _id_of(path)]
        paths.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [_stored(path) for path in paths]

    def find(self, part: str, file_id: str) -> StoredFile | None:
        """Return the uploaded file with an id; None if there is none."""
        if len(file_id) != ID_DIGITS or set(file_id) - set("0123456789abcdef"):
            return None
        found = filter(self.has, self.part(part).glob(f"{file_id}_*"))
        return next(map(_stored, found), None)

    def has(self, path: Path) -> bool:
        """Return whether a path in the folder exists and is not reached through a link."""
        return is_inside(path, self.root)

    async def receive(
        self,
        part: str,
        name: str,
        chunks: AsyncIterator[bytes],
        check: Callable[[Path], object],
        run: Callable[..., Awaitable[object]],
    ) -> StoredFile:
        """Store an uploaded file, whole or not at all.

        Args:
            part: Kind of the file, one of `PARTS`.
            name: Original name of the file, which `mien.studio.names.tidy_name` makes valid.
            chunks: Content of the file.
            check: Raises if the file is not of that kind. It gets a file with the stored name.
            run: Calls a function with arguments in a thread; awaitable.

        Raises:
            Exception: Anything that ``check`` or ``chunks`` raises; nothing is stored then.
        """
        name = tidy_name(name)
        with self.scratch() as place:
            digest = hashlib.sha256()
            with (place / name).open("wb") as file:
                async for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
            file_id = digest.hexdigest()[:ID_DIGITS]
            known = self.find(part, file_id)
            if known is None:
                await run(check, place / name)
                target = self.part(part) / f"{file_id}_{name}"
                (place / name).replace(target)
                known = _stored(target)
            return known

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Make a folder for unfinished files, which is deleted at the end of the block."""
        with naming_full_disk(self.root):
            place = Path(tempfile.mkdtemp(dir=self.root / _UPLOADS))
            try:
                yield place
            finally:
                shutil.rmtree(place, ignore_errors=True)

    def put(self, part: str, source: Path, name: str) -> StoredFile:
        """Store a file that is in the `scratch` folder, unless the same content is stored already."""
        file_id = hashlib.sha256(source.read_bytes()).hexdigest()[:ID_DIGITS]
        known = self.find(part, file_id)
        if known is not None:
            return known
        target = self.part(part) / f"{file_id}_{tidy_name(name)}"
        source.replace(target)
        return _stored(target)


def _id_of(path: Path) -> str | None:
    digits, _, name = path.name.partition("_")
    fits = len(digits) == ID_DIGITS and not set(digits) - set("0123456789abcdef") and name
    return digits if fits else None


def _stored(path: Path) -> StoredFile:
    return StoredFile(path.name[:ID_DIGITS], path.name[ID_DIGITS + 1 :], path)
