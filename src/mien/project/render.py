"""Make the clip of a project file: the same frames as the studio's export."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from mien.common.clip_motion import OnFrames
from mien.common.clip_writer import OnFrame
from mien.common.picture import Picture
from mien.engines.registry import find_engine
from mien.engines.spec import Task
from mien.errors import UsageError
from mien.generate.clip import GeneratedClip, make_clip
from mien.generate.options import ClipOptions
from mien.io.credentials import Credentials
from mien.project.file import read_project
from mien.project.projects import DesignProject, Project, TransferProject
from mien.transfer.clip import TransferredClip, make_transfer
from mien.transfer.options import TransferOptions

DESIGN_OPTIONS = ("strength",)
"""Options of ``mien generate`` that a design may have."""

_OWN_PLACE = ("engine", "engine_settings", "face", "chroma")
"""Options that are not among a project's ``options``: they have their own field, or are not stored."""


def clip_options(
    project: DesignProject, chroma: str | None = None, look: Mapping[str, Any] | None = None
) -> ClipOptions:
    """Return a design as the options of ``mien generate``.

    Args:
        project: The design.
        chroma: Colour resolution of an mp4, which a design does not hold; None for the default.
        look: Fields of `mien.generate.look_options.LookOptions`, which a design does not hold either; None for the
            defaults.

    Raises:
        UsageError: Nothing moves, or the design has an unknown option.
    """
    if not project.envelopes:
        raise UsageError("expected at least one action unit that moves, got none: add one")
    settings, options = _split(project, "generate", DESIGN_OPTIONS)
    return ClipOptions(
        au=tuple(envelope.format() for envelope in project.envelopes),
        fps=project.fps,
        tail_seconds=max(project.tail_seconds, 0.0),
        engine=project.engine,
        engine_settings=settings,
        face=project.face,
        chroma=chroma,
        **options,
        **(look or {}),
    )


def transfer_options(project: TransferProject, chroma: str | None = None) -> TransferOptions:
    """Return a project as the options of ``mien transfer``.

    Args:
        project: The project.
        chroma: Colour resolution of an mp4, which a project does not hold; None for the default.

    Raises:
        UsageError: An option is unknown, or options contradict each other.
    """
    known = tuple(f.name for f in fields(TransferOptions) if f.name not in _OWN_PLACE)
    settings, options = _split(project, "transfer", known)
    return TransferOptions(
        engine=project.engine,
        engine_settings=settings,
        face=project.face,
        chroma=chroma,
        **options,
    )


def render_project(
    path: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    chroma: str | None = None,
    on_frame: OnFrame | None = None,
    credentials: Credentials | None = None,
) -> GeneratedClip | TransferredClip:
    """Make the clip that a project file describes.

    Args:
        path: The project, ``.json``; the paths of its picture and driver are relative to its folder.
        out: ``.mp4``, ``.mkv`` (lossless), ``.gif``, or a folder for PNGs.
        chroma: Colour resolution of an mp4; None for the default.
        on_frame: Called after each frame with the number of frames done and the total.
        credentials: What signs the clip; None to leave it unsigned.

    Raises:
        MienError: Anything that is wrong with the project, its files or the output. Nothing is left at ``out``.

    Example:
        >>> render_project("smile.json", "smile.mp4")  # doctest: +SKIP
    """
    project = read_project(path)
    picture = Picture.of(project.portrait.locate(path))
    driver = driver_of(project, path)
    return render_open(project, picture, driver, out, chroma, on_frame, credentials=credentials)


def driver_of(project: Project, path: str | os.PathLike[str]) -> Path | None:
    """Return the path of a project's driver; None for a design.

    Args:
        project: The project.
        path: Its file; the driver's path is relative to its folder.

    Raises:
        UsageError: The driver is missing, or its content has changed.
    """
    return project.driver.locate(path) if isinstance(project, TransferProject) else None


def render_open(
    project: Project,
    picture: Picture,
    driver: Path | None,
    out: str | os.PathLike[str],
    chroma: str | None = None,
    on_frame: OnFrame | None = None,
    on_read: OnFrames | None = None,
    credentials: Credentials | None = None,
    *,
    look: Mapping[str, Any] | None = None,
) -> GeneratedClip | TransferredClip:
    """Make the clip of a project that is open; `render_project` and the studio call this.

    Args:
        project: The project.
        picture: Its portrait.
        driver: Its driver; None for a design.
        out: ``.mp4``, ``.mkv``, ``.gif``, or a folder for PNGs.
        chroma: Colour resolution of an mp4; None for the default.
        on_frame: Called after each frame with the number of frames done and the total.
        on_read: Called after each measured frame of the driver with the number measured so far. All frames of the
            driver are measured before the first frame is made.
        credentials: What signs the clip; None to leave it unsigned.
        look: How a design is shown; see `clip_options`.

    Raises:
        MienError: See `render_project`.
    """
    if isinstance(project, DesignProject):
        return make_clip(
            picture, out, clip_options(project, chroma, look), on_frame, credentials=credentials
        )
    assert driver is not None
    options = transfer_options(project, chroma)
    return make_transfer(driver, picture, out, options, on_frame, on_read, credentials=credentials)


def _split(
    project: Project, task: Task, known: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split a project's options into the engine's settings and the options of the command.

    Raises:
        UsageError: Neither the engine nor the command has an option.
    """
    spec = find_engine(project.engine, task)
    names = tuple(setting.name for setting in spec.settings.described())
    for name in project.options:
        if name not in names and name not in known:
            raise UsageError(
                f"unknown option {name!r} in the project: expected {', '.join((*known, *names))}"
            )
    settings = {name: value for name, value in project.options.items() if name in names}
    options = {name: value for name, value in project.options.items() if name not in names}
    return settings, options
