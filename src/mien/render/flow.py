"""Compute a dense backward flow from the displacements of 468 vertices.

A coarse grid of nodes lies over the face. Each node's forward displacement is a fixed linear mix of vertex
displacements: barycentric within its mesh triangle; outside the face's oval that of the nearest point of the oval,
fading to zero. So one sparse product per frame gives the forward field F. The picture needs the backward field B: the
pixel shown at q comes from p with p + F(p) = q. It is found by the fixed-point iteration p <- q - F(p), and
B(q) = p - q.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32
from scipy import sparse

from mien.face import mesh
from mien.face.portrait import Face
from mien.render import region
from mien.render.grid import Grid
from mien.types import Vertices2

NODES_ACROSS = 112
"""Most grid nodes along the region's longer side; a small face has one node per pixel."""
ITERATIONS = 7
"""Most steps of the fixed-point inversion; on a field whose gradient is below 0.5 each halves the error."""
SETTLED_PX = 0.02
"""The iteration ends when a step moves no node by this or more: sampling rounds to 1/32 px."""
SETTLED_NODES = 0.1
"""If a node's error after the iteration is larger, it is solved by Gauss-Newton steps."""
NEWTON_STEPS = 12
DAMPING = 0.02
LONGEST_STEP_NODES = 1.5
SMOOTHING_NODES = 1.0
"""Sigma, in nodes, of the smoothing that removes the creases at the triangles' edges from a field."""
SMOOTHING_REACH_NODES = 4
"""Radius of the smoothing, in nodes."""
STILL_PX = 1 / 64
"""A smaller displacement does not move a pixel: sampling rounds to 1/32 px."""

Field = Float32[np.ndarray, "rows cols 2"]


