"""Make a face set of kind ``flow``: portraits moved by the rig, with the exact motion of each pixel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.intensity import MAX_INTENSITY
from mien.face.crop import FaceCrop, rotation_2d
from mien.face.mesh import VERTEX_COUNT
from mien.face.square import FLOW_SQUARE_CM, FLOW_SQUARE_DOWN_CM, SQUARE_CM, face_square
from mien.render.warp import PortraitWarper, WayBack
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.training.faces.cut import cut_face
from mien.training.faces.drawn_changes import draw_changes, mostly_weak
from mien.training.faces.face_motion import CELL_PX, OneFaceMotion, field_at
from mien.training.faces.face_set_writer import write_face_set
from mien.training.faces.pictures import picture_files, pictures_digest, read_rgb
from mien.training.faces.workers import OneFace, add_faces

_OVERSAMPLING = 2
"""Faces are moved at this multiple of the set's resolution, so that motions of half a pixel survive."""

_SHUT_FROM_VIEWS = 5
"""Number of views per face from which the eyes shut in the last two: full blinks are rare in the other views."""

_SHUT = ((1.0, MAX_INTENSITY), (3.5, MAX_INTENSITY))
"""Range of AU45's FACS intensity in each of these two views."""


def build_flow_faces(
    portraits: Path,
    out: Path,
    *,
    views: int = 10,
    size: int = 128,
    seed: int = 0,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make a paired face set with dense motion from a folder of portraits; see `build_rig_faces`."""
    files = picture_files(portraits)
    make = partial(_moved, views=views, size=size, seed=seed)
    square = {"square_cm": FLOW_SQUARE_CM, "square_down_cm": FLOW_SQUARE_DOWN_CM}
    made_of = {"kind": "flow", **square, "seed": seed, "views": views, "size": size}
    facts = made_of | {"pictures": pictures_digest(files)}
    with write_face_set(out, views=views, size=size, facts=facts) as writer:
        add_faces(writer, make, files, workers, progress)


def _moved(file: Path, number: int, *, views: int, size: int, seed: int) -> OneFace:
    """Return the face of a picture, moved by the rig, with its AUs and the exact motion of each pixel."""
    rng = np.random.default_rng([seed, number])
    # The face moves in the whole square, so that no motion fades out at the edge of the tight one.
    side = round(_OVERSAMPLING * size * SQUARE_CM / FLOW_SQUARE_CM)
    portrait = cut_face(read_rgb(file), side, rng)
    square = face_square(
        portrait.face.pose,
        side_cm=float(rng.uniform(0.96, 1.05)) * FLOW_SQUARE_CM,
        down_cm=FLOW_SQUARE_DOWN_CM,
        shift_cm=(float(rng.normal(0, 0.15)), float(rng.normal(0, 0.15))),
        turn_radians=float(rng.normal(0, 0.03)),
    )
    changes = draw_changes(views, rng, mostly_weak)
    if views >= _SHUT_FROM_VIEWS:
        shut = [RIG_NAMES.index(name) for name in sided_names("AU45")]
        for row, between in zip(changes[-len(_SHUT) :], _SHUT, strict=True):
            row[shut] = rng.uniform(*between)
    basis = personalise(load_basis(), portrait.face)
    warper = PortraitWarper(portrait)
    cells = _cell_centres_px(square, size // CELL_PX)
    images, ways, moved, fields = [], [], [], []
    for row in changes / np.float32(MAX_INTENSITY):
        displacement_cm = np.tensordot(row, basis.displacements_cm, axes=1)
        frame = np.asarray(warper.warp(displacement_cm))
        pixels = square.sample(np.ascontiguousarray(frame[..., :3]), size)
        images.append(np.rint(pixels).clip(0, 255).astype(np.uint8))
        ways.append(way_back_in(square, warper.way_back(displacement_cm), size))
        moved.append(warper.displacement_px(displacement_cm))
        fields.append(field_at(warper.forward_field(moved[-1]), warper.grid, cells))
    # Row vectors times a rotation matrix are rotated backwards.
    upright = rotation_2d(square.roll_radians) * (2 / square.side_px)
    motion = OneFaceMotion(
        square.normalised(portrait.face.landmarks[:VERTEX_COUNT, :2]),
        np.stack(moved) @ upright,
        np.stack(fields) @ upright,
    )
    return OneFace(np.stack(images), changes, motion, np.stack(ways).astype(np.float16))


def _cell_centres_px(square: FaceCrop, cells: int) -> Float32[np.ndarray, "cells cells 2"]:
    """Return the places (x, y) in the picture, pixels, of the centres of a square's cells."""
    to_image = square.to_image(cells)
    columns, rows = np.meshgrid(np.arange(cells), np.arange(cells))
    centres: np.ndarray = np.stack([columns, rows], -1) @ to_image[:, :2].T + to_image[:, 2]
    return centres.astype(np.float32)


def way_back_in(square: FaceCrop, way: WayBack, size: int) -> Float32[np.ndarray, "size size 3"]:
    """Resample a picture's `WayBack` over a square of the picture.

    Args:
        square: The square.
        way: The way back over the picture.
        size: Width and height of the result.

    Returns:
        (S, S, 3): displacement (x, y) in pixels of the square at ``size``, and the share of each pixel that the
        portrait does not show.
    """
    import cv2

    whole = np.dstack([way.flow_px, way.drawn])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = np.asarray(cv2.warpAffine(whole, square.to_image(size), (size, size), flags=flags))
    turn = rotation_2d(square.roll_radians) * (size / square.side_px)
    # Row vectors times a rotation matrix are rotated backwards.
    return np.dstack([cut[..., :2] @ turn, cut[..., 2]]).astype(np.float32)
