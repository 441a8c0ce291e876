"""Tiny motion networks, and faces whose true motion is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mien.au.catalog import RIG_NAMES
from mien.face.mesh import canonical_vertices
from mien.training.core.run_options import RunOptions
from mien.training.faces.face_motion import CELL_PX, FaceMotion, OneFaceMotion
from mien.training.faces.face_set import FaceSet
from mien.training.motion.recipe import MotionRecipe
from mien.training.motion.recipes import FOMM_RECIPES, MRAA_RECIPES

SIZE = 32
TINY = {
    "image_px": SIZE,
    "modes": 3,
    "detector_width": 4,
    "motion_width": 4,
    "max_width": 8,
    "hourglass_blocks": 2,
    "generator_width": 4,
    "generator_max_width": 8,
    "generator_blocks": 1,
}
CPU = RunOptions(accelerator="cpu", save_every=2, validate_every=100, log_every=1)


def moved_faces(count: int = 12, views: int = 3) -> FaceSet:
    """Smooth pictures, shifted and stretched as a whole, with the motion that did it."""
    rng = np.random.default_rng(0)
    mesh = canonical_vertices()[:, :2] / 12
    cells = SIZE // CELL_PX
    at_cells, at_pixels = (
        np.stack(np.meshgrid(*(2 * [(2 * np.arange(n) + 1) / n - 1])), -1) for n in (cells, SIZE)
    )
    images = np.empty((count, views, SIZE, SIZE, 3), np.uint8)
    motions = []
    ways = np.zeros(images.shape, np.float16)
    for face in range(count):
        phase = rng.uniform(0, 6, 3)
        maps = [np.zeros((2, 3))]
        maps += [np.c_[rng.normal(0, 0.03, (2, 2)), rng.normal(0, 0.05, 2)] for _ in maps * 2]
        for view, change in enumerate(maps[:views]):
            linear = np.eye(2) + change[:, :2]
            back = (at_pixels - change[:, 2]) @ np.linalg.inv(linear).T
            wave = np.sin(3 * back[..., :1] + phase) + np.cos(4 * back[..., 1:] + phase)
            images[face, view] = 127.5 + 50 * wave
            ways[face, view, ..., :2] = (back - at_pixels) * (SIZE / 2)
        carried = [[p @ c[:, :2].T + c[:, 2] for c in maps[:views]] for p in (mesh, at_cells)]
        motions.append(OneFaceMotion(mesh, np.stack(carried[0]), np.stack(carried[1])))
    aus = np.zeros((count, views, len(RIG_NAMES)), np.float32)
    names = tuple(f"person {number}" for number in range(count))
    motion = FaceMotion.of(motions)
    return FaceSet(images, aus, RIG_NAMES, names, {"kind": "flow"}, motion=motion, way_back=ways)


def recipe_of(kind: str) -> MotionRecipe:
    architecture, prior = kind.split("-")
    recipes = FOMM_RECIPES if architecture == "fomm" else MRAA_RECIPES
    recipe = recipes["ours"]
    small = replace(recipe, network=replace(recipe.network, **TINY), batch_size=3, steps=4)
    if prior == "points":
        return small.with_prior("awp", 30, ours=True)
    return small.with_prior(prior, None, ours=True)
