"""Turn a clip into faces of a set: follow the face, cut it out, label its frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32, UInt8

from mien.face.mesh import VERTEX_COUNT
from mien.face.square import face_square
from mien.motion.field import measure_field
from mien.motion.rigid import RigidMotion
from mien.training.clips.cells import CellMotion
from mien.training.clips.labels import frame_labels
from mien.training.clips.openface_labels import find_table
from mien.training.clips.person_clip import PersonClip
from mien.training.faces.face_motion import CELL_PX
from mien.training.options import Labels
from mien.types import RGBImage

MISSING, LOST, UNLABELLED = "missing in the copy", "face lost", "no label"
"""Reasons why a frame is left out."""


@dataclass(frozen=True)
class CutSettings:
    """How faces are cut from clips.

    Attributes:
        size: Side of the pictures, pixels.
        square_cm: Side of the square around the face, canonical centimetres.
        labels: Where the AUs of the frames come from.
        tables: Folder of the OpenFace tables; None for tables beside the clips.
    """

    size: int
    square_cm: float
    labels: Labels
    tables: Path | None


class FrameFace(NamedTuple):
    """The face in a frame.

    Attributes:
        image: (S, S, 3) uint8 RGB. The square moves with the head.
        aus: (A,) FACS intensities in the order of `mien.training.clips.labels.label_names`.
        points: (468, 2) vertices, in normalised coordinates of the square, which spans -1 to 1.
        moved: (468, 2) displacement of the vertices since the first picture, in the same unit.
        field: (G, G, 2) displacement of the cells of the first picture, in the same unit.
    """

    image: UInt8[np.ndarray, "size size 3"]
    aus: Float32[np.ndarray, " aus"]
    points: Float[np.ndarray, "468 2"]
    moved: Float[np.ndarray, "468 2"]
    field: Float[np.ndarray, "cells cells 2"]


def cut_clip(
    clip: PersonClip, settings: CutSettings, left_out: Counter[str]
) -> Iterator[FrameFace]:
    """Yield the face in each frame of a clip that can be used.

    The clip is read twice, first to follow the face and then to cut it out, so that the frames need
    not stay in memory.

    Args:
        clip: The clip.
        settings: How faces are cut.
        left_out: Counts, by reason, the frames that are left out.

    Raises:
        UnreadableVideoError: The clip cannot be read, has no frame, or its frames differ in size.
        FaceError: Its first frame has no usable face.
        BadTrackError: Its OpenFace table is missing or does not fit.
    """
    if settings.labels == "openface":
        find_table(clip, settings.tables)  # before the face is followed
    whole = measure_field(clip.frames(), choose="largest")
    label = frame_labels(settings.labels, clip, whole, settings.tables)
    field = whole.kept()
    left_out[MISSING] += clip.missing
    left_out[LOST] += len(whole) - int(whole.followed.sum())
    rigid = RigidMotion(field.face)
    at_rest = face_square(field.face.pose, side_cm=settings.square_cm)
    at_rest_px = field.face.landmarks[:VERTEX_COUNT, :2]
    first: np.ndarray | None = None
    cells: CellMotion | None = None
    for number, (_, frame) in zip(range(len(field)), clip.frames(), strict=False):
        if not field.followed[number]:
            continue
        picture: RGBImage = np.ascontiguousarray(frame[..., :3])
        head = rigid.similarity_px(field.rigid_px[number])
        aus = label(number, picture, face_square(field.face.pose).moved(*head))
        if aus is None:
            left_out[UNLABELLED] += 1
            continue
        square = at_rest.moved(*head)
        points = square.normalised(at_rest_px + field.displacement_px(number))
        if first is None or cells is None:
            first = points
            height, width = picture.shape[:2]
            cells = CellMotion(field.face, height, width, at_rest, settings.size // CELL_PX)
        pixels = square.sample(picture, settings.size)
        image = np.rint(pixels).clip(0, 255).astype(np.uint8)
        yield FrameFace(image, aus, points, points - first, cells.at_cells(points - first))
