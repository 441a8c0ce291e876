"""Routes of portraits: upload, pictures, and the regions that action units move."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from mien.common.picture import Picture
from mien.common.screen import encode_picture
from mien.errors import FaceError, MissingExtraError, SeveralFacesError, UnreadableImageError
from mien.face.mesh import FACE_OVAL
from mien.face.portrait import MIN_FACE_PX, Face, Portrait, find_faces
from mien.generate.resting import resting_notes, turn_notes
from mien.install import install_command
from mien.io.images import write_png
from mien.io.readable import open_picture
from mien.plots.au_regions import au_regions
from mien.studio.errors import not_found, without_options
from mien.studio.folder import StoredFile
from mien.studio.schemas import Id
from mien.studio.state import Studio, StudioHere
from mien.types import Image

router = APIRouter(prefix="/api")

SAMPLES = {"astronaut": ("Eileen Collins", "NASA, public domain, from scikit-image")}

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""OpenAPI's description of a request whose body is a file."""


def check_portrait(file: Path) -> None:
    """Refuse a file that is not a picture of a face.

    Raises:
        MienError: The file cannot be read or has no usable face. The message names the file, not its temporary folder.
    """
    picture = read_named(file)
    try:
        picture.portrait(None)
    except SeveralFacesError:
        return  # the page lets the user choose one


def read_named(file: Path) -> Picture:
    """Read a picture.

    Raises:
        UnreadableImageError: The file cannot be read. The message names it without folders.
    """
    try:
        return Picture.of(file)
    except UnreadableImageError as error:
        raise UnreadableImageError(str(error).replace(f"{file.parent}/", "")) from error


def describe(studio: Studio, stored: StoredFile) -> dict[str, Any]:
    """Return a portrait as JSON values for the page."""
    picture = studio.picture(stored.id)
    height, width = picture.image.shape[:2]
    try:
        faces: tuple[Face, ...] = (picture.portrait(None).face,)
    except SeveralFacesError:
        # Numbered as in `Picture.portrait`: faces that are too narrow to move are left out.
        faces = tuple(face for face in find_faces(picture.image) if face.width_px >= MIN_FACE_PX)
    except FaceError:
        faces = ()
    return {
        "id": stored.id,
        "name": stored.name,
        "sha256": picture.input_file.sha256,
        "width_px": width,
        "height_px": height,
        "faces": [
            {**_face(number, face), **_notes(stored.name, picture, face)}
            for number, face in enumerate(faces, 1)
        ],
        "needs_choice": len(faces) > 1,
    }


def _face(number: int, face: Face) -> dict[str, Any]:
    return {
        "number": number,
        "box_px": np.round(face.box_px, 1).tolist(),
        "yaw_degrees": round(face.pose.yaw_degrees, 1),
        "pitch_degrees": round(face.pose.pitch_degrees, 1),
        "roll_degrees": round(face.pose.roll_degrees, 1),
        "outline_px": np.round(face.landmarks[list(FACE_OVAL), :2].astype(float), 1).tolist(),
    }


def _notes(name: str, picture: Picture, face: Face) -> dict[str, list[str]]:
    """Return notes on a face as a stimulus; those on its expression do not apply to absolute intensities."""
    notes = (*picture.notes_on(Portrait(picture.image, face)), *turn_notes(name, face))
    return {
        "notes": [without_options(note) for note in notes],
        "resting_notes": list(resting_notes(name, face)),
    }


@router.post("/portraits", status_code=201, openapi_extra=BODY)
async def add_portrait(
    request: Request, studio: StudioHere, name: Annotated[str, Query(max_length=300)]
) -> dict[str, Any]:
    """Store an uploaded portrait; the request's body is the file itself."""
    stored = await studio.folder.receive(
        "portraits", name, request.stream(), check_portrait, run_in_threadpool
    )
    return await run_in_threadpool(describe, studio, stored)


@router.get("/portraits")
def list_portraits(studio: StudioHere) -> dict[str, Any]:
    """List the portraits in the folder, newest first."""
    from PIL import UnidentifiedImageError

    found = []
    for stored in studio.folder.files("portraits"):
        try:
            with open_picture(stored.path) as picture:
                width, height = picture.size
        except (OSError, UnidentifiedImageError, UnreadableImageError):
            continue  # the file was changed by hand; the others can still be used
        found.append({"id": stored.id, "name": stored.name, "width_px": width, "height_px": height})
    return {"portraits": found}


@router.get("/portraits/{portrait}")
def get_portrait(portrait: Id, studio: StudioHere) -> dict[str, Any]:
    """Return one portrait and its faces."""
    return describe(studio, studio.file("portraits", portrait))


@router.delete("/portraits/{portrait}", status_code=204)
def delete_portrait(portrait: Id, studio: StudioHere) -> None:
    """Delete a portrait."""
    studio.file("portraits", portrait).path.unlink(missing_ok=True)


@router.get("/portraits/{portrait}/picture")
def get_picture(
    portrait: Id, studio: StudioHere, size_px: Annotated[int, Query(ge=0, le=8192)] = 0
) -> Response:
    """Return the picture upright, as JPEG. Its longer side is at most ``size_px``; 0 keeps its size."""
    import cv2

    image = studio.picture(portrait).image
    longest = max(image.shape[:2])
    if 0 < size_px < longest:
        height, width = image.shape[:2]
        size = (max(width * size_px // longest, 1), max(height * size_px // longest, 1))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Response(encode_picture(image, "jpeg"), media_type="image/jpeg")


@router.get("/portraits/{portrait}/regions")
def get_regions(
    portrait: Id, studio: StudioHere, face: Annotated[int | None, Query(ge=1, le=1000)] = None
) -> dict[str, Any]:
    """Return the regions of the face that each action unit moves."""

    def make() -> dict[str, Any]:
        regions = au_regions(studio.portrait(portrait, face))
        return {name: {"polygons_px": polygons} for name, polygons in regions.items()}

    return {"regions": studio.regions.get_or_make((portrait, face), make)}


def sample_picture() -> Image:
    """Return the picture of the sample portrait.

    Raises:
        MissingExtraError: scikit-image is not installed.
    """
    try:
        from skimage.data import astronaut
    except ImportError as error:
        raise MissingExtraError(
            "the samples need scikit-image, which is not installed; install it: "
            f"{install_command('demo')}"
        ) from error
    return np.asarray(astronaut(), np.uint8)  # type: ignore[no-untyped-call,unused-ignore]


@router.get("/samples")
def list_samples() -> dict[str, Any]:
    """List the sample portraits."""
    return {
        "samples": [
            {"id": key, "name": name, "credit": credit} for key, (name, credit) in SAMPLES.items()
        ]
    }


@router.post("/samples/{sample}", status_code=201)
def add_sample(sample: str, studio: StudioHere) -> dict[str, Any]:
    """Store a sample as a portrait."""
    if sample not in SAMPLES:
        raise not_found(f"expected one of the samples {', '.join(SAMPLES)}")
    with studio.folder.scratch() as place:
        write_png(place / "sample.png", sample_picture())
        stored = studio.folder.put("portraits", place / "sample.png", f"{sample}.png")
    return describe(studio, stored)
