"""Exports: a design to a file, whole or not at all, and the file to the browser."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import StringConstraints
from starlette.background import BackgroundTask

from mien.au.track import AUTrack
from mien.common.clip_motion import read_motion
from mien.common.picture import Picture
from mien.engines.registry import make_engine
from mien.errors import UsageError
from mien.io.openface import write_openface
from mien.io.project import DesignProject, Project, write_project
from mien.io.sidecar import sidecar_path
from mien.project.code import as_command, as_python
from mien.project.render import driver_of, render_open, transfer_options
from mien.studio.errors import not_found
from mien.studio.jobs import Job
from mien.studio.names import plain_name
from mien.studio.schemas import AnyDesign, Design, Model
from mien.studio.state import Studio, StudioHere
from mien.transfer.clip import driving_field
from mien.transfer.engine import driving_track

router = APIRouter(prefix="/api")

SUFFIXES = {
    "mp4": ".mp4",
    "mkv": ".mkv",
    "gif": ".gif",
    "png": "",
    "csv": ".csv",
    "project": ".json",
}
Kind = Literal["mp4", "mkv", "gif", "png", "csv", "project"]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class ExportRequest(Model):
    """What is written, and how it is called."""

    design: AnyDesign
    kind: Kind = "mp4"
    file_name: FileName = "clip"
    chroma: Literal["444", "420"] | None = None


class CodeRequest(Model):
    """What a terminal or a program would say."""

    design: AnyDesign
    kind: Literal["mp4", "mkv", "gif", "png"] = "mkv"
    file_name: FileName = "clip"


@router.post("/exports", status_code=202)
def export(asked: ExportRequest, studio: StudioHere) -> dict[str, Any]:
    """Begin an export; what is wrong with the design is said at once."""
    name = plain_name(asked.file_name, "file name")
    if "." in name and asked.kind == "png":
        raise UsageError(f"expected a folder's name without a dot, got {name!r}")
    project = studio.project(asked.design)
    if isinstance(asked.design, Design):
        if asked.kind != "project" and studio.track(asked.design) is None:
            raise UsageError("expected at least one action unit that moves, got none: add one")
        # Before any waiting: no face, several faces.
        studio.portrait(asked.design.portrait, asked.design.face)

    def work(job: Job) -> dict[str, Any]:
        out = _reserve(studio, name, SUFFIXES[asked.kind])
        try:
            facts = _write(studio, asked, project, out, job)
        finally:
            _mark(out).unlink(missing_ok=True)
        return {**_about(out), "path": str(out), **facts}

    return studio.jobs.start("export", name, work).to_json()


def _reserve(studio: Studio, name: str, suffix: str) -> Path:
    """A free name in the exports folder, taken by an empty mark until the file is there."""
    folder = studio.folder.part("exports")
    with studio.names:
        number, out = 1, folder / f"{name}{suffix}"
        while out.exists() or _mark(out).exists() or sidecar_path_of(out).exists():
            number += 1
            out = folder / f"{name} {number}{suffix}"
        _mark(out).touch()
    return out


def _mark(out: Path) -> Path:
    return out.with_name(f".{out.name}.reserved.part")


def sidecar_path_of(out: Path) -> Path:
    """Where a clip's sidecar would be; the file itself for what has none."""
    return out if out.suffix in (".csv", ".json") else sidecar_path(out)


def _write(
    studio: Studio, asked: ExportRequest, project: Project, out: Path, job: Job
) -> dict[str, Any]:
    if asked.kind == "project":
        write_project(out, studio.project(asked.design, out))
        return {}
    at = studio.folder.part("projects") / "x.json"
    if asked.kind == "csv":
        track = _track(studio, asked.design, project, job.reading)
        job.progress(0, 1)
        write_openface(out, track)
        return {"frames": len(track), "fps": str(track.frame_rate)}
    made = render_open(
        project,
        Picture.of(project.portrait.found(at)),
        driver_of(project, at),
        out,
        asked.chroma,
        job.progress,
        job.reading,
    )
    return {
        "frames": made.frames,
        "fps": str(made.fps),
        "duration_seconds": made.duration_seconds,
        "slowdown": made.slowdown,
        "notes": list(getattr(made, "notes", ())),
    }


