"""Check a clip against its sidecar."""

from __future__ import annotations

import mmap
from pathlib import Path

from mien.errors import MienError
from mien.io.clip_hash import frame_files, sha256_clip
from mien.io.png_folder import SIDECAR_NAME
from mien.io.sidecar import Sidecar, read_sidecar
from mien.io.sinks import EXTENSIONS
from mien.verify.credentials import check_credentials
from mien.verify.report import Report

_TITLE = b"Synthetic: facial movements made with Mien"


def is_clip_file(path: Path) -> bool:
    """Return whether a path has the name of a clip in one file."""
    return path.suffix.lower() in EXTENSIONS and not path.name.startswith(".") and not path.is_dir()


def is_frames(path: Path) -> bool:
    """Return whether a path is a folder of PNGs with a sidecar."""
    return not path.name.startswith(".") and (path / SIDECAR_NAME).is_file()


def _has_no_record(path: Path) -> bool:
    """Return whether a clip has no sidecar and needs none: Mien did not make it, or only drew over a film."""
    return (
        is_clip_file(path)
        and not path.with_name(f"{path.name}.json").is_file()
        and not _is_generated(path)
    )


def _is_generated(path: Path) -> bool:
    """Return whether a file says that its movements were made with Mien."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return data.find(_TITLE) >= 0
    except (OSError, ValueError):
        return True  # so that an empty or unreadable file is reported


def clip_of(sidecar: Path) -> Path:
    """Return the clip of a sidecar."""
    return sidecar.parent if sidecar.name == SIDECAR_NAME else sidecar.with_suffix("")


def is_sidecar(path: Path) -> bool:
    """Return whether a path is a file with the name of a sidecar."""
    if path.name == SIDECAR_NAME:
        return path.is_file()
    return path.suffix == ".json" and path.is_file() and is_clip_file(clip_of(path))


def check_clip(clip: Path, report: Report, *, named: bool = True) -> None:
    """Check that a clip is the one that its sidecar describes.

    Args:
        clip: A file, or a folder of PNGs.
        report: Where problems are added.
        named: Whether the user or a manifest names the clip. A clip that only lies in a checked folder is skipped if
            it has no sidecar and needs none.
    """
    if no_record := _has_no_record(clip):
        if not named:
            return
        report.add(
            clip,
            "Mien did not generate it, or only drew over it: there is no record to check it against",
        )
    report.checked += 1
    sidecar = None if no_record else _check_against_sidecar(clip, report)
    if clip.exists():
        check_credentials(clip, sidecar.signed_by if sidecar else "", report)


def _check_against_sidecar(clip: Path, report: Report) -> Sidecar | None:
    """Check a clip against its sidecar; return the sidecar, or None if it is missing or cannot be read."""
    folder = clip.is_dir()
    sidecar = clip / SIDECAR_NAME if folder else clip.with_name(f"{clip.name}.json")
    if not folder and not clip.is_file() and not sidecar.is_file():
        report.checked -= 1
        report.add(clip, "it does not exist; check the path")
        return None
    if not folder and not clip.is_file():
        report.add(clip, f"missing, though its sidecar {sidecar.name} is there: make it again")
        return None
    if not sidecar.is_file():
        report.add(
            clip,
            f"its sidecar {sidecar.name} is missing, so nobody knows how it was made: make it again",
        )
        return None
    try:
        described = read_sidecar(sidecar)
        if folder and (number := len(frame_files(clip))) != described.frames:
            report.add(clip, f"expected {described.frames} frames, got {number}: make it again")
            return described
        if not described.sha256:
            report.add(
                sidecar,
                f"Mien {described.mien_version} wrote no hash of the clip, so it cannot be checked: "
                "make it again",
            )
        elif sha256_clip(clip) != described.sha256:
            report.add(
                clip,
                f"not the clip that {sidecar.name} describes: damaged, edited or another clip's; "
                "make it again",
            )
    except MienError as error:
        report.add(sidecar, error)
        return None
    return described
