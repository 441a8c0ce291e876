"""A bank of cropped faces: what each AU, head motion and glance does to the dense flow of each of them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import numpy as np
from jaxtyping import Float32

from mien.face import mesh
from mien.rig.basis import load_basis
from mien.rig.seen import load_seen_basis
from mien.synthesis.flow_recipe import RigFlowRecipe

BELOW_CHIN_CM = 1.0
"""How far below the jaw, and beside it, the head still ends softly."""


BUSY = (
    (mesh.RIGHT_EYE_UPPER + mesh.RIGHT_EYE_LOWER, 1.0, 0.6),
    (mesh.LEFT_EYE_UPPER + mesh.LEFT_EYE_LOWER, 1.0, 0.6),
    (mesh.RIGHT_BROW_UPPER + mesh.RIGHT_BROW_LOWER, 0.25, 0.5),
    (mesh.LEFT_BROW_UPPER + mesh.LEFT_BROW_LOWER, 0.25, 0.5),
    (mesh.LIPS_OUTER_UPPER + mesh.LIPS_OUTER_LOWER, 0.5, 0.6),
    ((129, 203, 206, 216, 212, 202), 0.6, 0.7),
    ((358, 423, 426, 436, 432, 422), 0.6, 0.7),
)
"""Where flow errs: curves on the mesh, how much, how far about (cm); the last two are the folds from nose to mouth."""

PARTS = (
    mesh.RIGHT_EYE_UPPER,
    mesh.LEFT_EYE_UPPER,
    mesh.RIGHT_EYE_LOWER,
    mesh.LEFT_EYE_LOWER,
    mesh.RIGHT_BROW_UPPER + mesh.RIGHT_BROW_LOWER,
    mesh.LEFT_BROW_UPPER + mesh.LEFT_BROW_LOWER,
    mesh.LIPS_OUTER_UPPER[2:-2],
    mesh.LIPS_OUTER_LOWER[2:-2],
    (61, 57, 186),  # corners of the mouth
    (291, 287, 410),
    (168, 6, 197, 195),  # nose: bridge, tip, wings
    (5, 4, 1, 19),
    (129, 98, 64),
    (358, 327, 294),
    (119, 100, 101),  # below the eyes
    (348, 329, 330),
    (50, 205, 187),  # cheeks, and farther out
    (280, 425, 411),
    (123, 147, 213),
    (352, 376, 433),
    (234, 93, 132),
    (454, 323, 361),
    (199, 175, 152),  # chin and jaw
    (18, 200),
    (172, 136, 150),
    (397, 365, 379),
    (9, 8),  # between the brows, and the forehead
    (151, 10),
    (104, 103, 54),
    (333, 332, 284),
)
"""Vertices of the parts that flow keeps together: it is nearly the same within each, and changes between them."""


@dataclass(frozen=True, eq=False)
class FaceBank:
    """Bases of flow, flattened to (u or v, row, column), centimetres.

    Attributes:
        shapes: (F, S, 2 * G * G) what each rig shape does at intensity 5; the names are `RIG_NAMES`.
        head: (F, 6, 2 * G * G) unit motions of a head: to the right, down, growing, turning, and the two parallaxes.
        eyes: (F, 4, 2 * G * G) right lid down, left lid down, both irises to the image right, and down.
        busy: (F, G * G) how easily flow errs: about 1 at the lids, less at brows, mouth and folds, 0 on plain skin.
        parts: (F, P, G * G) shares of `PARTS` in each pixel, sum 1.
        ground: (F, G * G) 1 on the head with its hair, 0 beyond.
        pixel_cm: (F, 2) width and height of a pixel.
    """

    shapes: Float32[np.ndarray, "faces shapes pixels2"] = field(repr=False)
    head: Float32[np.ndarray, "faces 6 pixels2"] = field(repr=False)
    eyes: Float32[np.ndarray, "faces 4 pixels2"] = field(repr=False)
    busy: Float32[np.ndarray, "faces pixels"] = field(repr=False)
    parts: Float32[np.ndarray, "faces parts pixels"] = field(repr=False)
    ground: Float32[np.ndarray, "faces pixels"] = field(repr=False)
    pixel_cm: Float32[np.ndarray, "faces 2"] = field(repr=False)

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.shapes)


@lru_cache(maxsize=1)
def identity_modes() -> Float32[np.ndarray, "20 468 3"]:
    """How faces differ, canonical centimetres at weight 1 (``tools/build_identity_modes.py``)."""
    with (files("mien") / "assets" / "identity_modes.npz").open("rb") as file:
        return np.load(file)["displacements_cm"].astype(np.float32)


@lru_cache(maxsize=2)
def face_bank(recipe: RigFlowRecipe, seed: int) -> FaceBank:
    """Draw the faces; the last two banks are kept."""
    rng = np.random.default_rng([seed, 0])
    drawn = [_draw(recipe, rng) for _ in range(recipe.faces)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(_face, drawn))
    return FaceBank(*(np.stack(part).astype(np.float32) for part in zip(*made, strict=True)))


@dataclass(frozen=True, eq=False)
class _Drawn:
    """All that chance has a part in: a face's vertices and shapes, its crop's pixels, and two widths."""

    points: np.ndarray  # (468, 3)
    shapes: np.ndarray  # (S, 468, 3)
    pixels: tuple[np.ndarray, np.ndarray, np.ndarray]
    smear_cm: float
    part_blur_cm: float


def _draw(recipe: RigFlowRecipe, rng: np.random.Generator) -> _Drawn:
    modes = identity_modes()
    weights = rng.normal(0, recipe.identity_spread, len(modes)).astype(np.float32)
    turn = _rotation(rng.normal(0, 1, 3) * recipe.turn_degrees).astype(np.float32)
    points = (mesh.canonical_vertices() + np.tensordot(weights, modes, 1)) @ turn.T
    shapes = _own_shapes(recipe, rng) @ turn.T
    pixels = _pixels(points, recipe, rng)
    smear, blur = rng.uniform(*recipe.smear_cm), rng.uniform(*recipe.part_blur_cm)
    return _Drawn(points, shapes, pixels, smear, blur)


def _face(drawn: _Drawn) -> tuple[np.ndarray, ...]:
    points, shapes = drawn.points, drawn.shapes
    x, y, pixel_cm = drawn.pixels
    # (468, G * G), vertices first: what follows looks at some of them, or takes the least over them.
    squared = (x - points[:, :1]) ** 2 + (y - points[:, 1:2]) ** 2
    carry = np.exp((squared.min(0) - squared) / np.float32(2 * drawn.smear_cm**2))
    carry /= carry.sum(0)
    outside = _outside_cm(points, x, y)
    skin = 1 / (1 + np.exp((outside + 0.2) / 0.25))
    # Above the eyes hair goes along with the head; beside and below the jaw it ends.
    crown = points[list(mesh.RIGHT_EYE_UPPER + mesh.LEFT_EYE_UPPER), 1].mean()
    reach = BELOW_CHIN_CM + 2.0 * np.clip((crown + 1 - y) / 3, 0, 1)
    ground = 1 / (1 + np.exp((outside - 0.5 * reach) / 0.3))
    plane = shapes[..., :2].transpose(0, 2, 1).reshape(-1, mesh.VERTEX_COUNT)
    flows = (plane.astype(np.float32) @ carry) * skin.astype(np.float32)
    depth = points[:, 2] @ carry
    depth = (depth - depth.mean()) / 3
    a, b = (x - x.mean()) / 5, (y - y.mean()) / 5
    one, zero = np.ones_like(x), np.zeros_like(x)
    head = np.array([(one, zero), (zero, one), (a, b), (-b, a), (depth, zero), (zero, depth)])
    lids = [_eye(points, corners, x, y, (0.8, 0.35)) for corners in _EYE_CORNERS]
    irises = sum(_eye(points, corners, x, y, (0.6, 0.4)) for corners in _EYE_CORNERS)
    eyes = np.array([(zero, lids[0]), (zero, lids[1]), (irises, zero), (zero, irises)])
    busy = np.zeros_like(x)
    for curve, weight, width_cm in BUSY:
        busy += weight * np.exp(-squared[list(curve)].min(0) / np.float32(2 * width_cm**2))
    return (
        flows.reshape(len(shapes), -1),
        head.reshape(6, -1),
        eyes.reshape(4, -1),
        busy,
        _parts(squared, drawn.part_blur_cm),
        ground,
        pixel_cm,
    )


def _parts(squared_cm: np.ndarray, blur_cm: float) -> np.ndarray:
    """(P, G * G) shares of `PARTS`, from squared distances of vertices and pixels."""
    nearest = np.stack([squared_cm[list(part)].min(0) for part in PARTS])
    shares = np.exp((nearest.min(0) - nearest) / np.float32(2 * blur_cm**2))
    return shares / shares.sum(0)


_EYE_CORNERS = (
    (mesh.RIGHT_EYE_UPPER[0], mesh.RIGHT_EYE_UPPER[-1]),
    (mesh.LEFT_EYE_UPPER[0], mesh.LEFT_EYE_UPPER[-1]),
)


def _eye(
    points: np.ndarray,
    corners: tuple[int, int],
    x: np.ndarray,
    y: np.ndarray,
    size_cm: tuple[float, float],
) -> np.ndarray:
    middle = points[list(corners), :2].mean(0)
    return np.exp(
        -0.5 * (((x - middle[0]) / size_cm[0]) ** 2 + ((y - middle[1]) / size_cm[1]) ** 2)
    )


def _own_shapes(recipe: RigFlowRecipe, rng: np.random.Generator) -> np.ndarray:
    """(S, 468, 3) the rig's shapes as they are and as flow sees them, mixed, each at this face's own size."""
    share = rng.random()
    true, seen = load_basis(), load_seen_basis("full" if rng.random() < 0.5 else "fast")
    shapes = share * true.displacements_cm + (1 - share) * seen.displacements_cm
    units = [name.rstrip("LR") for name in true.names]
    own = {unit: np.exp(rng.normal(0, recipe.person_spread)) for unit in dict.fromkeys(units)}
    return shapes * np.array([own[unit] for unit in units])[:, None, None]


def _pixels(
    points: np.ndarray, recipe: RigFlowRecipe, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each pixel of the crop lies in the face, x and y (G * G,), and the pixels' width and height."""
    middles = np.array([points[list(corners), :2].mean(0) for corners in _EYE_CORNERS])
    width = np.ptp(middles[:, 0]) / rng.uniform(*recipe.eye_distance_share)
    height = width * rng.uniform(*recipe.crop_height)
    left = middles[:, 0].mean() - width / 2 + rng.normal(0, recipe.crop_shift_cm)
    top = middles[:, 1].mean() - height * rng.uniform(*recipe.eye_row_share)
    steps = (np.arange(recipe.grid) + 0.5) / recipe.grid
    x, y = np.meshgrid(left + width * steps, top + height * steps)
    return (
        x.ravel().astype(np.float32),
        y.ravel().astype(np.float32),
        np.array([width, height]) / recipe.grid,
    )


def _outside_cm(points: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How far each pixel lies beyond the face's oval; below 0 inside."""
    import cv2

    oval = points[list(mesh.FACE_OVAL), :2].astype(np.float32)
    hull = cv2.convexHull(oval)
    places = zip(x.tolist(), y.tolist(), strict=True)
    return -np.array([cv2.pointPolygonTest(hull, place, True) for place in places])


def _rotation(degrees: np.ndarray) -> np.ndarray:
    """(3, 3) from pitch, yaw and roll, roll last."""
    (sx, sy, sz), (cx, cy, cz) = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x