def face_grid(face: Face, reach: region.Reach = region.EXPRESSION) -> Grid:
    """Return the grid over a face's region."""
    margin = region.margins_px(face, reach)[:, None]
    outline = region.oval_px(face)
    points = np.concatenate([outline - margin, outline + margin, face.landmarks[:468, :2]])
    left, top = np.floor(points.min(0)).astype(int)
    width, height = np.ceil(points.max(0)).astype(int) - (left, top) + 1
    step = int(max(1, -(-max(width, height) // NODES_ACROSS)))
    border = 2 * step  # motion that smoothing spreads must end within the grid
    left, top, width, height = left - border, top - border, width + 2 * border, height + 2 * border
    return Grid(int(left), int(top), step, int(-(-width // step)), int(-(-height // step)))


def node_weights(
    face: Face,
    grid: Grid,
    picture_size: tuple[int, int],
    reach: region.Reach = region.EXPRESSION,
) -> sparse.csr_matrix:
    """Return the operator (rows * cols, 468) from vertex displacements to the nodes' forward displacements.

    Args:
        face: The portrait's face.
        grid: The nodes.
        picture_size: The picture's height and width; motion fades to zero at its edge too.
        reach: How far motion goes at the face's sides.
    """
    points = face.landmarks[:468].astype(np.float64)
    triangles = mesh.triangles()
    nodes = grid.nodes_px.reshape(-1, 2).astype(np.float64)
    owner = _owning_triangles(points, triangles, grid).reshape(-1)

    inside = np.flatnonzero(owner >= 0)
    corners = points[triangles[owner[inside]], :2]
    edge_a, edge_b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    offset = nodes[inside] - corners[:, 0]
    area = _cross(edge_a, edge_b)
    area = np.where(np.abs(area) < 1e-9, 1e-9, area)
    second, third = _cross(offset, edge_b) / area, _cross(edge_a, offset) / area
    weights = np.stack([1 - second - third, second, third], axis=1)
    # Drawing may assign a node at a triangle's edge to either neighbour, so allow a little extrapolation.
    far = np.abs(weights - 0.5).max(1) > 1.5
    weights[far] = np.clip(weights[far], 0, 1)
    weights /= weights.sum(1, keepdims=True)

    outside = np.flatnonzero(owner < 0)
    edge_pairs, edge_weights = _beyond_oval(nodes[outside], face, reach)

    rows = np.concatenate([np.repeat(inside, 3), np.repeat(outside, 2)])
    cols = np.concatenate([triangles[owner[inside]].ravel(), edge_pairs.ravel()])
    data = np.concatenate([weights.ravel(), edge_weights.ravel()])
    operator = sparse.csr_matrix((data, (rows, cols)), shape=(len(nodes), 468))
    in_picture = region.picture_edge_share(nodes, face, *picture_size)
    fade = sparse.diags(region.edge_fade(reach))
    operator = (sparse.diags(in_picture) @ operator @ fade).tocsr()
    operator.eliminate_zeros()
    return operator.astype(np.float32)


def invert(
    forward: Field, grid: Grid, part: Grid | None = None
) -> Float32[np.ndarray, "part_rows part_cols 2"]:
    """Turn a forward field into the backward one.

    Fixed-point steps converge nearly everywhere. They diverge where skin is stretched to more than twice its length,
    such as between the lid and a low brow that rises; these nodes are solved by damped Gauss-Newton steps.

    Args:
        forward: Displacements (x, y) in pixels at the grid's nodes.
        grid: The nodes.
        part: The nodes at which the backward field is wanted; None for all.

    Returns:
        Displacement B(q) in pixels at each node q of the part: the picture's content at q was at q + B(q).
    """
    step = np.float32(grid.step_px)
    rows, cols = (part or grid).slices_in(grid)
    nodes = grid.node_indices[rows, cols]
    scaled = forward / step
    position = nodes - scaled[rows, cols]
    for _ in range(ITERATIONS - 1):
        before, position = position, nodes - sample(scaled, position, cv2.INTER_LINEAR)
        # Not norm(before, position, ...): OpenCV 5 crashes if Ctrl-C comes while it finds that its first overload of
        # norm does not fit.
        if cv2.norm(before - position, cv2.NORM_INF) * step < SETTLED_PX:
            break
    else:
        _settle(position, scaled, nodes)
    backward: np.ndarray = (position - nodes) * step
    return backward


def _settle(position: np.ndarray, scaled: Field, nodes: np.ndarray) -> None:
    """Solve, in place, the nodes whose error after the fixed-point steps is larger than `SETTLED_NODES`."""
    error = magnitude(position + sample(scaled, position, cv2.INTER_LINEAR) - nodes)
    open_nodes = error > SETTLED_NODES
    if open_nodes.any():
        solved, left = _solve(scaled, nodes[open_nodes])
        better = left < error[open_nodes]
        position[open_nodes] = np.where(better[:, None], solved, position[open_nodes])


def magnitude(field: Field) -> Float32[np.ndarray, "rows cols"]:
    """Return the larger absolute value of each displacement's two components."""
    x, y = cv2.split(np.abs(field))  # many times faster than a maximum over an axis of two
    return cv2.max(x, y)


def _solve(scaled: Field, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find p with p + F(p) = q for points q (N, 2), in nodes; return p (N, 2) and each point's remaining error (N,)."""
    gradient = np.concatenate([np.gradient(scaled, axis=1), np.gradient(scaled, axis=0)], axis=-1)
    gradient = gradient.astype(np.float32)
    position = targets.copy()
    best, best_error = position.copy(), np.full(len(targets), np.inf, np.float32)
    for _ in range(NEWTON_STEPS):
        place = position[None]
        missed = (position + sample(scaled, place, cv2.INTER_LINEAR)[0] - targets).astype(
            np.float32
        )
        error = np.abs(missed).max(-1)
        closer = error < best_error
        best[closer], best_error[closer] = position[closer], error[closer]
        a, c, b, d = sample(gradient, place, cv2.INTER_LINEAR)[
            0
        ].T  # [[a, b], [c, d]] is the gradient of F
        a, d = a + 1, d + 1
        # (J'J + damping) step = J' missed, written out for two unknowns.
        m11, m12, m22 = a * a + c * c + DAMPING, a * b + c * d, b * b + d * d + DAMPING
        r1, r2 = a * missed[:, 0] + c * missed[:, 1], b * missed[:, 0] + d * missed[:, 1]
        determinant = m11 * m22 - m12 * m12
        step = np.stack([m22 * r1 - m12 * r2, m11 * r2 - m12 * r1], axis=-1) / determinant[:, None]
        position = (position - np.clip(step, -LONGEST_STEP_NODES, LONGEST_STEP_NODES)).astype(
            np.float32
        )
    return best, best_error


def sample(source: np.ndarray, place: np.ndarray, interpolation: int) -> np.ndarray:
    """Sample an array (rows, cols, ...) at places (h, w, 2), given as column and row; its edge is repeated outside."""
    border = cv2.BORDER_REPLICATE
    values: np.ndarray = cv2.remap(source, place, None, interpolation, borderMode=border)  # type: ignore[call-overload]
    return values


def smooth(
    field: Float32[np.ndarray, "rows cols *rest"],
) -> Float32[np.ndarray, "rows cols *rest"]:
    """Smooth a field, to remove the creases at the mesh's edges."""
    size = 2 * SMOOTHING_REACH_NODES + 1
    return cv2.GaussianBlur(field, (size, size), SMOOTHING_NODES, borderType=cv2.BORDER_REPLICATE)


def smallest_jacobian(forward: Field, grid: Grid) -> float:
    """Return the smallest Jacobian determinant of q = p + F(p) over the grid without NaN; above 0 nothing folds."""
    relative = forward / np.float32(grid.step_px)
    along_y, along_x = (np.asarray(np.gradient(relative, axis=axis)) for axis in (0, 1))
    determinant = (1 + along_x[..., 0]) * (1 + along_y[..., 1]) - along_x[..., 1] * along_y[..., 0]
    return float(np.nanmin(determinant))


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    product: np.ndarray = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return product


def _owning_triangles(points: np.ndarray, triangles: np.ndarray, grid: Grid) -> np.ndarray:
    """Return for each node the index of the frontmost triangle, or -1 outside the face."""
    shift = 6
    origin = grid.nodes_px[0, 0]
    at_nodes = np.round((points[:, :2] - origin) / grid.step_px * (1 << shift)).astype(np.int32)
    owner = np.full((grid.rows, grid.cols), -1, np.int32)
    far_to_near = np.argsort(-points[triangles, 2].mean(1))
    for index in far_to_near:
        cv2.fillConvexPoly(owner, at_nodes[triangles[index]], int(index), shift=shift)
    return owner


def _beyond_oval(
    nodes: np.ndarray, face: Face, reach: region.Reach
) -> tuple[np.ndarray, np.ndarray]:
    """Give nodes (N, 2) outside the mesh the displacement of the oval's nearest point, fading over the margin.

    Returns:
        The two oval vertices (N, 2) that span the nearest edge, and their weights (N, 2).
    """
    oval = np.array(mesh.FACE_OVAL)
    start = region.oval_px(face)
    margin = region.margins_px(face, reach)
    end, end_margin = np.roll(start, -1, axis=0), np.roll(margin, -1)
    along = end - start
    offset = nodes[:, None] - start[None]
    share = np.clip((offset * along).sum(-1) / (along**2).sum(-1), 0, 1)
    distance = np.linalg.norm(offset - share[..., None] * along, axis=-1)
    nearest = distance.argmin(1)
    rows = np.arange(len(nodes))
    share, distance = share[rows, nearest], distance[rows, nearest]
    keep = _fade_out(distance / (margin[nearest] * (1 - share) + end_margin[nearest] * share))
    pairs = np.stack([oval[nearest], np.roll(oval, -1)[nearest]], axis=1)
    return pairs, np.stack([(1 - share) * keep, share * keep], axis=1)


def _fade_out(x: np.ndarray) -> np.ndarray:
    """Fall from 1 at 0 to 0 at 1, with rounded ends and a slope of at most 1.25, to avoid folds in the margin."""
    x = np.clip(x, 0, 1)
    rounded = 0.2
    slope = 1 / (1 - rounded)
    rise = np.where(
        x < rounded,
        slope * x * x / (2 * rounded),
        np.where(
            x > 1 - rounded, 1 - slope * (1 - x) ** 2 / (2 * rounded), slope * (x - rounded / 2)
        ),
    )
    return 1 - rise


def vertices_px(face: Face, displacement_cm: np.ndarray) -> Vertices2:
    """Project canonical displacements (468, 3), centimetres, by the head's pose to pixels of the picture (468, 2)."""
    return face.pose.project_vectors(displacement_cm).astype(np.float32)
