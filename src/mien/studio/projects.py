"""Routes of projects: save, list, open and delete."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request

from mien.engines.registry import checked_settings, find_engine
from mien.errors import UsageError
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


class SaveRequest(Model):
    """The design to save."""

    design: AnyDesign


@router.get("")
def list_projects(studio: StudioHere) -> dict[str, Any]:
    """List the projects in the folder, newest first."""
    found = studio.folder.part("projects").glob("*.json")
    paths = [path for path in found if path.name[0] != "." and studio.folder.has(path)]
    paths.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return {
        "projects": [
            {
                "name": path.stem,
                "modified": datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(),
            }
            for path in paths
        ]
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
    return opened(studio, read_project(_place(studio, name, must_exist=True))) | {"name": name}


@router.put("/{name}")
def save_project(name: str, asked: SaveRequest, studio: StudioHere) -> dict[str, Any]:
    """Save a project, whole or not at all. A project of the same name is replaced."""
    place = _place(studio, name)
    with studio.names:  # one after the other, in whatever order they come
        write_project(place, studio.project(asked.design, place))
    return {"name": name, "path": str(place)}


@router.delete("/{name}", status_code=204)
def delete_project(name: str, studio: StudioHere) -> None:
    """Delete a project; its picture stays."""
    _place(studio, name, must_exist=True).unlink(missing_ok=True)


def _place(studio: Studio, name: str, must_exist: bool = False) -> Path:
    place = studio.folder.part("projects") / f"{plain_name(name, 'project name')}.json"
    if must_exist and not (studio.folder.has(place) and place.is_file()):
        raise not_found(f"no project {name!r} is here")
    return place


def opened(studio: Studio, project: Project) -> dict[str, Any]:
    """Return a project as the page needs it.

    Raises:
        UsageError: A file that it needs is not in the folder, or options that its engine does not take.
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
