"""Draw the followed mesh on a clip, to check a measurement by eye."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8

from mien.common.clip_writer import check_output
from mien.common.marking import source_from
from mien.face import mesh
from mien.face.regions import ring
from mien.io.mark import SyntheticMark
from mien.io.sidecar import sidecar_path
from mien.io.sinks import open_sink
from mien.measure.clip import Measurement
from mien.plots.face_view import vertices_px
from mien.plots.label import label
from mien.types import Image, RGBImage
from mien.version import __version__

SMALLEST_PX = 640
"""Clips whose longer side is shorter are enlarged by a whole factor, to keep the face visible."""
REGIONS = (
    mesh.FACE_OVAL,
    ring(mesh.LIPS_OUTER_UPPER, mesh.LIPS_OUTER_LOWER),
    ring(mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER),
    ring(mesh.RIGHT_EYE_UPPER, mesh.RIGHT_EYE_LOWER),
    ring(mesh.LEFT_EYE_UPPER, mesh.LEFT_EYE_LOWER),
    ring(mesh.RIGHT_BROW_UPPER, mesh.RIGHT_BROW_LOWER),
    ring(mesh.LEFT_BROW_UPPER, mesh.LEFT_BROW_LOWER),
)
"""Outlines that are drawn in white."""
SURE, UNSURE = np.array([64, 220, 160]), np.array([240, 60, 50])
"""Colours of vertices with confidence 1 and 0."""
_SHIFT = 4
"""Fractional bits of OpenCV's coordinates."""
_MARK = SyntheticMark(
    title=f"Overlay: what was followed in a clip, drawn with Mien {__version__}",
    comment=f"A mesh drawn over a clip to check a measurement. Made with Mien {__version__}.",
)


def write_overlay(measured: Measurement, out: str | os.PathLike[str]) -> Path:
    """Write the clip with its mesh, the face's regions, and each vertex's confidence by colour.

    Args:
        measured: The result of `mien.measure`.
        out: ``.mp4``, ``.mkv``, ``.gif`` or a folder.

    Raises:
        OutputError: The output cannot be written, or would replace the clip.
    """
    motion = measured.motion
    check_output(out, motion.clip.path)
    zoom = max(1, -(-SMALLEST_PX // max(motion.clip.size)))
    sink = open_sink(
        out, motion.fps, width=zoom * motion.clip.width, height=zoom * motion.clip.height
    )
    source = source_from("composite", [motion.clip.path])  # a film and a drawing over it
    sink.mark = replace(_MARK, source=source)
    sink.stale = sidecar_path(out)  # a clip that is replaced may have one
    with sink:
        for index, frame in enumerate(motion.frames()):
            sink.write(_drawn(measured, index, frame, zoom))
    return Path(out)


def _drawn(
    measured: Measurement, index: int, frame: Image, zoom: int
) -> UInt8[np.ndarray, "zoomed_height zoomed_width 3"]:
    """Return a frame, enlarged, with mesh and text."""
    field = measured.motion.field
    size = (zoom * frame.shape[1], zoom * frame.shape[0])
    rgb = np.ascontiguousarray(frame[..., :3])
    picture = cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC) if zoom > 1 else rgb.copy()
    if field.lost_at is None or index < field.lost_at:
        points = zoom * (vertices_px(field, index) + 0.5) - 0.5
        confidence = np.clip(field.confidence[index], 0, 1)
        colours = UNSURE + confidence[:, None] * (SURE - UNSURE)
        _draw_mesh(picture, points, colours)
        label(picture, _text(measured, index))
    else:
        label(picture, f"frame {index}  no face")
    return picture


def _draw_mesh(picture: RGBImage, points: np.ndarray, colours: np.ndarray) -> None:
    """Draw vertices (468, 2), each in its colour (468, 3), in place."""
    fixed = np.rint(points * 2**_SHIFT).astype(int)
    lines = picture.copy()
    for a, b in _edges():
        colour = (colours[a] + colours[b]) / 2
        cv2.line(
            lines, fixed[a].tolist(), fixed[b].tolist(), colour.tolist(), 1, cv2.LINE_AA, _SHIFT
        )
    cv2.addWeighted(lines, 0.45, picture, 0.55, 0, dst=picture)
    for region in REGIONS:
        shape = [fixed[list(region)].reshape(-1, 1, 2).astype(np.int32)]
        cv2.polylines(picture, shape, True, (255, 255, 255), 1, cv2.LINE_AA, _SHIFT)
    for point, colour in zip(fixed, colours, strict=True):
        cv2.circle(picture, point.tolist(), 24, colour.tolist(), -1, cv2.LINE_AA, _SHIFT)


def _text(measured: Measurement, index: int) -> str:
    """Return a frame's number, time and strongest AUs."""
    number = measured.motion.file_number(index)
    file = "" if number is None else f"  file {number}"
    row = measured.track.values[index]
    strongest = [n for n in np.argsort(-row)[:3] if row[n] >= 0.1]
    aus = "  ".join(f"{measured.track.names[n]} {row[n]:.1f}" for n in strongest)
    return f"frame {index}{file}  {1000 * measured.field.times_seconds[index]:.0f} ms   {aus}"


@lru_cache(maxsize=1)
def _edges() -> np.ndarray:
    """Return each edge of the mesh once, (E, 2) vertices."""
    triangles = mesh.triangles()
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    return np.unique(np.sort(edges, axis=1), axis=0)
