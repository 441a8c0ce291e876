"""Previews of a design: one frame, all frames, motion arrows, and a check before the export."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np
from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from mien.au.expression import Expression
from mien.au.frame_rate import frame_times, parse_fps
from mien.au.statistics import MAX_SECONDS
from mien.au.track import AUTrack
from mien.common.screen import encode_picture
from mien.engines.registry import DEFAULTS, find_engine
from mien.errors import UsageError
from mien.generate.preview import Preview
from mien.plots.face_arrows import Arrows, expression_arrows
from mien.project.reference import FileReference
from mien.project.render import clip_options
from mien.studio.schemas import (
    Design,
    FaceChoice,
    Id,
    Model,
    Seconds,
    Settings,
    Word,
    number_or_text,
)
from mien.studio.state import StudioHere
from mien.types import Image

router = APIRouter(prefix="/api/preview")

Pixel: TypeAlias = Annotated[int, Field(ge=0, le=2048)]

STREAM = "application/octet-stream"
"""Media type of a frame stream: before each encoded picture, its length in four bytes, little-endian."""


class Look(Model):
    """A design, and the look of its preview."""

    design: Design
    size_px: Annotated[int, Field(ge=64, le=2048)] = 512
    view: Literal["result", "difference"] = "result"
    magnify: Annotated[float, Field(gt=0, le=255)] = 8.0
    format: Literal["jpeg", "png", "webp"] = "jpeg"


class FrameRequest(Look):
    """One frame, or a window of it: ``window_px`` is left, top, right and bottom in pixels of the preview."""

    time_seconds: Seconds = 0.0
    window_px: tuple[Pixel, Pixel, Pixel, Pixel] | None = None


class ClipRequest(Look):
    """Every ``step``-th frame from ``first_frame`` on."""

    first_frame: Annotated[int, Field(ge=0, le=10**6)] = 0
    step: Annotated[int, Field(ge=1, le=1000)] = 1


class MotionRequest(Model):
    """Motion arrows at given times; in all frames if no times are given."""

    design: Design
    times_seconds: Annotated[list[Seconds], Field(max_length=5000)] | None = None


class CheckRequest(Model):
    """A design to check before its export."""

    design: Design


class WarmRequest(Model):
    """A portrait and an engine to prepare before the first preview."""

    portrait: Id
    face: FaceChoice = None
    engine: Word = DEFAULTS["generate"]
    settings: Settings = Field(default_factory=dict)
    size_px: Annotated[int, Field(ge=64, le=2048)] = 512


@router.post("/frame", response_class=Response)
def frame(asked: FrameRequest, studio: StudioHere) -> Response:
    """Render the frame nearest to a time, as in the export except for its size."""
    track = studio.track(asked.design)
    preview = studio.preview(asked.design, asked.size_px)
    with studio.rendering:
        picture = _viewed(preview, preview.frame(track, asked.time_seconds), asked)
    source = find_engine(asked.design.engine, "generate").digital_source
    encoded = encode_picture(picture[_seen(picture, asked)], asked.format, source)
    return Response(encoded, media_type=f"image/{asked.format}")


def _seen(picture: Image, asked: FrameRequest) -> tuple[slice, slice]:
    """Return the rows and columns of the requested window.

    Raises:
        UsageError: The window is empty or outside the picture.
    """
    height, width = picture.shape[:2]
    left, top, right, bottom = asked.window_px or (0, 0, width, height)
    if not (left < min(right, width) and top < min(bottom, height)):
        raise UsageError(
            f"expected a window in a picture of {width}x{height} px, got {asked.window_px}"
        )
    return slice(top, bottom), slice(left, right)


@router.post("/clip", response_class=StreamingResponse)
def clip(asked: ClipRequest, studio: StudioHere) -> StreamingResponse:
    """Render frames as a frame stream."""
    track = studio.track(asked.design)
    preview = studio.preview(asked.design, asked.size_px)

    source = find_engine(asked.design.engine, "generate").digital_source

    def pictures() -> Iterator[bytes]:
        count = _frames(asked.design) if track is None else len(track)
        for index in range(asked.first_frame, count, asked.step):
            with studio.rendering:
                if track is None:
                    made: Image = preview.portrait.image
                else:
                    made = next(preview.frames(track, [index]))
                picture = encode_picture(_viewed(preview, made, asked), asked.format, source)
            yield picture

    return StreamingResponse(stream(pictures()), media_type=STREAM)


async def stream(pictures: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield pictures as a frame stream.

    Each picture is made only after the previous one was sent, so no more are made after a disconnect.
    """
    while (picture := await run_in_threadpool(next, pictures, None)) is not None:
        yield struct.pack("<I", len(picture)) + picture


