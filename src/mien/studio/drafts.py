"""Routes of drafts: the state of each page, saved while people work, so that a closed tab loses nothing.

The state is the page's own JSON, which the studio does not interpret. A draft is not a project: only the page opens it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field, JsonValue

from mien.errors import MienError, UsageError
from mien.io.atomic import atomic_file
from mien.io.json_file import read_json
from mien.studio.errors import not_found
from mien.studio.schemas import Id, Model, Word
from mien.studio.state import Studio, StudioHere
from mien.version import __version__

router = APIRouter(prefix="/api/drafts")

MOST_DRAFTS = 30
"""Number of drafts to keep; older ones are deleted, as each tab that was ever used leaves one."""


class Draft(Model):
    """The state of a page, and what a list shows of it."""

    title: Word = ""
    portrait: Id | None = None
    unsaved: bool = True
    state: Annotated[dict[str, JsonValue], Field(max_length=100)]


@router.get("")
def list_drafts(studio: StudioHere) -> dict[str, Any]:
    """List the drafts, newest first."""
    found = []
    for path in _paths(studio):
        try:
            draft = _read(path)
        except MienError:
            continue  # changed by hand; the others can still be used
        summary = {name: draft[name] for name in ("title", "portrait", "unsaved")}
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
        found.append({"id": path.stem, "modified": modified, **summary})
    return {"drafts": found}


@router.get("/{draft}")
def get_draft(draft: Id, studio: StudioHere) -> dict[str, Any]:
    """Return a draft."""
    place = _place(studio, draft)
    if not (studio.folder.has(place) and place.is_file()):
        raise not_found(f"no draft {draft} is here")
    return _read(place)


@router.put("/{draft}", status_code=204)
def keep_draft(draft: Id, asked: Draft, studio: StudioHere) -> None:
    """Save the state of a page as a draft, whole or not at all."""
    with studio.names, atomic_file(_place(studio, draft)) as temporary:
        record = {"mien_version": __version__, **asked.model_dump()}
        temporary.write_text(json.dumps(record), encoding="utf-8")
    _forget(_paths(studio))


@router.delete("/{draft}", status_code=204)
def delete_draft(draft: Id, studio: StudioHere) -> None:
    """Delete a draft."""
    _place(studio, draft).unlink(missing_ok=True)


def _forget(paths: list[Path]) -> None:
    """Delete drafts beyond `MOST_DRAFTS`: the oldest of those that hold no unsaved work, then the oldest of all.

    Args:
        paths: All drafts, newest first.
    """
    too_many = len(paths) - MOST_DRAFTS
    if too_many > 0:
        oldest = paths[:0:-1]  # without the one that was saved just now
        for path in sorted(oldest, key=_is_unsaved)[:too_many]:
            path.unlink(missing_ok=True)


def _is_unsaved(path: Path) -> bool:
    try:
        return bool(_read(path)["unsaved"])
    except MienError:
        return False


def _place(studio: Studio, draft: str) -> Path:
    return studio.folder.part("drafts") / f"{draft}.json"


def _paths(studio: Studio) -> list[Path]:
    found = studio.folder.part("drafts").glob("*.json")
    paths = [path for path in found if path.name[0] != "." and studio.folder.has(path)]
    return sorted(paths, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _read(place: Path) -> dict[str, Any]:
    draft = read_json(place, UsageError, "delete this file")
    if not isinstance(draft, dict) or not {"title", "portrait", "unsaved", "state"} <= draft.keys():
        raise UsageError(f"expected a draft of the studio, got another JSON: delete {place.name}")
    return draft
