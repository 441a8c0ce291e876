"""Choose the frames of a contact sheet, and crop them to the face."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mien.au.track import AUTrack
from mien.errors import FaceError, UsageError
from mien.face.portrait import find_face
from mien.io.clips import open_clip
from mien.io.images import PICTURE_SUFFIXES
from mien.io.png_folder import SIDECAR_NAME
from mien.io.sidecar import Sidecar, read_sidecar, sidecar_path
from mien.io.sink import on_white
from mien.plots.contact_options import MIN_COLUMNS
from mien.plots.face_view import FaceBox
from mien.types import RGBImage

MARGIN = 0.18
"""Margin around the face's box, as a share of its height; it shows that the rest does not move."""


@dataclass(frozen=True, eq=False)
class SheetFrames:
    """The content of a sheet.

    Attributes:
        name: The clip's file name.
        sidecar: How the clip was made.
        track: Its AU track.
        phases: The frame numbers of onset, apex and offset.
        picks: The frame numbers shown, sorted; the phases are among them.
        images: The picked frames, cropped to the face.
        first: The clip's first frame, cropped to the face.
    """

    name: str
    sidecar: Sidecar
    track: AUTrack
    phases: tuple[int, int, int]
    picks: tuple[int, ...]
    images: tuple[RGBImage, ...]
    first: RGBImage


def read_sheet_frames(clip: str | os.PathLike[str], columns: int) -> SheetFrames:
    """Read the content of a sheet from a clip that Mien made.

    Args:
        clip: The clip, with its sidecar.
        columns: Number of frames to show, at most.

    Raises:
        UsageError: A picture; a clip without sidecar, or with a sidecar that has no AU track or
            belongs to another clip.
        UnreadableVideoError: The clip cannot be read.
    """
    path = Path(clip)
    _refuse_picture(path)
    opened = open_clip(path)
    sidecar = _sidecar_of(path)
    if sidecar.track is None:
        raise UsageError(
            f"expected a clip that was made from AUs, got {path} without AUs in its sidecar: "
            "draw it with mien measure --plot"
        )
    phases = find_phases(sidecar.track)
    picks = pick_frames(phases, columns)
    wanted = {0, *picks}
    kept: dict[int, RGBImage] = {}
    count = 0
    for _, frame in opened:
        if count in wanted:
            kept[count] = on_white(frame[: sidecar.height, : sidecar.width])
        count += 1
    if count != sidecar.frames:
        raise UsageError(
            f"expected {sidecar.frames} frames as the sidecar of {path} says, got {count}: "
            "make the clip again"
        )
    box = _face_box(kept[0], sidecar)
    cut = {index: box.cut(image) for index, image in kept.items()}
    return SheetFrames(
        name=path.name,
        sidecar=sidecar,
        track=sidecar.track,
        phases=phases,
        picks=picks,
        images=tuple(cut[index] for index in picks),
        first=cut[0],
    )


def find_phases(track: AUTrack) -> tuple[int, int, int]:
    """Return the frames of onset, apex and offset.

    The track is known, so these are exact: onset is the last frame before any AU moves, offset the first frame after
    the movement. If no AU moves, onset and apex are frame 0 and offset is the last frame. `mien.motion.apex.spot`
    estimates the phases of a measured track.
    """
    moving = np.flatnonzero(track.values.max(axis=1) > 0)
    if moving.size == 0:
        return 0, 0, len(track) - 1
    onset, offset = max(int(moving[0]) - 1, 0), min(int(moving[-1]) + 1, len(track) - 1)
    return onset, track.apex_index, offset


def pick_frames(phases: tuple[int, int, int], columns: int) -> tuple[int, ...]:
    """Return the frames to show: the phases, and frames evenly spaced between them.

    Args:
        phases: Onset, apex and offset.
        columns: Number of frames, at most.
    """
    onset, apex, offset = phases
    between = columns - MIN_COLUMNS
    # Rise and fall share the frames by their length.
    rise_share = (apex - onset) / max(offset - onset, 1)
    rising = round(between * rise_share)
    rise = np.linspace(onset, apex, rising + 2)
    fall = np.linspace(apex, offset, between - rising + 2)
    return tuple(sorted({round(float(index)) for index in (*rise, *fall)}))


def _refuse_picture(path: Path) -> None:
    """Refuse a portrait that was given instead of a clip."""
    if path.suffix.lower() in PICTURE_SUFFIXES and path.is_file():
        raise UsageError(
            f"expected a clip, got the picture {path}: make a clip of it first, such as mien "
            f"generate {path.name} --expression happiness --out {path.stem}.mp4"
        )


def _sidecar_of(path: Path) -> Sidecar:
    file = path / SIDECAR_NAME if path.is_dir() else sidecar_path(path)
    if not file.is_file():
        raise UsageError(
            f"expected a clip that Mien made with its sidecar {file.name} beside it, got {path} "
            "without one: keep the two together, or make the clip again"
        )
    return read_sidecar(file)


def _face_box(image: RGBImage, sidecar: Sidecar) -> FaceBox:
    """Return the part around the face; the whole picture if no face is found."""
    try:
        face = find_face(image, sidecar.settings.get("face"))
    except FaceError:  # the sheet must not fail because of its crop
        height, width = image.shape[:2]
        return FaceBox(slice(0, height), slice(0, width))
    return FaceBox.around(face, image, MARGIN)
