"""Routes of projects: save, list, open, rename and delete.

A project has a revision: the hash of its file. A save names the revision that it started from, so that it does not
replace what another tab or another program has saved meanwhile.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Request
from pydantic import StringConstraints
from starlette.exceptions import HTTPException

from mien.engines.registry import checked_settings, find_engine
from mien.errors import MienError, UsageError
from mien.io.clip_hash import sha256_file
from mien.io.json_file import parse_json
from mien.project.file import project_from_json, read_project, write_project
from mien.project.projects import DesignProject, Project, TransferProject
from mien.project.reference import FileReference
from mien.project.render import DESIGN_OPTIONS, transfer_options
from mien.studio.engines import split_options
from mien.studio.errors import not_found
from mien.studio.folder import ID_DIGITS
from mien.studio.names import plain_name
from mien.studio.portraits import BODY, describe
from mien.studio.schemas import AnyDesign, Model
from mien.studio.state import Studio, StudioHere

router = APIRouter(prefix="/api/projects")

NEW = "new"
"""The revision of a project that does not exist yet."""

Revision: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(new|[0-9a-f]{16})$")]


class SaveRequest(Model):
    """The design to save, and the revision that it replaces; without a revision it replaces any project."""

    design: AnyDesign
    revision: Revision | None = None


class RenameRequest(Model):
    """A project's new name."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]


@router.get("")
def list_projects(studio: StudioHere) -> dict[str, Any]:
    """List the projects in the folder, newest first."""
    found = studio.folder.part("projects").glob("*.json")
    paths = [path for path in found if path.name[0] != "." and studio.folder.has(path)]
    paths.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return {"projects": [_summary(studio, path) for path in paths]}


def _summary(studio: Studio, path: Path) -> dict[str, Any]:
    """Return what a list shows of a project; a file that cannot be read is listed without its portrait."""
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    try:
        project = read_project(path)
    except MienError:
        return {"name": path.stem, "modified": modified, "portrait": None, "aus": []}
    stored = studio.folder.find("portraits", project.portrait.sha256[:ID_DIGITS])
    moves = project.envelopes if isinstance(project, DesignProject) else ()
    return {
        "name": path.stem,
        "modified": modified,
        "portrait": None if stored is None else stored.id,
        "aus": list(dict.fromkeys(envelope.au for envelope in moves)),
    }


@router.post("/open", openapi_extra=BODY)
async def open_dropped(request: Request, studio: StudioHere) -> dict[str, Any]:
    """Open a project file that was dropped onto the page. Its picture must be in the folder."""
    try:
        record = parse_json(await request.body())
    except ValueError as error:
        raise UsageError("expected a project file, got a file that is not JSON") from error
    return opened(studio, project_from_json(record))


@router.get("/{name}")
def get_project(name: str, studio: StudioHere) -> dict[str, Any]:
    """Open a project of the folder."""
    place = _place(studio, name, must_exist=True)
    # Before reading: a change in between is then noticed at the next save.
    revision = _revision(studio, place)
    return opened(studio, read_project(place)) | {"name": name, "revision": revision}


@router.put("/{name}")
def save_project(name: str, asked: SaveRequest, studio: StudioHere) -> dict[str, Any]:
    """Save a project, whole or not at all; answer 409 if the stored revision is not the named one."""
    place = _place(studio, name)
    with studio.names:  # one save at a time
        if asked.revision not in (None, there := _revision(studio, place)):
            raise HTTPException(409, _changed(name, there))
        write_project(place, studio.project(asked.design, place))
        revision = _revision(studio, place)
    return {"name": name, "path": str(place), "revision": revision}


def _changed(name: str, there: str) -> str:
    if there == NEW:
        return f"expected the project {name!r}, got none: it was deleted or renamed meanwhile"
    return f"expected the project {name!r} as it was opened, got another: it was saved elsewhere meanwhile"


@router.post("/{name}/rename")
def rename_project(name: str, asked: RenameRequest, studio: StudioHere) -> dict[str, Any]:
    """Rename a project; answer 409 if another one has the new name."""
    new = _place(studio, asked.name)
    with studio.names:
        old = _place(studio, name, must_exist=True)
        # Some file systems ignore the case of letters, and the names may differ only in case.
        if os.path.lexists(new) and not new.samefile(old):
            raise HTTPException(409, f"expected a free name, got {asked.name!r}: choose another")
        old.rename(new)
    return {"name": asked.name, "revision": _revision(studio, new)}


@router.delete("/{name}", status_code=204)
def delete_project(name: str, studio: StudioHere) -> None:
    """Delete a project; its picture stays."""
    _place(studio, name, must_exist=True).unlink(missing_ok=True)


def _place(studio: Studio, name: str, must_exist: bool = False) -> Path:
    place = studio.folder.part("projects") / f"{plain_name(name, 'project name')}.json"
    if must_exist and not (studio.folder.has(place) and place.is_file()):
        raise not_found(f"no project {name!r} is here")
    return place


def _revision(studio: Studio, place: Path) -> str:
    if not (studio.folder.has(place) and place.is_file()):
        return NEW
    return sha256_file(place)[:ID_DIGITS]


def opened(studio: Studio, project: Project) -> dict[str, Any]:
    """Return a project as the page needs it.

    Raises:
        UsageError: A file of the project is not in the folder, or its engine does not take an option.
    """
    portrait = _known(studio, "portraits", project.portrait)
    design = {
        "portrait": portrait,
        "face": project.face,
        "engine": project.engine,
        "name": project.name,
    }
    if isinstance(project, TransferProject):
        design |= {"clip": _known(studio, "clips", project.driver)} | _transfer_fields(project)
    else:
        design |= _design_fields(project)
    stored = studio.file("portraits", portrait)
    return {"name": project.name, "design": design, "portrait": describe(studio, stored)}


def _design_fields(project: DesignProject) -> dict[str, Any]:
    settings, options = split_options(project.engine, "generate", project.options)
    # Unknown options are refused as settings that the engine does not have.
    unknown = {name: value for name, value in options.items() if name not in DESIGN_OPTIONS}
    checked_settings(find_engine(project.engine, "generate"), settings | unknown)
    return {
        "envelopes": [envelope.to_dict() for envelope in project.envelopes],
        "duration_seconds": project.duration_seconds,
        "fps": str(project.fps),
        "seed": project.seed,
        "emotion": project.emotion,
        "settings": settings,
        "strength": options.get("strength", 1.0),
    }


def _transfer_fields(project: TransferProject) -> dict[str, Any]:
    transfer_options(project)  # refuses unknown options
    settings, options = split_options(project.engine, "transfer", project.options)
    return {**options, "settings": settings}


def _known(studio: Studio, part: str, wanted: FileReference) -> str:
    stored = studio.folder.find(part, wanted.sha256[:ID_DIGITS])
    if stored is None:
        raise UsageError(
            f"expected the {part[:-1]} {wanted.name} of this project, got no file with its "
            "content: drop it in first, then open the project again"
        )
    return stored.id
