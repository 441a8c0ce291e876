"""Draw a random face: its shape, how AUs move it, and its position in the crop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from jaxtyping import Float, Float32, Float64

from mien.face import mesh
from mien.rig.basis import load_basis
from mien.rig.seen import load_seen_basis
from mien.synthesis.face_parts import EYE_CORNERS
from mien.synthesis.flow_recipe import RigFlowRecipe


@lru_cache(maxsize=1)
def identity_modes() -> Float32[np.ndarray, "20 468 3"]:
    """Return the modes by which faces differ, canonical centimetres at weight 1.

    ``tools/build_identity_modes.py`` makes the asset.
    """
    with (files("mien") / "assets" / "identity_modes.npz").open("rb") as file:
        modes: np.ndarray = np.load(file)["displacements_cm"].astype(np.float32)
    return modes


@dataclass(frozen=True, eq=False)
class CropPixels:
    """Where the pixels of a crop lie on the face's plane.

    Attributes:
        x: (G * G,) horizontal position of each pixel's centre, canonical centimetres.
        y: (G * G,) vertical position of each pixel's centre, canonical centimetres.
        size_cm: (2,) width and height of a pixel.
    """

    x: Float32[np.ndarray, " pixels"]
    y: Float32[np.ndarray, " pixels"]
    size_cm: Float[np.ndarray, " 2"]


@dataclass(frozen=True, eq=False)
class DrawnFace:
    """A random face.

    Attributes:
        points: (468, 3) vertices of the turned head, canonical centimetres.
        shapes: (S, 468, 3) displacement of each rig shape at intensity 5, turned with the head.
        pixels: The crop.
        smear_cm: Width of the Gaussian that carries the vertices' motion to the pixels.
        part_blur_cm: Width of the transition between parts.
    """

    points: Float32[np.ndarray, "468 3"]
    shapes: Float64[np.ndarray, "shapes 468 3"]
    pixels: CropPixels
    smear_cm: float
    part_blur_cm: float


def draw_face(
    recipe: RigFlowRecipe,
    rng: np.random.Generator,
    own: Float[np.ndarray, "468 3"] | None = None,
) -> DrawnFace:
    """Draw a face.

    Args:
        recipe: How faces differ.
        rng: Source of randomness.
        own: (468, 3) vertices of a person's head, not turned, canonical centimetres; None to draw a person too.
    """
    modes = identity_modes()
    weights = rng.normal(0, recipe.identity_spread, len(modes)).astype(np.float32)
    turn = _rotation(rng.normal(0, 1, 3) * recipe.turn_degrees).astype(np.float32)
    person = mesh.canonical_vertices() + np.tensordot(weights, modes, 1) if own is None else own
    points = person.astype(np.float32) @ turn.T
    shapes = _own_shapes(recipe, rng) @ turn.T
    pixels = _pixels(points, recipe, rng)
    smear, blur = rng.uniform(*recipe.smear_cm), rng.uniform(*recipe.part_blur_cm)
    return DrawnFace(points, shapes, pixels, smear, blur)


def _own_shapes(
    recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float64[np.ndarray, "shapes 468 3"]:
    """Mix the rig's shapes with those that flow sees, each AU at this face's own size."""
    share = rng.random()
    true, seen = load_basis(), load_seen_basis("full" if rng.random() < 0.5 else "fast")
    shapes = share * true.displacements_cm + (1 - share) * seen.displacements_cm
    units = [name.rstrip("LR") for name in true.names]
    own = {unit: np.exp(rng.normal(0, recipe.person_spread)) for unit in dict.fromkeys(units)}
    sized: np.ndarray = shapes * np.array([own[unit] for unit in units])[:, None, None]
    return sized


def _pixels(points: np.ndarray, recipe: RigFlowRecipe, rng: np.random.Generator) -> CropPixels:
    """Lay a crop over the face, placed by the eyes."""
    middles = np.array([points[list(corners), :2].mean(0) for corners in EYE_CORNERS])
    width = np.ptp(middles[:, 0]) / rng.uniform(*recipe.eye_distance_share)
    height = width * rng.uniform(*recipe.crop_height)
    left = middles[:, 0].mean() - width / 2 + rng.normal(0, recipe.crop_shift_cm)
    top = middles[:, 1].mean() - height * rng.uniform(*recipe.eye_row_share)
    steps = (np.arange(recipe.grid) + 0.5) / recipe.grid
    x, y = np.meshgrid(left + width * steps, top + height * steps)
    return CropPixels(
        x.ravel().astype(np.float32),
        y.ravel().astype(np.float32),
        np.array([width, height]) / recipe.grid,
    )


def _rotation(degrees: np.ndarray) -> Float64[np.ndarray, "3 3"]:
    """Return the rotation by pitch, then yaw, then roll, in degrees."""
    (sx, sy, sz), (cx, cy, cz) = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    turn: np.ndarray = about_z @ about_y @ about_x
    return turn
