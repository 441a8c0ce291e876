"""Routes of exported files: list, download and delete."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from mien.studio.errors import not_found
from mien.studio.names import plain_name
from mien.studio.state import Studio, StudioHere

router = APIRouter(prefix="/api/exports")

SUFFIXES = {
    "mp4": ".mp4",
    "mkv": ".mkv",
    "gif": ".gif",
    "png": "",
    "csv": ".csv",
    "project": ".json",
}
"""Suffix of the file name by kind of export; PNGs are a folder."""


def describe(out: Path) -> dict[str, Any]:
    """Return an export's name, kind, size and address as JSON values."""
    files = [file for file in out.rglob("*") if file.is_file()] if out.is_dir() else [out]
    kinds = {suffix: kind for kind, suffix in SUFFIXES.items()}
    return {
        "name": out.name,
        "kind": "png" if out.is_dir() else kinds.get(out.suffix, "other"),
        "bytes": sum(file.lstat().st_size for file in files),
        "url": f"/api/exports/{quote(out.name)}",
    }


@router.get("")
def list_exports(studio: StudioHere) -> dict[str, Any]:
    """List the exports, newest first."""
    entries = filter(studio.folder.has, studio.folder.part("exports").iterdir())
    found = [path for path in entries if _is_export(path)]
    found.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return {"exports": [describe(path) for path in found]}


def _is_export(path: Path) -> bool:
    """Return whether a file is an export, and not a sidecar or an unfinished file."""
    is_sidecar = path.suffix == ".json" and path.with_suffix("").is_file()
    return not path.name.startswith(".") and not is_sidecar


@router.get("/{name}", response_class=FileResponse)
def get_export(name: str, studio: StudioHere, inline: bool = False) -> FileResponse:
    """Send an export; a folder of PNGs is sent as a ZIP file."""
    path = _find(studio, name)
    how = "inline" if inline else "attachment"
    if not path.is_dir():
        return FileResponse(path, filename=path.name, content_disposition_type=how)
    place = Path(tempfile.mkdtemp())
    packed = place / f"{path.name}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as file:  # PNGs are compressed already
        for frame in sorted(filter(studio.folder.has, path.iterdir())):
            file.write(frame, f"{path.name}/{frame.name}")
    tidy = BackgroundTask(shutil.rmtree, place, ignore_errors=True)
    return FileResponse(packed, filename=packed.name, content_disposition_type=how, background=tidy)


@router.delete("/{name}", status_code=204)
def delete_export(name: str, studio: StudioHere) -> None:
    """Delete an export and its sidecar."""
    path = _find(studio, name)
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}.json").unlink(missing_ok=True)


def _find(studio: Studio, name: str) -> Path:
    path = studio.folder.part("exports") / plain_name(name, "file name")
    if not studio.folder.has(path):
        raise not_found(f"no export {name!r} is here")
    return path
