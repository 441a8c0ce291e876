"""A project file to a clip: the same frames as the studio's export."""

from __future__ import annotations

import os
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
from mien.project.file import read_project
from mien.project.projects import DesignProject, Project, TransferProject
from mien.transfer.clip import TransferredClip, make_transfer
from mien.transfer.options import TransferOptions

_OWN_PLACE = ("engine", "engine_settings", "face", "chroma")
"""Options that have their own place in a project."""


def clip_options(project: DesignProject, chroma: str | None = None) -> ClipOptions:
    """Say in the words of ``mien generate`` what a design asks for.

    Args:
        project: The design.
        chroma: Colour resolution of an mp4, which is no part of a design.

    Raises:
        UsageError: Nothing moves, or an option that designs do not have.
    """
    if not project.envelopes:
        raise UsageError("expected at least one action unit that moves, got none: add one")
    settings, _ = _split(project, "generate", ())
    return ClipOptions(
        au=tuple(envelope.format() for envelope in project.envelopes),
        fps=project.fps,
        tail_seconds=max(project.tail_seconds, 0.0),
        engine=project.engine,
        engine_settings=settings,
        face=project.face,
        chroma=chroma,
    )


def transfer_options(project: TransferProject, chroma: str | None = None) -> TransferOptions:
    """Say in the words of ``mien transfer`` what a project asks for.

    Raises:
        UsageError: An option that transfers do not have, or options that do not fit together.
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
) -> GeneratedClip | TransferredClip:
    """Make the clip that a project file describes.

    Args:
        path: The project, ``.json``; its picture and driver are found from there.
        out: ``.mp4``, ``.mkv`` (lossless), ``.gif``, or a folder for PNGs.
        chroma: Colour resolution of an mp4.
        on_frame: Called with frames done and of all.

    Raises:
        MienError: Anything that is wrong with the project, its files or the output; then nothing is
            left at ``out``.

    Example:
        >>> render_project("smile.json", "smile.mp4")  # doctest: +SKIP
    """
    project = read_project(path)
    picture = Picture.of(project.portrait.found(path))
    return render_open(project, picture, driver_of(project, path), out, chroma, on_frame)


def driver_of(project: Project, path: str | os.PathLike[str]) -> Path | None:
    """Return the driver of a project at a path; None for a design.

    Raises:
        UsageError: It is not there, or is another clip.
    """
    return project.driver.found(path) if isinstance(project, TransferProject) else None


def render_open(
    project: Project,
    picture: Picture,
    driver: Path | None,
    out: str | os.PathLike[str],
    chroma: str | None = None,
    on_frame: OnFrame | None = None,
    on_read: OnFrames | None = None,
) -> GeneratedClip | TransferredClip:
    """Make the clip of a project whose files were found; `render_project` and the studio are this.

    Args:
        project: What is asked for.
        picture: Its portrait.
        driver: Its driver; None for a design.
        out: Where to.
        chroma: Colour resolution of an mp4.
        on_frame: Called with frames made and of all.
        on_read: Called with the number of the driver's frames measured, which come first.
    """
    if isinstance(project, DesignProject):
        return make_clip(picture, out, clip_options(project, chroma), on_frame)
    assert driver is not None
    return make_transfer(driver, picture, out, transfer_options(project, chroma), on_frame, on_read)


def _split(
    project: Project, task: Task, known: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part a project's options into its engine's settings and the verb's own options.

    Raises:
        UsageError: An option that neither of them has.
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
