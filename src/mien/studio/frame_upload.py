"""Upload of a clip as pictures, which come as one stream and are stored as one lossless file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from mien.au.frame_rate import parse_fps
from mien.errors import UnreadableImageError, UnreadableVideoError, UsageError
from mien.io.digital_source import digital_sources_in, inherited
from mien.io.images import read_image
from mien.io.mark import SyntheticMark
from mien.io.sinks import open_sink
from mien.studio.clips import describe
from mien.studio.folder import StoredFile
from mien.studio.names import plain_name
from mien.studio.portraits import BODY
from mien.studio.state import Studio, StudioHere
from mien.types import Image
from mien.version import __version__

router = APIRouter(prefix="/api")

_LENGTH = struct.Struct("<I")


@router.post("/clips/frames", status_code=201, openapi_extra=BODY)
async def add_frames(
    request: Request,
    studio: StudioHere,
    name: Annotated[str, Query(min_length=1, max_length=100)],
    fps: Annotated[str, Query(max_length=30)],
) -> dict[str, Any]:
    """Store pictures as a clip.

    The request's body is a frame stream: before each picture, its length in four bytes, little-endian.
    """
    plain_name(name, "name of the clip")
    rate = parse_fps(fps)
    with studio.folder.scratch() as place:
        with (place / "frames").open("wb") as file:
            async for chunk in request.stream():
                file.write(chunk)
        stored = await run_in_threadpool(_keep, studio, place, name, rate)
    return await run_in_threadpool(describe, stored)


def _keep(studio: Studio, place: Path, name: str, fps: Fraction) -> StoredFile:
    out = place / f"{name}.mkv"
    with (place / "frames").open("rb") as file:
        pictures = _pictures(file, place / "frame", studio.limits.clip_frames)
        first = next(pictures, None)
        if first is None:
            raise UnreadableVideoError("expected at least one picture, got none")
        height, width, channels = first.shape
        sink = open_sink(out, fps, width=width, height=height, channels=channels)
        # These pictures may be real: the file marks them as synthetic only if they are marked so themselves.
        sink.mark = SyntheticMark(
            title=name,
            comment=f"Pictures joined to a clip by Mien {__version__}, unchanged.",
            source=inherited(digital_sources_in([place / "frames"])),
        )
        with sink:
            sink.write(first)
            for number, picture in enumerate(pictures, 2):
                if picture.shape != first.shape:
                    raise UnreadableVideoError(
                        f"expected pictures of one size, {width}x{height}, "
                        f"got {picture.shape[1]}x{picture.shape[0]} in picture {number}"
                    )
                sink.write(picture)
    return studio.folder.put("clips", out, out.name)


def _pictures(file: BinaryIO, scratch: Path, most: int) -> Iterator[Image]:
    """Read the stream's pictures, one at a time.

    Raises:
        UnreadableVideoError: The stream ends within a picture, or a part of it is not a picture.
        UsageError: There are too many pictures.
    """
    number = 0
    while head := file.read(_LENGTH.size):
        number += 1
        if number > most:
            raise UsageError(f"expected at most {most} frames, got more: choose fewer pictures")
        if len(head) < _LENGTH.size:
            raise UnreadableVideoError(
                f"picture {number} is not complete: choose the pictures again"
            )
        length = _LENGTH.unpack(head)[0]
        data = file.read(length)
        if len(data) < length:
            raise UnreadableVideoError(
                f"picture {number} is not complete: choose the pictures again"
            )
        scratch.write_bytes(data)
        try:
            yield read_image(scratch)
        except UnreadableImageError as error:
            raise UnreadableVideoError(
                f"expected pictures, got something else as number {number}"
            ) from error
