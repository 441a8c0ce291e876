"""Read and write project files: JSON from which the same clip can be made again, bit for bit."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mien.au.envelope import Envelope
from mien.errors import MienError, OutputError, UsageError
from mien.io.atomic import atomic_file
from mien.io.json_file import read_json
from mien.project.projects import DesignProject, Project, TransferProject
from mien.project.reference import FileReference
from mien.version import __version__

VERSION = 1
"""Version of the file format; files of another version are refused."""

_MOTIONS = ("envelopes", "transfer")


def project_to_json(project: Project) -> dict[str, Any]:
    """Return a project as JSON values."""
    return {
        "mien_project": VERSION,
        "mien_version": __version__,
        "name": project.name,
        "portrait": project.portrait.to_json(),
        "face": project.face,
        "motion": project.motion_to_json(),
        "engine": project.engine,
        "options": dict(project.options),
    }


def project_from_json(record: Any) -> Project:
    """Return the project of a JSON value that `project_to_json` made.

    Raises:
        MienError: The value is not a project, has another version, or has a field that is missing or not valid.
    """
    version = record.get("mien_project") if isinstance(record, Mapping) else None
    if type(version) is not int:
        raise UsageError("expected a project of the studio, got a JSON without mien_project")
    if version != VERSION:
        raise UsageError(
            f"expected a project of version {VERSION}, got version {version}: install a newer Mien"
        )
    try:
        motion = record["motion"]
        kind = motion["kind"]
        common = {
            "portrait": FileReference.from_json(record["portrait"]),
            "engine": record["engine"],
            "options": record["options"],
            "face": record["face"],
            "name": record["name"],
        }
        if kind == "transfer":
            common["options"] = _renamed(common["options"])
            return TransferProject(driver=FileReference.from_json(motion["driver"]), **common)
        if kind == "envelopes":
            envelopes = tuple(Envelope.from_dict(item) for item in motion["envelopes"])
            rest = {key: motion[key] for key in ("duration_seconds", "fps", "seed", "emotion")}
            return DesignProject(envelopes=envelopes, **rest, **common)
    except KeyError as error:
        raise UsageError(f"expected the field {error} in the project, got none") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise UsageError(
            f"expected a project of Mien, got one with a wrong value: {error}"
        ) from error
    raise UsageError(f"expected a motion of kind {' or '.join(_MOTIONS)}, got {kind!r}")


def read_project(path: str | os.PathLike[str]) -> Project:
    """Read a project file.

    Raises:
        MienError: The file is missing, is not a project, or was written by a later version of Mien.
    """
    file = Path(path)
    record = read_json(file, UsageError, "choose a project that Mien saved")
    try:
        return project_from_json(record)
    except MienError as error:
        raise type(error)(f"{file.name}: {error}") from error


def write_project(path: str | os.PathLike[str], project: Project) -> Path:
    """Write a project file; if writing fails, an existing file stays as it was.

    Raises:
        OutputError: The name does not end in ``.json``, or the file cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() != ".json":
        raise OutputError(f"expected a project ending in .json, got {target.name}")
    text = json.dumps(project_to_json(project), indent=1, ensure_ascii=False, allow_nan=False)
    with atomic_file(target) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")
    return target


def _renamed(options: Any) -> dict[str, Any]:
    """Return a transfer's options under their current names: mode "none" was once called "recode"."""
    known = dict(options)
    if known.get("recode") == "recode":
        known["recode"] = "none"
    return known
