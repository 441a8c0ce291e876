"""The motion of the faces of a set, from view 0 of each face to its other views.

It is exact for faces that the rig moved, and measured for clips.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32

from mien.errors import UsageError
from mien.face.mesh import VERTEX_COUNT
from mien.io.array_file import read_npy
from mien.render.flow import Field
from mien.render.grid import Grid

CELL_PX = 4
"""Distance between the centres of the cells in which dense motion is stored, pixels."""


class OneFaceMotion(NamedTuple):
    """The motion of one face, in normalised coordinates: the picture spans -1 to 1.

    Attributes:
        points: (468, 2) mesh vertices in view 0.
        moved: (V, 468, 2) displacement of each vertex from view 0 to each view.
        field: (V, G, G, 2) displacement of each cell of view 0.
    """

    points: Float[np.ndarray, "468 2"]
    moved: Float[np.ndarray, "views 468 2"]
    field: Float[np.ndarray, "views cells cells 2"]


@dataclass(frozen=True, eq=False)
class FaceMotion:
    """The motion of all faces of a set; the arrays may be memory-mapped.

    Attributes:
        points: (F, 468, 2) as in `OneFaceMotion`.
        moved: (P, V, 468, 2), in the order of the set's pictures.
        field: (P, V, G, G, 2), in the same order, with G cells along the side of the picture.
    """

    points: Float[np.ndarray, "faces 468 2"]
    moved: Float[np.ndarray, "pictures views 468 2"]
    field: Float[np.ndarray, "pictures views cells cells 2"]

    def __post_init__(self) -> None:
        if (self.moved.ndim, self.field.ndim, self.points.ndim) != (4, 5, 3):
            raise UsageError(
                f"expected a face set's motion as three arrays, got shapes {self.points.shape}, "
                f"{self.moved.shape} and {self.field.shape}"
            )
        pictures, views = self.moved.shape[:2]
        cells = self.field.shape[2]
        wanted = {
            "points": (len(self.points), VERTEX_COUNT, 2),
            "moved": (pictures, views, VERTEX_COUNT, 2),
            "field": (pictures, views, cells, cells, 2),
        }
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise UsageError(
                    f"expected a face set's {name} of shape {shape}, got {getattr(self, name).shape}"
                )

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder."""
        for part in fields(self):
            np.save(folder / motion_file(part.name), getattr(self, part.name), allow_pickle=False)

    @classmethod
    def open(cls, folder: Path) -> FaceMotion | None:
        """Open what `save` wrote; None if the set has no motion."""
        if not (folder / motion_file("points")).is_file():
            return None
        return cls(
            *(read_npy(folder / motion_file(part.name), UsageError) for part in fields(cls)),
        )

    @classmethod
    def of(cls, faces: list[OneFaceMotion]) -> FaceMotion:
        """Stack the motions of faces. Displacements become float16, with a relative error below 0.1%."""
        points, moved, field = (np.stack(part) for part in zip(*faces, strict=True))
        return cls(points.astype(np.float32), moved.astype(np.float16), field.astype(np.float16))


def field_at(
    field: Field, grid: Grid, places_px: Float32[np.ndarray, "height width 2"]
) -> Float32[np.ndarray, "height width 2"]:
    """Interpolate a field from a grid's nodes at places (x, y) of the picture; it is 0 beyond the grid.

    Args:
        field: (rows, cols, 2) values at the nodes.
        grid: The nodes.
        places_px: (H, W, 2) pixels.
    """
    import cv2

    columns, rows = np.moveaxis((places_px - grid.nodes_px[0, 0]) / np.float32(grid.step_px), -1, 0)
    nodes = np.ascontiguousarray(field, np.float32)
    return cv2.remap(
        nodes,
        np.ascontiguousarray(columns),
        np.ascontiguousarray(rows),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )


def motion_file(name: str) -> str:
    """Return the file name of one of the arrays of `FaceMotion`."""
    return f"motion_{name}.npy"
