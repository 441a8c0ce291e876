"""The motion of a picture's cells, from that of the face's vertices."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float, Float32

from mien.face.crop import FaceCrop
from mien.face.portrait import Face
from mien.render import flow
from mien.render.region import MEASURED


class CellMotion:
    """Spreads the motion of a face's vertices to the cells of the square around it.

    The motion is interpolated within the mesh's triangles, and fades out beyond the face.

    Args:
        face: The face in the clip's first frame.
        height: Height of that frame, pixels.
        width: Width of that frame, pixels.
        square: The square around the face in that frame.
        cells: Number of cells along the square's side.
    """

    def __init__(self, face: Face, height: int, width: int, square: FaceCrop, cells: int) -> None:
        self._grid = flow.face_grid(face, MEASURED)
        self._operator = flow.node_weights(face, self._grid, (height, width), MEASURED)
        to_image = square.to_image(cells)
        centres = np.stack(np.meshgrid(np.arange(cells), np.arange(cells)), -1)
        places = centres @ to_image[:, :2].T + to_image[:, 2]
        self._at = ((places - self._grid.nodes_px[0, 0]) / self._grid.step_px).astype(np.float32)

    def at_cells(self, moved: Float[np.ndarray, "468 2"]) -> Float32[np.ndarray, "cells cells 2"]:
        """Return the displacement of each cell's centre, in the unit of the vertices' displacement."""
        shape = (self._grid.rows, self._grid.cols, 2)
        field = flow.smooth((self._operator @ moved.astype(np.float32)).reshape(shape))
        columns, rows = self._at[..., 0], self._at[..., 1]
        # Nothing moves beyond the grid.
        return cv2.remap(field, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
