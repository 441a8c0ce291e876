"""One running studio: its folder, its jobs, and what it has prepared."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request

from mien.au.frame_rate import parse_fps
from mien.au.track import AUTrack
from mien.common.picture import Picture
from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.generate.clip import track_engine
from mien.generate.motion import make_motion
from mien.generate.options import RenderOptions
from mien.generate.preview import Preview
from mien.io.credentials import FORMATS, Credentials
from mien.io.sinks import OutputKind
from mien.project.projects import DesignProject, Project, TransferProject
from mien.project.reference import FileReference
from mien.project.render import clip_options
from mien.studio.errors import not_found
from mien.studio.folder import Folder, StoredFile
from mien.studio.jobs import Jobs
from mien.studio.limits import Limits
from mien.studio.memory import Memory
from mien.studio.schemas import AnyDesign, Design, FaceChoice, TransferDesign, number_or_text


class Studio:
    """One running studio.

    Args:
        root: Folder of the studio.
        limits: Limits of what the studio accepts, does at once, and remembers.
        credentials: Credentials that sign exports; None leaves them unsigned.

    Raises:
        OutputError: The folder cannot be written, or another studio has it open.
    """

    def __init__(self, root: Path, limits: Limits, credentials: Credentials | None = None) -> None:
        self._credentials = credentials
        self.limits = limits
        self.folder = Folder(root)
        self.jobs = Jobs(limits)
        self.rendering = threading.BoundedSemaphore(limits.renders)
        self.names = threading.Lock()
        self.pictures: Memory[Picture] = Memory(limits.portraits, limits.portraits_bytes)
        self.previews: Memory[Preview] = Memory(limits.portraits, limits.portraits_bytes)
        self.faces: Memory[bool] = Memory(limits.checked_faces)
        self.plans: Memory[Any] = Memory(limits.results)
        self.regions: Memory[dict[str, Any]] = Memory(limits.portraits)
        self.measurements: Memory[Any] = Memory(limits.results, limits.results_bytes)
        self.transfers: Memory[Any] = Memory(limits.results, limits.results_bytes)

    @property
    def project_place(self) -> Path:
        """The path of a project file that may not exist, for references to other files."""
        return self.folder.part("projects") / "x.json"

    def credentials(self, kind: OutputKind) -> Credentials | None:
        """Return the credentials for an export; None if there are none, or its format cannot be signed."""
        return self._credentials if kind in FORMATS else None

    def file(self, part: str, file_id: str) -> StoredFile:
        """Return an uploaded file.

        Raises:
            HTTPException: 404, there is no file with this id.
        """
        found = self.folder.find(part, file_id)
        if found is None:
            raise not_found(f"no {part[:-1]} {file_id} is here: drop it in again")
        return found

    def picture(self, portrait: str) -> Picture:
        """Return a portrait's picture, which is kept in memory."""
        stored = self.file("portraits", portrait)
        return self.pictures.get_or_make(stored.path, lambda: Picture.of(stored.path))

    def portrait(self, portrait: str, face: FaceChoice) -> Portrait:
        """Return a portrait with its face.

        Raises:
            FaceError: There is no usable face, or there are several and none is chosen.
        """
        return self.picture(portrait).portrait(face)

    def preview(self, design: Design, size_px: int) -> Preview:
        """Return the renderer of single frames of a design, with the portrait prepared.

        Args:
            design: Names the portrait, the engine and its settings.
            size_px: Largest length of a frame's longer side, pixels.

        Raises:
            MienError: The engine is unknown or does not take these settings, or the portrait has no face.
        """
        options = RenderOptions(engine=design.engine, engine_settings=design.settings)
        key = (design.portrait, design.face, options.engine, options.settings, size_px)

        def prepare() -> Preview:
            portrait = self.portrait(design.portrait, design.face)
            return Preview.of(portrait, track_engine(options), size_px)

        return self.previews.get_or_make(key, prepare)

    def project(self, design: AnyDesign, place: Path | None = None) -> Project:
        """Return a design as a project.

        Args:
            design: The design or transfer on the page.
            place: Where the project file is or will be; None if it is not to be written.

        Raises:
            MienError: The values do not make a project, or the engine does not take the settings.
        """
        at = place or self.project_place
        portrait = self.file("portraits", design.portrait)
        picture = FileReference.of(portrait.path, at)
        if isinstance(design, TransferDesign):
            return TransferProject(
                portrait=picture,
                face=design.face,
                driver=FileReference.of(self.file("clips", design.clip).path, at),
                engine=design.engine,
                options=design.options(),
                name=design.name,
            )
        return self.design_project(design, picture)

    def design_project(self, design: Design, picture: FileReference) -> DesignProject:
        """Return a design as a project with a given picture."""
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
            options=design.options(),
        )

    def track(self, design: Design) -> AUTrack | None:
        """Return the AU track of a design's export; None if nothing moves.

        Raises:
            MienError: An export does not accept the envelopes, the length or the frame rate.
        """
        # The track does not depend on the picture, so the file is not read for its hash.
        project = self.design_project(design, FileReference("portrait", "0" * 64))
        if project.duration_seconds * float(project.fps) > self.limits.clip_frames:
            raise UsageError(
                f"expected at most {self.limits.clip_frames} frames: shorten the clip or lower its frame rate"
            )
        return make_motion(clip_options(project)).track if project.envelopes else None

    def close(self) -> None:
        """End the jobs and release the folder."""
        self.jobs.close()
        self.folder.lock.release()


def _studio(request: Request) -> Studio:
    studio: Studio = request.app.state.studio
    return studio


StudioHere = Annotated[Studio, Depends(_studio)]
"""The studio that a route belongs to."""
