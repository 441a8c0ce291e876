"""Export a design or a transfer as a file, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from mien.au.track import AUTrack
from mien.common.clip_motion import read_motion
from mien.common.picture import Picture
from mien.engines.driven import DrivenEngine
from mien.errors import UsageError
from mien.io.full_disk import naming_full_disk
from mien.io.openface import write_openface
from mien.io.sidecar import sidecar_path
from mien.project.code import as_command, as_python
from mien.project.file import write_project
from mien.project.projects import Project, TransferProject
from mien.project.render import driver_of as driver_path
from mien.project.render import render_open, transfer_options
from mien.studio.errors import without_options
from mien.studio.export_files import SUFFIXES, describe
from mien.studio.jobs import Job
from mien.studio.look import LookModel, shown_chroma
from mien.studio.names import plain_name
from mien.studio.schemas import AnyDesign, Design, Model
from mien.studio.state import Studio, StudioHere
from mien.transfer.engine import driver_of, motion_engine

router = APIRouter(prefix="/api")

Kind = Literal["mp4", "mkv", "gif", "png", "csv", "project"]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class ExportRequest(Model):
    """A design or a transfer to export, the format and the name."""

    design: AnyDesign
    kind: Kind = "mp4"
    file_name: FileName = "clip"
    chroma: Literal["444", "420"] | None = None
    look: LookModel = Field(default_factory=LookModel)


class CodeRequest(Model):
    """A design or a transfer to write as a command and as Python."""

    design: AnyDesign
    kind: Literal["mp4", "mkv", "gif", "png"] = "mkv"
    file_name: FileName = "clip"
    chroma: Literal["444", "420"] | None = None
    look: LookModel = Field(default_factory=LookModel)


@router.post("/exports", status_code=202)
def export(asked: ExportRequest, studio: StudioHere) -> dict[str, Any]:
    """Start an export as a job. A design that cannot be exported is refused at once."""
    name = plain_name(asked.file_name, "file name")
    if "." in name and asked.kind == "png":
        raise UsageError(f"expected a folder's name without a dot, got {name!r}")
    project = studio.project(asked.design)
    _look(asked)  # refused before the job waits for its turn
    if isinstance(asked.design, Design):
        if asked.kind != "project" and studio.track(asked.design) is None:
            raise UsageError("expected at least one action unit that moves, got none: add one")
        # No face or several faces: refused before the job waits for its turn.
        studio.portrait(asked.design.portrait, asked.design.face)

    def work(job: Job) -> dict[str, Any]:
        out = _reserve(studio, name, SUFFIXES[asked.kind])
        try:
            facts = _write(studio, asked, project, out, job)
        finally:
            _mark(out).unlink(missing_ok=True)
        return {**describe(out), "path": str(out), **facts}

    return studio.jobs.start("export", name, work).to_json()


def _reserve(studio: Studio, name: str, suffix: str) -> Path:
    """Return a free name in the exports folder, and reserve it with an empty file until the export is there."""
    folder = studio.folder.part("exports")
    with studio.names:
        number, out = 1, folder / f"{name}{suffix}"
        while any(map(os.path.lexists, (out, _mark(out), _sidecar(out)))):
            number += 1
            out = folder / f"{name} {number}{suffix}"
        with naming_full_disk(out):
            _mark(out).touch(exist_ok=False)
    return out


def _mark(out: Path) -> Path:
    return out.with_name(f".{out.name}.reserved.part")


def _sidecar(out: Path) -> Path:
    """Return the path of a clip's sidecar; the file itself if its kind has no sidecar."""
    return out if out.suffix in (".csv", ".json") else sidecar_path(out)


def _write(
    studio: Studio, asked: ExportRequest, project: Project, out: Path, job: Job
) -> dict[str, Any]:
    if asked.kind == "project":
        write_project(out, studio.project(asked.design, out))
        return {}
    if asked.kind == "csv":
        track = _track(studio, asked.design, project, job.reading)
        job.progress(0, 1)
        write_openface(out, track)
        return {"frames": len(track), "fps": str(track.frame_rate)}
    at = studio.project_place
    made = render_open(
        project,
        Picture.of(project.portrait.locate(at)),
        driver_path(project, at),
        out,
        shown_chroma(asked.kind, asked.chroma),
        job.progress,
        job.reading,
        studio.credentials(asked.kind),
        look=_look(asked),
    )
    return {
        "frames": made.frames,
        "fps": str(made.fps),
        "duration_seconds": made.duration_seconds,
        "slowdown": made.slowdown,
        "notes": [without_options(note) for note in made.notes],
    }


def _look(asked: ExportRequest | CodeRequest) -> dict[str, Any] | None:
    """Return the options of a design's look; None for a transfer.

    Raises:
        UsageError: A look is given for a transfer.
    """
    if isinstance(asked.design, Design):
        return asked.look.options()
    if asked.look != LookModel():
        raise UsageError("expected a transfer without size, oval and mask: they are for designs")
    return None


def _track(
    studio: Studio, design: AnyDesign, project: Project, on_read: Callable[[int], None]
) -> AUTrack:
    """Return the AUs that move a clip.

    Raises:
        UsageError: The engine carries motion without AUs.
    """
    if isinstance(design, Design):
        track = studio.track(design)
        assert track is not None
        return track
    assert isinstance(project, TransferProject)
    options = transfer_options(project)
    engine = motion_engine(options)
    if not isinstance(engine, DrivenEngine):
        raise UsageError(
            f"the {options.engine} engine carries motion without action units: choose another engine"
        )
    session = engine.prepare(studio.portrait(design.portrait, design.face))
    clip = studio.file("clips", design.clip).path
    driver = driver_of(read_motion(clip, options, options.driver_face, on_read), options.baseline)
    track, _ = session.track(driver, strength=options.strength, blinks=options.blinks)
    return track


@router.post("/code")
def code(asked: CodeRequest, studio: StudioHere) -> dict[str, Any]:
    """Return the command and the Python lines that make the same frames."""
    plain_name(asked.file_name, "file name")
    project = studio.project(asked.design)
    out = f"{asked.file_name}{SUFFIXES[asked.kind]}"
    at = studio.project_place
    driver = driver_path(project, at)
    # People read these paths, so they are absolute and not relative to the projects' folder.
    chroma, look = shown_chroma(asked.kind, asked.chroma), _look(asked)
    files = (project.portrait.locate(at).resolve(), driver.resolve() if driver else None)
    return {
        "command": as_command(project, *files, out, chroma, look),
        "python": as_python(project, *files, out, chroma, look),
    }
