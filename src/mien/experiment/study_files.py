"""The text files of a study, which are written once; files that people changed are not overwritten."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from mien.errors import OutputError
from mien.io.atomic import atomic_file
from mien.io.json_file import read_json
from mien.io.unfinished import is_unfinished

RECORD = "study.json"
"""Record of what a folder was built from, and of the hash of each file; written first, and again at the end."""


class StudyFiles:
    """The files of a study, with a record of what they were built from.

    Args:
        folder: The study's folder.
        facts: What the study is built from, as JSON values.
        record: The name of the record's file.
        what: What is built, for the messages.

    Raises:
        OutputError: The folder contains other files, or a study that was built from something else.
    """

    def __init__(
        self, folder: Path, facts: dict[str, Any], record: str = RECORD, what: str = "study"
    ) -> None:
        self._folder, self._facts, self._record = folder, facts, record
        self._before: dict[str, str] = {}
        self._hashes: dict[str, str] = {}
        if not folder.exists() or (folder.is_dir() and all(map(is_unfinished, folder.iterdir()))):
            return  # remains of a process that was killed before its first file; they are removed later
        if not (folder / record).is_file():
            raise OutputError(
                f"expected a new or empty folder, got {folder} with other files in it: name another folder"
            )
        before = read_json(folder / record, OutputError, "name another folder")
        there = {name: before.get(name) for name in facts} if isinstance(before, dict) else {}
        differ = [name for name, value in facts.items() if there.get(name) != value]
        if differ:
            raise OutputError(
                f"expected a new folder, got {folder}, a {what} with another {' and '.join(differ)}: name another "
                "folder"
            )
        self._before = before.get("files", {})

    def begin(self) -> None:
        """Write the record, so that the folder of an interrupted build is recognised later."""
        self._write_record(self._before)

    def write(self, name: str, text: str) -> None:
        """Write a file, unless it already has this text.

        Raises:
            OutputError: Somebody has changed the file, or the place cannot be written.
        """
        path, data = self._folder / name, text.encode()
        self._hashes[name] = hashlib.sha256(data).hexdigest()
        if path.is_file():
            there = hashlib.sha256(path.read_bytes()).hexdigest()
            if there == self._hashes[name]:
                return
            if there != self._before.get(name):
                raise OutputError(
                    f"expected {path} as it was made, got a changed one: move it away, or build into another folder"
                )
        with atomic_file(path, is_own=lambda _: True) as temporary:
            temporary.write_bytes(data)

    def end(self) -> None:
        """Record the hash of each file."""
        self._write_record(self._hashes)

    def _write_record(self, hashes: dict[str, str]) -> None:
        with atomic_file(self._folder / self._record, is_own=lambda _: True) as temporary:
            record = {**self._facts, "files": hashes}
            temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
