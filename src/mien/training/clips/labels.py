"""Label each frame of a clip with AUs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import RIG_NAMES
from mien.errors import BadTrackError, FaceError
from mien.face.crop import FaceCrop
from mien.face.portrait import find_face
from mien.motion.field import MotionField
from mien.motion.measure import measure_aus
from mien.training.clips.openface_labels import OPENFACE_NAMES, openface_rows
from mien.training.clips.person_clip import PersonClip
from mien.training.clips.produced_clip import ProducedClip
from mien.training.faces.still_row import still_row, still_row_names
from mien.training.options import Labels
from mien.types import RGBImage

STILL_READER_PX = 256
"""Side of the square in which the AUs of a single frame are read, pixels."""

LabelFrame: TypeAlias = Callable[[int, RGBImage, FaceCrop], Float32[np.ndarray, " aus"] | None]
"""A function of a frame's number, the frame, and the square around its face.

It returns FACS intensities in the order of `label_names`; None if the frame has no label.
"""


def label_names(labels: Labels) -> tuple[str, ...]:
    """Return the sided names of the AUs that a kind of labels has."""
    names = {"openface": OPENFACE_NAMES, "measured": RIG_NAMES, "made": RIG_NAMES}
    return still_row_names() if labels == "still" else names[labels]


def frame_labels(
    labels: Labels, clip: PersonClip, field: MotionField, tables: Path | None
) -> LabelFrame:
    """Return the function that labels the frames of a clip.

    Args:
        labels: ``openface`` reads the clip's table, ``measured`` measures the AUs since the clip's first
            frame, ``made`` takes the AUs with which a produced sample was made, ``still`` reads each frame as a
            still picture.
        clip: The clip.
        field: Motion of the face in the clip.
        tables: Folder of the OpenFace tables; None for tables beside the clips.

    Raises:
        BadTrackError: The OpenFace table is missing or does not fit; the clip is not a sample of a produced set,
            whose AUs are known; or the picture does not show all of the face, so that some AUs cannot be measured.
        NoFaceError: No vertex of the face could be tracked.
    """
    if labels == "still":
        return _read
    if labels == "measured":
        rows = _measured_rows(clip, field)
    elif labels == "made":
        rows = _made_rows(clip)
    else:
        rows = openface_rows(clip, len(field), tables)
    return lambda number, *_: rows[number] if np.isfinite(rows[number]).all() else None


def _measured_rows(clip: PersonClip, field: MotionField) -> Float32[np.ndarray, "frames aus"]:
    found = measure_aus(field)
    if found.unseen:
        raise BadTrackError(
            f"expected the whole face in the picture, got {clip.name} without the place of "
            f"{' '.join(found.unseen)}: leave the clip out, or use --labels openface"
        )
    return found.track.values


def _made_rows(clip: PersonClip) -> Float32[np.ndarray, "frames aus"]:
    if not isinstance(clip, ProducedClip):
        raise BadTrackError(
            f"expected a sample of mien produce with --labels made, got {clip.name}: use --labels measured"
        )
    return clip.track().to_sided()


def _read(number: int, picture: RGBImage, square: FaceCrop) -> Float32[np.ndarray, " aus"] | None:
    """Read the AUs of one frame; None if no face is found in it."""
    pixels = square.sample(picture, STILL_READER_PX)
    try:
        face = find_face(np.rint(pixels).clip(0, 255).astype(np.uint8), "largest")
    except FaceError:
        return None
    return still_row(face)[[RIG_NAMES.index(name) for name in label_names("still")]]
