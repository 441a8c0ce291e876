"""Find folders of frames below a data set's root; case and zero padding are ignored."""

from __future__ import annotations

import fnmatch
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from mien.datasets.frames import FrameFiles, list_frames
from mien.errors import DatasetError
from mien.io.folder_walk import walk_once
from mien.io.frame_names import is_frame

TABLE_EXTENSIONS = (".xlsx", ".xlsm", ".xls", ".csv")
"""Extensions of annotation files, in lower case."""

_DIGITS = re.compile(r"[0-9]+")


def folder_key(name: str) -> str:
    """Return a folder's name in a form that is the same for all its spellings.

    Case and leading zeros are ignored: ``spNo.1`` equals ``spNO.1``, and ``s03_po_05`` equals
    ``s3_po_05``.
    """
    return _DIGITS.sub(lambda match: match[0].lstrip("0") or "0", name.casefold())


class FolderTree:
    """All folders with frames below a root, found by the end of their path.

    Attributes:
        root: The root.
        tables: All spreadsheets and CSV files below it.
    """

    def __init__(self, root: Path) -> None:
        """Search the root. Links are followed, but no folder is visited twice.

        Raises:
            DatasetError: The root is not a folder.
        """
        if not root.is_dir():
            raise DatasetError(
                f"cannot read the data set in {root}: it is not a folder; check the path"
            )
        self.root = root
        self.tables: list[Path] = []
        self._by_key: dict[str, list[Path]] = defaultdict(list)
        self._frames: dict[Path, FrameFiles] = {}
        for here, folders, names in walk_once(root):
            folders.sort()
            self.tables += [
                here / name
                for name in sorted(
                    name for name in names if name.lower().endswith(TABLE_EXTENSIONS)
                )
                if not name.startswith(("~", "."))
            ]
            if any(is_frame(name) and re.search("[0-9]", name) for name in names):
                self._by_key[folder_key(here.name)].append(here)

    def find(self, *parts: str) -> list[Path]:
        """Return the folders with frames whose path ends in ``parts``, compared by :func:`folder_key`.

        The last part may be a shell pattern, such as ``15_0101[!0-9]*``.
        """
        keys = [folder_key(part) for part in parts]
        if "*" in keys[-1]:
            last = [f for key in fnmatch.filter(self._by_key, keys[-1]) for f in self._by_key[key]]
        else:
            last = self._by_key.get(keys[-1], [])
        above = keys[:-1]
        return [
            folder
            for folder in last
            if [folder_key(part) for part in folder.parent.parts[-len(above) :]] == above
            or not above
        ]

    def find_one(self, patterns: Sequence[Sequence[str]]) -> Path | None:
        """Return the folder of the first pattern that matches a folder; None if no pattern does.

        Raises:
            DatasetError: Several folders match that pattern, such as a raw and a cropped copy.
        """
        for parts in patterns:
            found = self.find(*parts)
            if len(found) > 1:
                raise DatasetError(
                    f"expected one folder of frames for {'/'.join(parts)} below {self.root}, got "
                    f"{' and '.join(str(f.relative_to(self.root)) for f in found[:3])}: "
                    "choose one of the copies with frames (--frames FOLDER)"
                )
            if found:
                return found[0]
        return None

    def frames(self, folder: Path) -> FrameFiles:
        """Return a folder's frames, cached; see :func:`mien.datasets.frames.list_frames`."""
        if folder not in self._frames:
            self._frames[folder] = list_frames(folder)
        return self._frames[folder]