def _frames(design: Design) -> int:
    return len(frame_times(design.duration_seconds, parse_fps(number_or_text(design.fps))))


def _viewed(preview: Preview, made: Image, look: Look) -> Image:
    return preview.difference(made, look.magnify) if look.view == "difference" else made


@router.post("/motion")
def motion(asked: MotionRequest, studio: StudioHere) -> dict[str, Any]:
    """Return how points of the face move, to be drawn as arrows over the portrait."""
    track = studio.track(asked.design)
    if track is None:
        track = AUTrack(("AU12",), np.zeros((1, 1)), np.zeros(1))
    if asked.times_seconds is not None and len(asked.times_seconds):
        times = np.asarray(asked.times_seconds)
        nearest = np.abs(track.times_seconds[None] - times[:, None]).argmin(1)
        rows = np.unique(nearest)
        track = AUTrack(track.names, track.values[rows], track.times_seconds[rows])
    arrows = expression_arrows(studio.portrait(asked.design.portrait, asked.design.face), track)
    return arrows_json(arrows) | {"intensities": intensities(track)}


def arrows_json(arrows: Arrows) -> dict[str, Any]:
    """Return arrows as JSON values, in pixels of the portrait at its own size."""
    return {
        "times_seconds": arrows.times_seconds.tolist(),
        "points_px": np.round(arrows.points_px, 2).tolist(),
        "displacement_px": np.round(arrows.displacement_px.astype(float), 3).tolist(),
        "largest_px": round(arrows.largest_px, 3),
        "magnification": arrows.magnification,
    }


def intensities(track: AUTrack) -> dict[str, list[float]]:
    """Return a track as one list of intensities for each AU."""
    values = np.round(track.values.astype(float), 4)
    return {name: values[:, index].tolist() for index, name in enumerate(track.names)}


@router.post("/check")
def check(asked: CheckRequest, studio: StudioHere) -> dict[str, Any]:
    """Return the frames and the times that an export will have.

    Raises:
        MienError: The design cannot be exported.
    """
    studio.file("portraits", asked.design.portrait)
    project = studio.design_project(asked.design, FileReference("portrait", "0" * 64))
    clip_options(project)
    track = studio.track(asked.design)
    assert track is not None
    expression = Expression(project.envelopes)
    lasts = expression.duration_seconds - expression.onset_seconds
    micro = lasts <= MAX_SECONDS + 1e-9
    notes = [] if micro else [f"it moves for {lasts:g} s: a micro-expression lasts at most 0.5 s"]
    return {
        "frames": len(track),
        "fps": str(project.fps),
        "duration_seconds": project.duration_seconds,
        "onset_seconds": expression.onset_seconds,
        "apex_seconds": expression.apex_seconds,
        "offset_seconds": expression.duration_seconds,
        "is_micro": micro,
        "notes": notes,
    }


@router.post("/warm", status_code=204)
def warm(asked: WarmRequest, studio: StudioHere) -> None:
    """Prepare a portrait, so that the first preview is as fast as the others."""
    design = Design(
        portrait=asked.portrait, face=asked.face, engine=asked.engine, settings=asked.settings
    )
    studio.preview(design, asked.size_px)
