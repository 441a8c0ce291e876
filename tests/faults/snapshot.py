"""What a folder holds, without what may differ between two good runs."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

DIFFERS = ("tensorboard", "log.jsonl")
"""Files of a training run that hold times; their content is not compared."""


@dataclass(frozen=True)
class Snapshot:
    """Digests of the content of all files of a folder by name; of folders, only that they are there."""

    files: dict[str, str]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Read a folder."""
        found = {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if "tensorboard/" in name:
                continue
            found[name] = "folder" if path.is_dir() else _digest(path)
        return cls(found)

    def missing_in(self, other: Snapshot) -> list[str]:
        """Return the names that another snapshot lacks."""
        return sorted(self.files.keys() - other.files.keys())

    def differing(self, other: Snapshot) -> list[str]:
        """Return the names that are in both with different content."""
        both = self.files.keys() & other.files.keys()
        return sorted(name for name in both if self.files[name] != other.files[name])


def mixed_pairs(now: Snapshot, before: Snapshot, after: Snapshot) -> list[str]:
    """Return the clips that are broken, or stand beside the sidecar of another clip.

    Args:
        now: The folder after a kill.
        before: The folder before the run.
        after: The folder after an undisturbed run.
    """
    wrong = []
    for name in now.files:
        sidecar = f"{name}.json"
        if sidecar not in before.files.keys() | after.files.keys():
            continue
        clip, record = _ages(name, now, before, after), _ages(sidecar, now, before, after)
        if not clip or (sidecar in now.files and not clip & record):
            wrong.append(name)
    return wrong


def _ages(name: str, now: Snapshot, before: Snapshot, after: Snapshot) -> set[str]:
    digest = now.files.get(name)
    return {
        age
        for age, snapshot in (("old", before), ("new", after))
        if digest is not None and snapshot.files.get(name) == digest
    }


def _digest(path: Path) -> str:
    if path.name in DIFFERS:
        return "any"
    content = path.read_bytes()
    if path.name == "manifest.csv":
        content = _without_status(content)
    elif path.name == "state.json":
        content = json.dumps(_without_times(json.loads(content))).encode()
    return hashlib.sha256(content).hexdigest()


def _without_status(table: bytes) -> bytes:
    """Leave out whether a clip was made or kept."""
    rows = list(csv.DictReader(table.decode().splitlines()))
    for row in rows:
        if row.get("status") in ("made", "kept"):
            row["status"] = "there"
    return json.dumps(rows).encode()


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {n: _without_times(v) for n, v in value.items() if "seconds" not in n}
    return value