def _track(
    studio: Studio, design: AnyDesign, project: Project, on_read: Callable[[int], None]
) -> AUTrack:
    """The AUs that a clip is moved by."""
    if isinstance(design, Design):
        track = studio.track(design)
        assert track is not None
        return track
    assert not isinstance(project, DesignProject)
    options = transfer_options(project)
    if options.engine not in ("rig", "ulme-gan"):
        raise UsageError(
            f"the {options.engine} engine carries motion without action units: choose engine rig"
        )
    motion = read_motion(
        studio.file("clips", design.clip).path, options, options.driver_face, on_read
    )
    portrait = studio.portrait(design.portrait, design.face)
    field = driving_field(motion, options)
    return driving_track(field, options, portrait, make_engine(options.engine))


def _about(out: Path) -> dict[str, Any]:
    files = [file for file in out.rglob("*") if file.is_file()] if out.is_dir() else [out]
    kinds = {suffix: kind for kind, suffix in SUFFIXES.items()}
    return {
        "name": out.name,
        "kind": "png" if out.is_dir() else kinds.get(out.suffix, "other"),
        "bytes": sum(file.stat().st_size for file in files),
        "url": f"/api/exports/{quote(out.name)}",
    }


def _shown(path: Path) -> bool:
    """Whether a file is an export, not a clip's sidecar or something unfinished."""
    is_sidecar = path.suffix == ".json" and path.with_suffix("").is_file()
    return not path.name.startswith(".") and not is_sidecar


@router.get("/exports")
def list_exports(studio: StudioHere) -> dict[str, Any]:
    """All exports, newest first."""
    found = [path for path in studio.folder.part("exports").iterdir() if _shown(path)]
    found.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return {"exports": [_about(path) for path in found]}


def _export(studio: Studio, name: str) -> Path:
    path = studio.folder.part("exports") / plain_name(name, "file name")
    if not path.exists():
        raise not_found(f"no export {name!r} is here")
    return path


@router.get("/exports/{name}", response_class=FileResponse)
def get_export(name: str, studio: StudioHere, inline: bool = False) -> FileResponse:
    """The file; a folder of PNGs comes as a ZIP."""
    path = _export(studio, name)
    how = "inline" if inline else "attachment"
    if not path.is_dir():
        return FileResponse(path, filename=path.name, content_disposition_type=how)
    place = Path(tempfile.mkdtemp())
    packed = place / f"{path.name}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as file:  # PNGs are small already
        for frame in sorted(path.iterdir()):
            file.write(frame, f"{path.name}/{frame.name}")
    tidy = BackgroundTask(shutil.rmtree, place, ignore_errors=True)
    return FileResponse(packed, filename=packed.name, content_disposition_type=how, background=tidy)


@router.delete("/exports/{name}", status_code=204)
def delete_export(name: str, studio: StudioHere) -> None:
    """Take an export and its sidecar away."""
    path = _export(studio, name)
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".json").unlink(missing_ok=True)


@router.post("/code")
def code(asked: CodeRequest, studio: StudioHere) -> dict[str, Any]:
    """The same frames from a terminal and from Python."""
    plain_name(asked.file_name, "file name")
    project = studio.project(asked.design)
    out = f"{asked.file_name}{SUFFIXES[asked.kind]}"
    at = studio.folder.part("projects") / "x.json"
    driver = driver_of(project, at)
    # Without the detour over the projects' folder: people read these paths.
    files = (project.portrait.found(at).resolve(), driver.resolve() if driver else None)
    return {
        "command": as_command(project, *files, out),
        "python": as_python(project, *files, out),
    }
