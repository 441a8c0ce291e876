"""Transfers at preview size: the whole motion of a driver on a portrait, shown beside the driver."""

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
from mien.common.screen import difference, encode_picture, magnified
from mien.engines.checks import shows_portrait
from mien.generate.preview import scaled_portrait
from mien.io.readable import open_picture
from mien.plots.face_arrows import Arrows, expression_arrows, field_arrows
from mien.project.projects import TransferProject
from mien.project.render import transfer_options
from mien.studio.encoded import EncodedPictures
from mien.studio.errors import not_found, without_options
from mien.studio.jobs import Job
from mien.studio.preview import STREAM, arrows_json, intensities, stream
from mien.studio.schemas import Id, Model, TransferDesign
from mien.studio.state import Studio, StudioHere
from mien.transfer.engine import driver_of, motion_engine, notes_of

router = APIRouter(prefix="/api/transfers")


class TransferRequest(Model):
    """A transfer, and the size of its preview."""

    design: TransferDesign
    size_px: Annotated[int, Field(ge=64, le=1024)] = 384


@dataclass(frozen=True, eq=False)
class Transferred:
    """A finished transfer, encoded.

    Attributes:
        facts: What the page shows of the transfer, as JSON values.
        frames: The frames as JPEG.
        changes: The difference of each frame from the portrait, on mid-grey, as PNG.
        arrows: How points of the face move.
    """

    facts: dict[str, Any]
    frames: EncodedPictures
    changes: EncodedPictures
    arrows: Arrows


@router.post("", status_code=202)
def begin(asked: TransferRequest, studio: StudioHere) -> dict[str, Any]:
    """Start a transfer as a job."""
    project = studio.project(asked.design)
    assert isinstance(project, TransferProject)
    options = transfer_options(project)
    engine = motion_engine(options)
    stored = studio.file("clips", asked.design.clip)
    portrait = studio.portrait(asked.design.portrait, asked.design.face)
    small = scaled_portrait(portrait, asked.size_px)
    key = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()[:16]

    def work(job: Job) -> dict[str, Any]:
        found: Transferred | None = studio.transfers.get(key)
        if found is not None:
            return found.facts
        session = shows_portrait(engine.prepare(small), "a preview")
        clip = read_motion(stored.path, options, options.driver_face, job.reading)
        driver = driver_of(clip, options.baseline)
        total = len(driver.motion)
        job.progress(0, total)  # the driver is read
        made = session.transfer(driver, strength=options.strength, blinks=options.blinks)
        frames, changes = EncodedPictures(), EncodedPictures()
        for frame in made:
            frames.append(encode_picture(frame))
            change = difference(small.image, frame)
            changes.append(encode_picture(change, "png", options.spec.digital_source))
            job.progress(len(frames), total)
        height, width = small.image.shape[:2]
        track = made.track
        notes = [*notes_of(clip, track), *made.notes]
        facts = {
            "id": key,
            "frames": len(frames),
            "fps": str(clip.fps),
            "times_seconds": driver.motion.times_seconds.tolist(),
            "width_px": width,
            "height_px": height,
            "notes": [without_options(note) for note in notes],
            "intensities": None if track is None else intensities(track),
        }
        if track is None:
            arrows = field_arrows(portrait, driver.motion, options.strength, blinks=options.blinks)
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
    """Return the frames of a finished transfer, or their differences from the portrait, as a frame stream."""
    found = _finished(studio, transfer)
    pictures: Iterator[bytes] = iter(found.frames)
    if view == "difference":
        pictures = (_magnified(change, magnify) for change in found.changes)
    return StreamingResponse(stream(pictures), media_type=STREAM)


@router.get("/{transfer}/motion")
def motion(transfer: Id, studio: StudioHere) -> dict[str, Any]:
    """Return how points of the face move in each frame of a finished transfer."""
    return arrows_json(_finished(studio, transfer).arrows)


def _finished(studio: Studio, transfer: str) -> Transferred:
    found: Transferred | None = studio.transfers.get(transfer)
    if found is None:
        raise not_found("this transfer is no longer remembered: make it again")
    return found


def _magnified(change: bytes, magnify: float) -> bytes:
    with open_picture(BytesIO(change)) as picture:
        return encode_picture(magnified(np.asarray(picture), magnify))
