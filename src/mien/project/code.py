"""Translate a project into a command and into Python code that make the same frames."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from mien.generate.options import ClipOptions
from mien.project.projects import DesignProject, Project
from mien.project.render import clip_options, transfer_options
from mien.transfer.options import TransferOptions

_WORDS = {
    "duration_seconds": "duration",
    "lead_seconds": "lead",
    "tail_seconds": "tail",
    "start_seconds": "start",
    "end_seconds": "end",
    "eye_distance_px": "eye-distance",
    "eye_height_px": "eye-height",
    "mask_seconds": "mask-duration",
}
"""Options whose name on the command line differs from the field's name."""


def as_command(
    project: Project,
    portrait: Path,
    driver: Path | None,
    out: str,
    chroma: str | None = None,
    look: Mapping[str, Any] | None = None,
) -> str:
    """Return the command that makes a project's clip.

    Args:
        project: The project.
        portrait: Its picture.
        driver: Its driver; None for a design.
        out: The clip to write.
        chroma: Colour resolution of an mp4; None for the default.
        look: How a design is shown, as `mien.project.render.clip_options` takes it.

    Raises:
        UsageError: Nothing moves, or options contradict each other.
    """
    if isinstance(project, DesignProject):
        words = ["mien", "generate", str(portrait)]
    else:
        words = ["mien", "transfer", str(driver), str(portrait)]
    options, settings = _given(project, chroma, look)
    for name, value in (options | settings).items():
        option = f"--{_WORDS.get(name, name.replace('_', '-'))}"
        if isinstance(value, bool):
            words.append(option if value else f"--no-{option[2:]}")
        elif isinstance(value, tuple):
            for item in value:
                words += [option, str(item)]
        else:
            words += [option, str(value)]
    words += ["--out", out]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def as_python(
    project: Project,
    portrait: Path,
    driver: Path | None,
    out: str,
    chroma: str | None = None,
    look: Mapping[str, Any] | None = None,
) -> str:
    """Return a Python script that makes a project's clip; see `as_command` for arguments and errors."""
    verb = "generate" if isinstance(project, DesignProject) else "transfer"
    files = [portrait] if driver is None else [driver, portrait]
    arguments = [repr(str(file)) for file in files] + [repr(out)]
    options, settings = _given(project, chroma, look)
    arguments += [f"{name}={_plain(value)!r}" for name, value in options.items()]
    if settings:
        values = {name: _plain(value) for name, value in settings.items()}
        arguments.append(f"engine_settings={values!r}")
    lines = "".join(f"    {argument},\n" for argument in arguments)
    return f"import mien\n\nmien.{verb}(\n{lines})\n"


def _given(
    project: Project, chroma: str | None, look: Mapping[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options, and the engine's settings, that differ from their defaults."""
    options: ClipOptions | TransferOptions
    if isinstance(project, DesignProject):
        options = clip_options(project, chroma, look)
    else:
        options = transfer_options(project, chroma)
    given = {
        field.name: getattr(options, field.name)
        for field in fields(options)
        if field.name != "engine_settings" and getattr(options, field.name) != field.default
    }
    return given, options.settings.given()


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Fraction | Path) else value
