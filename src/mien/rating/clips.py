"""The clips of a folder that are rated, and what is known of each."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from mien.errors import UsageError
from mien.io.clip_hash import frame_files, sha256_clip
from mien.io.clips import VIDEO_SUFFIXES
from mien.io.csv_text import read_csv_text
from mien.io.frame_names import order_frames
from mien.io.images import PICTURE_SUFFIXES
from mien.io.sidecar import sidecar_path
from mien.stimuli.condition_files import CONDITIONS

KNOWN = (
    *("portrait", "expression", "correct_answer", "neutral", "intensity", "level", "side"),
    *("duration_ms", "aus", "synthetic"),
)
"""Columns that are written beside each rating; empty if the folder has no table of conditions."""

STUDY_STIMULI = "stimuli"


@dataclass(frozen=True)
class RatedClip:
    """A clip that is rated.

    Attributes:
        file: Its path relative to the folder, with ``/``, such as ``stimuli/a_anger_2_200ms_both``.
        path: Its path.
        known: The values of the columns `KNOWN`.
        digest: SHA-256 of the clip and of ``known``.
    """

    file: str
    path: Path
    known: Mapping[str, str]
    digest: str

    @property
    def synthetic(self) -> bool:
        """Whether Mien made the clip, as its row or its sidecar says."""
        return self.known["synthetic"] == "True"


def find_clips(folder: Path) -> tuple[RatedClip, ...]:
    """Return the clips of a sheet or study that Mien made; for any other folder all its clips, sorted by name.

    Args:
        folder: The folder of a study, the folder of a stimulus sheet, or any folder of clips. A clip is a video file
            or a folder of pictures.

    Raises:
        UsageError: Not a folder, no clips in it, a clip of the table is missing, or the table cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(f"expected a folder of clips, got {folder}")
    inner = folder / STUDY_STIMULI
    place = inner if (inner / CONDITIONS).is_file() else folder
    if (place / CONDITIONS).is_file():
        return _of_table(folder, place)
    found = [each for each in sorted(folder.iterdir()) if _is_clip(each)]
    if not found:
        raise UsageError(f"expected clips in {folder}, got none: videos, or folders of pictures")
    return tuple(_clip(folder, each, dict.fromkeys(KNOWN, "")) for each in found)


def _of_table(folder: Path, place: Path) -> tuple[RatedClip, ...]:
    table = place / CONDITIONS
    reader = csv.DictReader(io.StringIO(read_csv_text(table), newline=""), restval="")
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise UsageError(f"{table}, line {reader.line_num}: not valid CSV ({error})") from error
    if not rows or "stimulus" not in rows[0][1]:
        raise UsageError(f"expected a column stimulus and a row for each clip in {table}")
    clips: list[RatedClip] = []
    addresses = {_parts(row["stimulus"])[:-1] for _, row in rows}
    for line, row in rows:
        where = f"{table}, line {line}"
        name = _name(row["stimulus"], where)
        # If all rows have the same address, such as ../stimuli/, it is the experiment's; if not, another folder's.
        if len(addresses) > 1 and ".." in _parts(row["stimulus"]):
            raise _not_here(row["stimulus"], where)
        path = place / name
        if not path.exists():
            raise UsageError(f"expected the clip {path.name} of {table}, got none: make it again")
        known = {name: row.get(name) or "" for name in KNOWN}
        if seconds := (row.get("duration_seconds") or "").strip():
            known["duration_ms"] = f"{round(1000 * _seconds(seconds, where), 3):g}"
        clips.append(_clip(folder, path, known))
    names = [each.file for each in clips]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"expected each clip once in {table}, got {twice} twice")
    return tuple(clips)


def _name(cell: str, where: str) -> str:
    """Return the name of a clip in the table's folder, without an address of an experiment's server before it.

    Raises:
        UsageError: The cell does not name a file or folder in the table's folder.
    """
    name = _parts(cell)[-1]
    if name in ("", ".", "..") or PureWindowsPath(name).name != name:
        raise _not_here(cell, where)
    return name


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("\\", "/").rstrip("/").split("/"))


def _not_here(cell: str, where: str) -> UsageError:
    return UsageError(f"{where}: expected a clip of this folder as stimulus, got {cell!r}")


def _seconds(text: str, where: str) -> float:
    """Return a duration in seconds.

    Raises:
        UsageError: The text is not a number, or is below 0.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise UsageError(f"{where}: expected duration_seconds as a number from 0 on, got {text!r}")
    return seconds


def _clip(folder: Path, path: Path, known: dict[str, str]) -> RatedClip:
    if not known["synthetic"] and sidecar_path(_as_output(path)).is_file():
        known["synthetic"] = "True"
    digest = hashlib.sha256()
    content = path
    if path.is_dir() and not frame_files(path):  # pictures that are not named as Mien names them
        for name in _pictures(path):
            digest.update(sha256_clip(path / name).encode())
    else:
        digest.update(sha256_clip(content).encode())
    digest.update(json.dumps(known, sort_keys=True).encode())
    return RatedClip(path.relative_to(folder).as_posix(), path, known, digest.hexdigest())


def _as_output(path: Path) -> str:
    return f"{path}/" if path.is_dir() else str(path)


def _is_clip(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    return bool(_pictures(path)) if path.is_dir() else path.suffix.lower() in VIDEO_SUFFIXES


def _pictures(folder: Path) -> list[str]:
    names = [each.name for each in folder.iterdir() if each.suffix.lower() in PICTURE_SUFFIXES]
    return list(order_frames(folder, names).names) if names else []
