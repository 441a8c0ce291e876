"""Routes of driver clips: upload, frames and measurement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from jaxtyping import UInt8
from starlette.concurrency import run_in_threadpool

from mien.common.clip_motion import ClipMotion
from mien.common.picture import Picture
from mien.common.screen import encode_picture
from mien.errors import UnreadableVideoError, UsageError
from mien.generate.clip import make_clip
from mien.generate.options import ClipOptions
from mien.io.clip_hash import sha256_file
from mien.io.clips import open_clip
from mien.measure.clip import measure_clip
from mien.measure.options import MeasureOptions
from mien.studio.folder import StoredFile
from mien.studio.jobs import Job
from mien.studio.lanes import lanes
from mien.studio.portraits import BODY, sample_picture
from mien.studio.preview import STREAM, intensities, stream
from mien.studio.recoding import Measured
from mien.studio.schemas import Id, MeasureRequest
from mien.studio.state import StudioHere

router = APIRouter(prefix="/api")

SAMPLE_MOTION = ClipOptions(
    expression="happiness",
    intensity=4.0,
    duration_seconds=0.5,
    fps=50,
    lead_seconds=0.1,
    tail_seconds=0.1,
    size="320",
)
"""Content of the sample film. Its frames are small, so that it is made and measured quickly."""


def check_clip(file: Path, most_frames: int) -> None:
    """Refuse a file that is not a clip.

    Raises:
        UnreadableVideoError: The file cannot be read. The message names the file, not its temporary folder.
        UsageError: The clip has too many frames.
    """
    try:
        for count, _ in enumerate(open_clip(file), 1):
            if count > most_frames:
                raise UsageError(f"expected at most {most_frames} frames, got more: cut the clip")
    except UnreadableVideoError as error:
        raise UnreadableVideoError(str(error).replace(f"{file.parent}/", "")) from error


def describe(stored: StoredFile) -> dict[str, Any]:
    """Return a clip as JSON values for the page."""
    clip = open_clip(stored.path)
    times = [seconds for seconds, _ in clip]
    return {
        "id": stored.id,
        "name": stored.name,
        "sha256": sha256_file(stored.path),
        "width_px": clip.width,
        "height_px": clip.height,
        "fps": str(clip.fps),
        "frames": len(times),
        "duration_seconds": times[-1] + float(1 / clip.fps),
        "times_seconds": times,
    }


@router.post("/clips", status_code=201, openapi_extra=BODY)
async def add_clip(
    request: Request, studio: StudioHere, name: Annotated[str, Query(max_length=300)]
) -> dict[str, Any]:
    """Store an uploaded clip; the request's body is the file itself."""
    most = studio.limits.clip_frames
    stored = await studio.folder.receive(
        "clips", name, request.stream(), lambda file: check_clip(file, most), run_in_threadpool
    )
    return await run_in_threadpool(describe, stored)


@router.post("/clips/sample", status_code=201)
def add_sample_driver(studio: StudioHere) -> dict[str, Any]:
    """Make and store a sample film: the sample portrait, moved by the rig."""
    with studio.folder.scratch() as place:
        made = make_clip(Picture.of(sample_picture()), place / "sample.mkv", SAMPLE_MOTION)
        stored = studio.folder.put("clips", made.path, "sample film.mkv")
    return describe(stored)


@router.get("/clips")
def list_clips(studio: StudioHere) -> dict[str, Any]:
    """List the clips in the folder, newest first."""
    return {"clips": [{"id": s.id, "name": s.name} for s in studio.folder.files("clips")]}


@router.get("/clips/{clip}")
def get_clip(clip: Id, studio: StudioHere) -> dict[str, Any]:
    """Return one clip."""
    return describe(studio.file("clips", clip))


@router.delete("/clips/{clip}", status_code=204)
def delete_clip(clip: Id, studio: StudioHere) -> None:
    """Delete a clip."""
    studio.file("clips", clip).path.unlink(missing_ok=True)


@router.get("/clips/{clip}/frames", response_class=StreamingResponse)
def get_frames(
    clip: Id,
    studio: StudioHere,
    size_px: Annotated[int, Query(ge=32, le=2048)] = 384,
    start_seconds: Annotated[float, Query(ge=0, le=86400, allow_inf_nan=False)] = 0.0,
    end_seconds: Annotated[float | None, Query(ge=0, le=86400, allow_inf_nan=False)] = None,
) -> StreamingResponse:
    """Return the clip's frames as a frame stream."""
    opened = open_clip(studio.file("clips", clip).path)

    def pictures() -> Iterator[bytes]:
        for seconds, frame in opened:
            if end_seconds is not None and seconds >= end_seconds - 1e-9:
                return
            if seconds >= start_seconds - 1e-6:
                yield encode_picture(small(frame, size_px))

    return StreamingResponse(stream(pictures()), media_type=STREAM)


def small(
    frame: UInt8[np.ndarray, "height width channels"], size_px: int
) -> UInt8[np.ndarray, "small_height small_width channels"]:
    """Return a picture whose longer side is at most ``size_px``; the same picture if it is no larger."""
    import cv2

    longest = max(frame.shape[:2])
    if longest <= size_px:
        return frame
    height, width = frame.shape[:2]
    size = (max(width * size_px // longest, 1), max(height * size_px // longest, 1))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


@router.post("/clips/{clip}/measure", status_code=202)
def measure(clip: Id, asked: MeasureRequest, studio: StudioHere) -> dict[str, Any]:
    """Start a job that measures a clip's action units."""
    stored = studio.file("clips", clip)
    options = MeasureOptions(**asked.model_dump())
    key = hashlib.sha256(json.dumps([clip, asked.model_dump()]).encode()).hexdigest()[:16]

    def work(job: Job) -> dict[str, Any]:
        found = studio.measurements.get(key)
        if found is None:
            found = Measured(clip, measure_clip(stored.path, options, job.reading))
            studio.measurements.put(key, found)
        return {"id": key, "clip": clip} | measurement_json(found)

    return studio.jobs.start("measure", stored.name, work).to_json()


def measurement_json(found: Measured) -> dict[str, Any]:
    """Return what the transfer tab shows of a measured clip, as JSON values."""
    motion: ClipMotion = found.made.motion
    spotted = found.made.spotted
    return {
        "fps": str(motion.fps),
        "times_seconds": found.track.times_seconds.tolist(),
        "raw": intensities(found.track),
        "lanes": [envelope.to_dict() for envelope in lanes(found.track)],
        "spotted": None
        if spotted is None
        else {
            "onset_seconds": spotted.onset_seconds,
            "apex_seconds": spotted.apex_seconds,
            "offset_seconds": spotted.offset_seconds,
        },
        "still": motion.still,
        "notes": list(found.made.notes),
    }
