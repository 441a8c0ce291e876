"""Check the clips in a folder, and find unfinished files of killed processes in it."""

from __future__ import annotations

from pathlib import Path

from mien.io.unfinished import is_unfinished
from mien.verify.clips import (
    check_clip,
    clip_of,
    is_clip_file,
    is_frames,
    is_sidecar,
)
from mien.verify.report import Report


def check_clips_in(folder: Path, report: Report) -> None:
    """Check each clip that lies directly in a folder, and each sidecar there without a clip."""
    for path in sorted(folder.iterdir()):
        check_if_clip(path, report)


def check_if_clip(path: Path, report: Report) -> bool:
    """Check a clip, or a sidecar without its clip, that lies in a folder; return whether it is a clip or sidecar."""
    if is_clip_file(path) or is_frames(path):
        check_clip(path, report, named=False)
        return True
    if is_sidecar(path):
        if not clip_of(path).exists():
            check_clip(clip_of(path), report)
        return True
    return False


def check_unfinished(folder: Path, report: Report) -> None:
    """Report unfinished files of running or killed processes in a folder and below it."""
    for path in sorted(folder.rglob(".*")):
        if is_unfinished(path):
            report.add(
                path,
                "unfinished: a process is writing it or was killed; the next run of that output removes it",
            )
