"""Decode the frames of a sample from its members, the files that it has in its tar."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping

import cv2
import numpy as np

from mien.errors import DatasetError
from mien.types import Image

_NUMBERED = re.compile(r"\d{4,}\.png")


def decoded_frames(members: Mapping[str, bytes]) -> Iterator[Image]:
    """Yield the frames of a clip or pair, (H, W, 3) uint8 RGB.

    Args:
        members: The content of the sample's members by the part of their names after the key, such as ``onset.png``.

    Raises:
        DatasetError: The sample has no frames, or they cannot be read.
    """
    if "mp4" in members:
        yield from _of_video(members["mp4"])
        return
    names = ("onset.png", "apex.png") if "onset.png" in members else None
    for name in (
        names or sorted(filter(_NUMBERED.fullmatch, members), key=_number) or ("onset.png",)
    ):
        if name not in members:
            raise DatasetError(f"expected the member {name}, got {', '.join(sorted(members))}")
        yield decoded_png(members[name])


def _number(name: str) -> int:
    return int(name.partition(".")[0])


def decoded_png(data: bytes) -> Image:
    """Return a PNG's picture, (H, W, 3) uint8 RGB.

    Raises:
        DatasetError: The PNG cannot be read.
    """
    array = np.frombuffer(data, np.uint8)
    image = cv2.imdecode(array, cv2.IMREAD_COLOR) if len(array) else None
    if image is None:
        raise DatasetError("a frame cannot be read as a PNG")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def _of_video(data: bytes) -> Iterator[Image]:
    import av

    from mien.io.video_pixels import to_rgb

    try:
        with av.open(io.BytesIO(data), "r") as container:
            for frame in container.decode(video=0):
                yield to_rgb(frame, 3)
    except av.FFmpegError as error:
        raise DatasetError(f"a clip cannot be read: {error}") from error
