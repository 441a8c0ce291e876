"""The two sheets of skin at an opening: their motion across the seam, and where each of them is visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float32
from scipy import sparse

from mien.face import mesh
from mien.face.portrait import Face
from mien.render.grid import Grid
from mien.render.openings import (
    OpeningKind,
    border_px,
    canvas_for,
    down,
    fill_polygon,
    settle,
)
from mien.types import Vertices2

SheetName = Literal["upper", "lower"]
Fields = list[Float32[np.ndarray, "_ _ 2"]]
"""Fields over different nodes."""


def continued_vertices(kind: OpeningKind, sheet: SheetName) -> Bool[np.ndarray, " 468"]:
    """Return which vertices lie across the seam (True): there the sheet's field differs from the skin's."""
    canonical = mesh.canonical_vertices().astype(np.float64)
    middle = (canonical[list(kind.upper)] + canonical[list(kind.lower)]) / 2
    seam_y = np.interp(canonical[:, 0], middle[:, 0], middle[:, 1])
    # Beyond the corners both sheets are the skin, so that they meet there without a jump.
    beside = (canonical[:, 0] <= middle[0, 0]) | (canonical[:, 0] >= middle[-1, 0])
    below = canonical[:, 1] - seam_y
    if sheet == "upper":
        across = (below > 0) & (below < kind.reach_down_cm)
        own, other = kind.upper, kind.lower
    else:
        across = (below < 0) & (-below < kind.reach_up_cm)
        own, other = kind.lower, kind.upper
    across &= ~beside
    across[list(other[1:-1])] = True
    across[list(own)] = False
    across[[kind.upper[0], kind.upper[-1]]] = False
    return across


@lru_cache(maxsize=6)
def continuation(kind: OpeningKind, sheet: SheetName) -> Float32[np.ndarray, "468 468"]:
    """Return the matrix that turns the skin's vertex displacements into the sheet's.

    Across the seam the opposite border moves with the sheet's own border. Beyond the opposite border the displacement
    changes smoothly (harmonically over the mesh's edges) into that of the skin, which both sheets share.
    """
    canonical = mesh.canonical_vertices().astype(np.float64)
    own, other = (kind.upper, kind.lower) if sheet == "upper" else (kind.lower, kind.upper)
    across = continued_vertices(kind, sheet)
    edges = mesh.triangles()[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    adjacency = np.zeros((468, 468))
    length = np.linalg.norm(canonical[edges[:, 0]] - canonical[edges[:, 1]], axis=1)
    adjacency[edges[:, 0], edges[:, 1]] = adjacency[edges[:, 1], edges[:, 0]] = 1 / length
    laplacian = np.diag(adjacency.sum(1)) - adjacency
    result = np.eye(468)
    tied = list(other[1:-1])
    result[tied] = result[list(own[1:-1])]
    across[tied] = False
    free, rest = np.flatnonzero(across), np.flatnonzero(~across)
    result[free] = np.linalg.solve(
        laplacian[np.ix_(free, free)], -laplacian[np.ix_(free, rest)] @ result[rest]
    )
    return result.astype(np.float32)


@dataclass(frozen=True, eq=False)
class Sheet:
    """The skin on one side of an opening, such as the upper lip at the mouth.

    Attributes:
        rows: Vertices (M,) whose displacement differs from the skin's.
        continuation: (M, 468) matrix from the skin's displacements to those of these vertices.
        operator: Maps vertex displacements to those of the nodes of the opening's window.
        visible: (h, w) float32 in [0, 1] over the window's box: 1 where the portrait's pixel is this sheet's own.
    """

    rows: np.ndarray
    continuation: Float32[np.ndarray, "m 468"]
    operator: sparse.csr_matrix
    visible: Float32[np.ndarray, "h w"]


class ForwardFields:
    """Compute the displacement of each node, for the skin and all sheets, by a single sparse product.

    Args:
        operator: Maps the vertices' displacements to those of the skin's nodes.
        grid: The skin's nodes.
        sheets: The sheets.
        windows: The nodes of each sheet.
    """

    def __init__(
        self,
        operator: sparse.csr_matrix,
        grid: Grid,
        sheets: Sequence[Sheet],
        windows: Sequence[Grid],
    ) -> None:
        self._continuation = np.concatenate([sheet.continuation for sheet in sheets])
        columns = mesh.VERTEX_COUNT + len(self._continuation)
        parts, first = [operator], mesh.VERTEX_COUNT
        for sheet in sheets:
            column = np.arange(mesh.VERTEX_COUNT)
            column[sheet.rows] = first + np.arange(len(sheet.rows))
            first += len(sheet.rows)
            own = sheet.operator
            parts.append(
                sparse.csr_matrix(
                    (own.data, column[own.indices], own.indptr), (own.shape[0], columns)
                )
            )
        parts[0] = sparse.csr_matrix(
            (operator.data, operator.indices, operator.indptr), (operator.shape[0], columns)
        )
        self._operator = sparse.vstack(parts, format="csr")
        self._shapes = [(nodes.rows, nodes.cols, 2) for nodes in (grid, *windows)]
        self._ends = np.cumsum([rows * cols for rows, cols, _ in self._shapes])

    def of(self, moved_px: Vertices2) -> Fields:
        """Return the skin's field, then each sheet's, in pixels and not yet smoothed (`mien.render.flow.smooth`)."""
        values = self._operator @ np.concatenate([moved_px, self._continuation @ moved_px])
        pieces = np.split(values, self._ends[:-1])
        return [piece.reshape(shape) for piece, shape in zip(pieces, self._shapes, strict=True)]


def opening_window(face: Face, kind: OpeningKind, grid: Grid) -> Grid:
    """Return the nodes around an opening within which its sheets can differ from the skin, for any motion."""
    changed = continued_vertices(kind, "upper") | continued_vertices(kind, "lower")
    points = face.landmarks[:468, :2][_with_neighbours(changed)]
    left, top = points.min(0)
    right, bottom = points.max(0)
    slack = 0.5 * face.pose.scale_px_per_cm
    below = (2.2 if kind.name == "mouth" else 0.5) * face.pose.scale_px_per_cm
    return grid.window((left - slack, top - slack, right + slack, bottom + below))


def make_sheet(
    face: Face,
    kind: OpeningKind,
    sheet: SheetName,
    grid: Grid,
    window: Grid,
    operator: sparse.csr_matrix,
    shut: bool = False,
) -> Sheet:
    """Prepare one sheet of an opening for a portrait; ``shut`` means that its lips touch."""
    matrix = continuation(kind, sheet)
    rows = np.flatnonzero(continued_vertices(kind, sheet))
    nodes = np.arange(grid.rows * grid.cols).reshape(grid.rows, grid.cols)[window.slices_in(grid)]
    return Sheet(
        rows,
        np.ascontiguousarray(matrix[rows]),
        operator[nodes.ravel()],
        _visible(face, kind, sheet, window, shut),
    )


def _visible(
    face: Face, kind: OpeningKind, sheet: SheetName, window: Grid, shut: bool
) -> np.ndarray:
    canvas = canvas_for(window)
    canvas[:] = 1
    points = face.landmarks[:468, :2].astype(np.float64)
    triangles = mesh.triangles()
    across = continued_vertices(kind, sheet)
    for triangle in triangles[across[triangles].any(1)]:
        fill_polygon(points[triangle], window, 0.0, canvas)
    upper, lower = border_px(face, kind, 0.0), border_px(face, kind, 1.0)
    fill_polygon(np.concatenate([upper, lower[::-1]]), window, 0.0, canvas)
    own = upper if sheet == "upper" else lower
    # If the lips touch, each sheet reaches the middle of the seam, and the lower one 1 mm farther, behind the upper.
    apart = kind.inset_upper if sheet == "upper" else 1 - kind.inset_lower
    share = 0.5 if shut else apart
    inset = border_px(face, kind, share)
    if shut and sheet == "lower":
        inset = inset - 0.1 * face.pose.scale_px_per_cm * down(face)
    # Begin a little outside the border, so that the triangles' straight edges leave no gap along the curve.
    outward = -down(face) if sheet == "upper" else down(face)
    outside = own + outward * 0.15 * face.pose.scale_px_per_cm
    fill_polygon(np.concatenate([outside, inset[::-1]]), window, 1.0, canvas)
    return settle(canvas, window)


def _with_neighbours(chosen: np.ndarray) -> np.ndarray:
    triangles = mesh.triangles()
    result = chosen.copy()
    result[triangles[chosen[triangles].any(1)].ravel()] = True
    return result
