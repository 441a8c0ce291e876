"""An unfinished set of clips: finished clips are kept, even if the process is killed.

The folder ``.SET.clips`` beside the set holds ``plan.json`` (the clips and the settings), ``clips.jsonl`` (one line
for each clip that is done), ``set`` (the arrays so far) and ``shards`` (the clips in work). A clip is done when its
rows are on disk and its line is written. Later rows in the arrays are cut off when the work continues.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mien.errors import OutputError, UsageError
from mien.io.atomic import replace_folder
from mien.io.json_file import parse_json, read_json
from mien.io.path_lock import PathLock
from mien.training.clips.arrays import RowArray
from mien.training.clips.outcome import Outcome
from mien.training.faces.face_set import RECORD_NAME, is_own_face_set


def _folder_of(out: Path) -> Path:
    return out.absolute().with_name(f".{out.absolute().name}.clips")


def remove_finished(out: Path, plan: Mapping[str, Any]) -> None:
    """Remove the work folder of a finished set, which remains if the process was killed before it was removed.

    Args:
        out: Folder of the set.
        plan: The set's clips and settings; the work folder of another plan stays.
    """
    folder = _folder_of(out)
    with suppress(OSError, ValueError, OutputError):
        lock = PathLock(folder, "in use")
        try:
            if json.loads((folder / "plan.json").read_text(encoding="utf-8")) == dict(plan):
                shutil.rmtree(folder)
        finally:
            lock.release()


class UnfinishedSet:
    """The work folder of an unfinished set.

    Args:
        out: Folder of the set.
        plan: The set's clips and settings, as JSON values.
        arrays: The set's arrays by name.

    Attributes:
        done: The outcomes of the clips that are done.

    Raises:
        UsageError: The work was begun with another plan.
        OutputError: Another process is making the set.
    """

    def __init__(self, out: Path, plan: Mapping[str, Any], arrays: Mapping[str, RowArray]) -> None:
        self._out = out
        self._arrays = arrays
        self._folder = _folder_of(out)
        self._set = self._folder / "set"
        self._journal = self._folder / "clips.jsonl"
        self.done: list[Outcome] = []
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = PathLock(
            self._folder, f"another process is making {out}: wait for its end, or stop it"
        )
        try:
            self._begin(dict(plan))
        except BaseException:
            self.release()
            raise

    def shard(self, number: int) -> Path:
        """Return the folder for a clip in work."""
        return self._folder / "shards" / f"{number:06d}"

    def add(self, outcome: Outcome, shard: Path) -> None:
        """Append a clip that is done."""
        if outcome.frames:
            for array in self._arrays.values():
                array.append(self._set, shard)
            shutil.rmtree(shard)
        with self._journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(outcome.to_json()) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.done.append(outcome)

    def finish(self, record: Mapping[str, Any]) -> None:
        """Write the record, and put the set in its place.

        Raises:
            OutputError: The place holds other files, or cannot be written.
        """
        self._cut()
        (self._set / RECORD_NAME).write_text(json.dumps(record, indent=1), encoding="utf-8")
        replace_folder(self._set, self._out, is_own_face_set)
        self.remove()

    def release(self) -> None:
        """Let other processes continue the set."""
        self._lock.release()

    def remove(self) -> None:
        """Remove the work folder."""
        self.release()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self, plan: dict[str, Any]) -> None:
        """Begin the work folder, or continue from its state."""
        path = self._folder / "plan.json"
        if path.is_file():
            begun = read_json(path, UsageError, "delete its folder to begin again")
            if not isinstance(begun, dict):
                raise UsageError(f"{path} is damaged: delete its folder to begin again")
            others = [name for name in plan if begun.get(name) != plan[name]]
            if others:
                raise UsageError(
                    f"{self._folder} holds a set that was begun with other {' and '.join(others)}: "
                    "finish it with the same command as before, or delete that folder"
                )
        else:
            shutil.rmtree(self._set, ignore_errors=True)
            self._journal.unlink(missing_ok=True)
            self._set.mkdir()
            temporary = path.with_suffix(".part")
            temporary.write_text(json.dumps(plan), encoding="utf-8")
            temporary.replace(path)
        if self._journal.is_file():
            # The last line may be cut short: then its clip is not done.
            whole = self._journal.read_bytes().rpartition(b"\n")
            self._journal.write_bytes(whole[0] + whole[1])
            try:
                self.done = [Outcome(**parse_json(line)) for line in whole[0].splitlines()]
            except (TypeError, ValueError) as error:
                raise UsageError(
                    f"{self._journal} is damaged ({error}): delete {self._folder} to begin again"
                ) from error
        shutil.rmtree(self._folder / "shards", ignore_errors=True)
        self._cut()

    def _cut(self) -> None:
        """Keep the rows of the clips that are done."""
        frames = [outcome.frames for outcome in self.done if outcome.frames]
        for array in self._arrays.values():
            array.cut(self._set, len(frames) if array.per_clip else sum(frames))
