"""Driver clips: dropped in, shown, measured into lanes, re-encoded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from mien.api.clip_motion import ClipMotion
from mien.api.measure import Measurement, measure_clip
from mien.api.measure_options import MeasureOptions
from mien.api.preview import encode_picture
from mien.api.transfer import driving_track
from mien.api.transfer_options import TransferOptions
from mien.au.envelope import Envelope
from mien.au.recode import recode_track
from mien.au.track import AUTrack
from mien.engines.registry import make_engine
from mien.errors import UnreadableVideoError, UsageError
from mien.io.clips import open_clip
from mien.io.sidecar import sha256_file
from mien.studio.errors import not_found
from mien.studio.folder import StoredFile
from mien.studio.jobs import Job
from mien.studio.portraits import BODY
from mien.studio.preview import STREAM, intensities, stream
from mien.studio.schemas import FaceChoice, Id, MeasureRequest, Model, RecodeName, Seconds
from mien.studio.state import Studio, StudioHere

router = APIRouter(prefix="/api")

LEAST_INTENSITY = 0.05
"""A measured AU that never gets this far gets no lane."""


@dataclass(frozen=True, eq=False)
class Measured:
    """A measured clip, remembered for what is made from it."""

    clip: str
    made: Measurement

    @property
    def track(self) -> AUTrack:
        """The AUs that move, times from 0."""
        track = self.made.track
        moving = np.flatnonzero(track.values.max(axis=0) >= LEAST_INTENSITY)
        chosen = moving if len(moving) else np.arange(1)
        return replace(
            track,
            names=tuple(track.names[i] for i in chosen),
            values=track.values[:, chosen],
        )


def lanes(track: AUTrack) -> list[Envelope]:
    """One envelope for each AU that moves: what it did above its level at rest."""
    if len(track) < 2 or track.peak <= 0:
        return []
    fitted = recode_track(track, "smooth", threshold=0.0).expression
    found = [] if fitted is None else list(fitted.envelopes)
    return [envelope for envelope in found if envelope.peak_intensity >= LEAST_INTENSITY]


def check_clip(file: Path, most_frames: int) -> None:
    """Refuse what is no clip; errors say its name, not the place where it lies for a moment."""
    try:
        for count, _ in enumerate(open_clip(file), 1):
            if count > most_frames:
                raise UsageError(f"expected at most {most_frames} frames, got more: cut the clip")
    except UnreadableVideoError as error:
        raise UnreadableVideoError(str(error).replace(f"{file.parent}/", "")) from error


def describe(stored: StoredFile) -> dict[str, Any]:
    """A clip as the page sees it."""
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
    """Take a clip in; the request's body is the file itself."""
    most = studio.limits.clip_frames
    stored = await studio.folder.receive(
        "clips", name, request.stream(), lambda file: check_clip(file, most), run_in_threadpool
    )
    return await run_in_threadpool(describe, stored)


@router.get("/clips")
def list_clips(studio: StudioHere) -> dict[str, Any]:
    """All that are in the folder, newest first."""
    return {"clips": [{"id": s.id, "name": s.name} for s in studio.folder.files("clips")]}


@router.get("/clips/{clip}")
def get_clip(clip: Id, studio: StudioHere) -> dict[str, Any]:
    """One clip."""
    return describe(studio.file("clips", clip))


@router.delete("/clips/{clip}", status_code=204)
def delete_clip(clip: Id, studio: StudioHere) -> None:
    """Take a clip out of the folder."""
    studio.file("clips", clip).path.unlink(missing_ok=True)


@router.get("/clips/{clip}/frames", response_class=StreamingResponse)
def get_frames(
    clip: Id,
    studio: StudioHere,
    size_px: Annotated[int, Query(ge=32, le=2048)] = 384,
    start_seconds: Annotated[float, Query(ge=0, le=86400, allow_inf_nan=False)] = 0.0,
    end_seconds: Annotated[float | None, Query(ge=0, le=86400, allow_inf_nan=False)] = None,
) -> StreamingResponse:
    """The clip's frames as a FrameStream."""
    opened = open_clip(studio.file("clips", clip).path)

    def pictures() -> Iterator[bytes]:
        for seconds, frame in opened:
            if end_seconds is not None and seconds >= end_seconds - 1e-9:
                return
            if seconds >= start_seconds - 1e-6:
                yield encode_picture(_small(frame, size_px))

    return StreamingResponse(stream(pictures()), media_type=STREAM)


def _small(frame: np.ndarray, size_px: int) -> np.ndarray:
    import cv2

    longest = max(frame.shape[:2])
    if longest <= size_px:
        return frame
    height, width = frame.shape[:2]
    size = (max(width * size_px // longest, 1), max(height * size_px // longest, 1))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


@router.post("/clips/{clip}/measure", status_code=202)
def measure(clip: Id, asked: MeasureRequest, studio: StudioHere) -> dict[str, Any]:
    """Begin to measure a clip's action units."""
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
    """What the transfer tab shows of a measured clip."""
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


class RecodeRequest(Model):
    """How measured AUs are re-encoded; with a portrait, fitted to that face."""

    mode: RecodeName = "smooth"
    threshold: Annotated[float, Field(ge=0, le=5)] = 0.5
    strength: Annotated[float, Field(ge=0, le=100)] = 1.0
    apex_seconds: Seconds | None = None
    portrait: Id | None = None
    face: FaceChoice = None


@router.post("/measurements/{measurement}/recode")
def recode(measurement: Id, asked: RecodeRequest, studio: StudioHere) -> dict[str, Any]:
    """The curves before and after re-encoding, and lanes fitted to those after."""
    found: Measured | None = studio.measurements.get(measurement)
    if found is None:
        raise not_found("this measurement is no longer remembered: measure the clip again")
    before = found.track
    result = recode_track(
        before,
        "recode" if asked.mode == "none" else asked.mode,
        threshold=asked.threshold,
        apex_seconds=asked.apex_seconds,
        strength=asked.strength,
    )
    after = result.track
    if asked.portrait is not None:
        after = _fitted(studio, found, asked)
    return {
        "times_seconds": before.times_seconds.tolist(),
        "before": intensities(before),
        "after": intensities(after),
        "kept": list(result.kept),
        "dropped": list(result.dropped),
        "apex_seconds": result.apex_seconds,
        "rmse": round(result.rmse(before), 4),
        "lanes": [envelope.to_dict() for envelope in lanes(after)],
    }


def _fitted(studio: Studio, found: Measured, asked: RecodeRequest) -> AUTrack:
    """As ``mien transfer --engine rig`` would drive this face."""
    mode = "recode" if asked.mode == "none" else asked.mode
    options = TransferOptions(
        engine="rig", recode=mode, threshold=asked.threshold, strength=asked.strength
    )
    assert asked.portrait is not None
    portrait = studio.portrait(asked.portrait, asked.face)
    return driving_track(found.made.field, options, portrait, make_engine("rig"))
