"""Transfers at preview size: a driver's whole motion on a portrait, to be watched beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from mien.common.clip_motion import read_motion
from mien.generate.preview import difference, encode_picture, magnified, scaled_portrait
from mien.io.project import TransferProject
from mien.plots.face_arrows import Arrows, expression_arrows, field_arrows
from mien.project.render import transfer_options
from mien.studio.errors import not_found
from mien.studio.jobs import Job
from mien.studio.preview import STREAM, arrows_json, intensities, stream
from mien.studio.schemas import Id, Model, TransferDesign
from mien.studio.state import StudioHere
from mien.transfer.clip import driving_field, notes_of
from mien.transfer.engine import engine_frames

router = APIRouter(prefix="/api/transfers")


class TransferRequest(Model):
    """What is transferred, and how large it is shown."""

    design: TransferDesign
    size_px: Annotated[int, Field(ge=64, le=1024)] = 384


@dataclass(frozen=True, eq=False)
class Transferred:
    """A transfer, encoded.

    Attributes:
        facts: what the page is told of it.
        frames: for the screen.
        changes: how each frame differs from the portrait, on mid-grey, without loss.
        arrows: where points of the face go.
    """

    facts: dict[str, Any]
    frames: list[bytes]
    changes: list[bytes]
    arrows: Arrows


@router.post("", status_code=202)
def begin(asked: TransferRequest, studio: StudioHere) -> dict[str, Any]:
    """Begin a transfer."""
    project = studio.project(asked.design)
    assert isinstance(project, TransferProject)
    options = transfer_options(project)
    stored = studio.file("clips", asked.design.clip)
    portrait = studio.portrait(asked.design.portrait, asked.design.face)
    small = scaled_portrait(portrait, asked.size_px)
    key = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()[:16]

    def work(job: Job) -> dict[str, Any]:
        found: Transferred | None = studio.transfers.get(key)
        if found is not None:
            return found.facts
        motion = read_motion(stored.path, options, options.driver_face, job.reading)
        field = driving_field(motion, options)
        job.progress(0, len(field))  # the driver is read
        said: list[str] = []
        track, made = engine_frames(options, small, field, said, motion)
        frames, changes = [], []
        for frame in made:
            frames.append(encode_picture(frame))
            changes.append(encode_picture(difference(small.image, frame), "png"))
            job.progress(len(frames), len(field))
        height, width = small.image.shape[:2]
        facts = {
            "id": key,
            "frames": len(frames),
            "fps": str(motion.fps),
            "times_seconds": field.times_seconds.tolist(),
            "width_px": width,
            "height_px": height,
            "notes": [*notes_of(motion, track), *said],
            "intensities": None if track is None else intensities(track),
        }
        if track is None:
            arrows = field_arrows(portrait, field, options.strength, blinks=options.blinks)
        else:
            arrows = expression_arrows(portrait, track)
        studio.transfers.put(key, Transferred(facts, frames, changes, arrows))
        return facts

    return studio.jobs.start("transfer", stored.name, work).to_json()


@router.get("/{transfer}/frames", response_class=StreamingResponse)
def frames(
    transfer: Id,
    studio: StudioHere,
    view: Literal["result", "difference"] = "result",
    magnify: Annotated[float, Query(ge=2, le=255)] = 8.0,
) -> StreamingResponse:
    """The frames of a transfer that is done, or how they differ from the portrait, as a FrameStream."""
    found: Transferred | None = studio.transfers.get(transfer)
    if found is None:
        raise not_found("this transfer is no longer remembered: make it again")
    pictures: Iterator[bytes] = iter(found.frames)
    if view == "difference":
        pictures = (_magnified(change, magnify) for change in found.changes)
    return StreamingResponse(stream(pictures), media_type=STREAM)


@router.get("/{transfer}/motion")
def motion(transfer: Id, studio: StudioHere) -> dict[str, Any]:
    """Where points of the face go in each frame of a transfer that is done: arrows to draw over it."""
    found: Transferred | None = studio.transfers.get(transfer)
    if found is None:
        raise not_found("this transfer is no longer remembered: make it again")
    return arrows_json(found.arrows)


def _magnified(change: bytes, magnify: float) -> bytes:
    from PIL import Image

    with Image.open(BytesIO(change)) as picture:
        return encode_picture(magnified(np.asarray(picture), magnify))
