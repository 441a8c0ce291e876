"""What one running studio knows: its folder, its jobs, and what it has prepared."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request

from mien.au.frame_rate import parse_fps
from mien.au.track import AUTrack
from mien.common.picture import Picture
from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.generate.clip import engine_for
from mien.generate.motion import make_motion
from mien.generate.options import RenderOptions
from mien.generate.preview import Preview
from mien.io.project import DesignProject, FileReference, Project, TransferProject
from mien.project.render import clip_options
from mien.studio.errors import not_found
from mien.studio.folder import Folder, StoredFile
from mien.studio.jobs import Jobs
from mien.studio.limits import Limits
from mien.studio.schemas import AnyDesign, Design, FaceChoice, TransferDesign, number_or_text

T = TypeVar("T")


class Memory(Generic[T]):
    """Remembers the last few things made, and makes each once even if many ask at the same time."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable) -> T | None:
        """What is remembered, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, value: T) -> None:
        """Remember; the oldest is forgotten."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def get_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is remembered, or else what ``make`` makes; its errors are not remembered."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        try:
            with making:
                found = self.get(key)
                if found is None:
                    found = make()
                    self.put(key, found)
        finally:
            with self._lock:
                self._making.pop(key, None)
        return found


class Studio:
    """One running studio.

    Args:
        root: its folder.
        limits: what it takes.
    """

    def __init__(self, root: Path, limits: Limits) -> None:
        self.limits = limits
        self.folder = Folder(root)
        self.jobs = Jobs(limits)
        self.rendering = threading.BoundedSemaphore(limits.renders)
        self.names = threading.Lock()
        self.pictures: Memory[Picture] = Memory(limits.portraits)
        self.previews: Memory[Preview] = Memory(limits.portraits)
        self.faces: Memory[bool] = Memory(limits.checked_faces)
        self.regions: Memory[dict[str, Any]] = Memory(limits.portraits)
        self.measurements: Memory[Any] = Memory(limits.results)
        self.transfers: Memory[Any] = Memory(limits.results)

    def file(self, part: str, file_id: str) -> StoredFile:
        """A file that was dropped in.

        Raises:
            HTTPException: 404, it is not here.
        """
        found = self.folder.find(part, file_id)
        if found is None:
            raise not_found(f"no {part[:-1]} {file_id} is here: drop it in again")
        return found

    def picture(self, portrait: str) -> Picture:
        """A portrait's picture, read once."""
        stored = self.file("portraits", portrait)
        return self.pictures.get_or_make(stored.path, lambda: Picture.of(stored.path))

    def portrait(self, portrait: str, face: FaceChoice) -> Portrait:
        """A portrait's face."""
        return self.picture(portrait).portrait(face)

    def preview(self, design: Design, size_px: int) -> Preview:
        """A portrait prepared for previews of a design, at a size."""
        key = (design.portrait, design.face, design.engine, design.shading, design.au_mode, size_px)

        def prepare() -> Preview:
            options = RenderOptions(
                engine=design.engine, shading=design.shading, au_mode=design.au_mode
            )
            portrait = self.portrait(design.portrait, design.face)
            return Preview.of(portrait, engine_for(options), size_px)

        return self.previews.get_or_make(key, prepare)

    def project(self, design: AnyDesign, place: Path | None = None) -> Project:
        """A design as a project that is, or could be, at a place."""
        at = place or self.folder.part("projects") / "x.json"
        portrait = self.file("portraits", design.portrait)
        picture = FileReference.of(portrait.path, at)
        common: dict[str, Any] = {
            "portrait": picture,
            "face": design.face,
            "engine": design.engine,
            "name": design.name,
        }
        if isinstance(design, TransferDesign):
            driver = FileReference.of(self.file("clips", design.clip).path, at)
            return TransferProject(driver=driver, options=design.options(), **common)
        return self.design_project(design, picture)

    def design_project(self, design: Design, picture: FileReference) -> DesignProject:
        """A design as a project, whatever its picture."""
        options: dict[str, Any] = {}
        if not design.shading:
            options["shading"] = False
        if design.au_mode != "relative":
            options["au_mode"] = design.au_mode
        return DesignProject(
            portrait=picture,
            face=design.face,
            engine=design.engine,
            name=design.name,
            envelopes=tuple(model.envelope() for model in design.envelopes),
            duration_seconds=design.duration_seconds,
            fps=parse_fps(number_or_text(design.fps)),
            seed=design.seed,
            emotion=design.emotion,
            options=options,
        )

    def track(self, design: Design) -> AUTrack | None:
        """What moves in a design, frame by frame, as its export has it; None where nothing does.

        Raises:
            MienError: envelopes, a length or a rate that an export would refuse.
        """
        # The hash is not needed to know what moves, and would cost a reading of the file.
        project = self.design_project(design, FileReference("portrait", "0" * 64))
        if project.duration_seconds * float(project.fps) > self.limits.clip_frames:
            raise UsageError(
                f"expected at most {self.limits.clip_frames} frames: shorten the clip or its rate"
            )
        return make_motion(clip_options(project)).track if project.envelopes else None

    def close(self) -> None:
        """End the jobs, and let another studio have the folder."""
        self.jobs.close()
        self.folder.lock.release()


def _studio(request: Request) -> Studio:
    studio: Studio = request.app.state.studio
    return studio


StudioHere = Annotated[Studio, Depends(_studio)]
"""The studio that a route belongs to."""
