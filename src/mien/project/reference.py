"""References to the files that a project uses: the path and the hash of each.

A path is relative to the project's folder if both are on one drive. A file whose content has changed is refused.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mien.errors import UsageError
from mien.io.clip_hash import sha256_file


@dataclass(frozen=True)
class FileReference:
    """A file that a project uses.

    Attributes:
        path: Path relative to the project's folder, or absolute; with forward slashes.
        sha256: Hash of the content, 64 hexadecimal digits.

    Raises:
        UsageError: The path is empty, or the hash is not a SHA-256.
    """

    path: str
    sha256: str

    def __post_init__(self) -> None:
        if not isinstance(self.path, str) or not self.path or "\0" in self.path:
            raise UsageError(f"expected the path of a file, got {self.path!r}")
        digits = self.sha256 if isinstance(self.sha256, str) else ""
        if len(digits) != 64 or set(digits) - set("0123456789abcdef"):
            raise UsageError(f"expected a sha256 of 64 hexadecimal digits, got {self.sha256!r}")

    @classmethod
    def of(cls, file: str | os.PathLike[str], project: str | os.PathLike[str]) -> FileReference:
        """Return a reference to a file.

        Args:
            file: The file that is used.
            project: The project's file, which may not exist yet; the path is made relative to its folder.

        Raises:
            UsageError: The file cannot be read.
        """
        target, folder = Path(file).resolve(), Path(project).resolve().parent
        try:
            path = Path(os.path.relpath(target, folder)).as_posix()
        except ValueError:  # the file is on another drive
            path = target.as_posix()
        return cls(path, sha256_file(target))

    def locate(self, project: str | os.PathLike[str]) -> Path:
        """Return the file's absolute path, after checking that it exists and is unchanged.

        Args:
            project: The project's file; ``path`` is relative to its folder.

        Raises:
            UsageError: The file is missing, or its content has changed since the project was saved.
        """
        file = Path(project).resolve().parent / self.path
        if not file.is_file():
            raise UsageError(
                f"the project {Path(project).name} needs {self.path} beside it, and it is missing: "
                "put it back there"
            )
        if sha256_file(file) != self.sha256:
            raise UsageError(
                f"the project {Path(project).name} was made with another {self.path} (its content "
                "differs): put the original back"
            )
        return file

    @property
    def name(self) -> str:
        """The file's name without folders."""
        return self.path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]

    def to_json(self) -> dict[str, str]:
        """Return the reference as JSON values."""
        return {"path": self.path, "sha256": self.sha256}

    @classmethod
    def from_json(cls, record: Any) -> FileReference:
        """Read a reference back; see `to_json`."""
        return cls(record["path"], record["sha256"])
