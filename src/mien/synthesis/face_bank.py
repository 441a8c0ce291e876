"""A bank of cropped faces: the dense flow that each AU, head motion and glance causes on each face."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from jaxtyping import Float32

from mien.synthesis.drawn_face import draw_face
from mien.synthesis.face_flows import FaceFlows, face_flows
from mien.synthesis.flow_recipe import RigFlowRecipe


@dataclass(frozen=True, eq=False)
class FaceBank:
    """Bases of flow, flattened to (u or v, row, column), centimetres.

    Attributes:
        shapes: (F, S, 2 * G * G) flow of each rig shape at intensity 5, named `RIG_NAMES`.
        head: (F, 6, 2 * G * G) unit motions of a head: right, down, growing, turning, and parallax
            to the right and down.
        eyes: (F, 4, 2 * G * G) right lid down, left lid down, both irises to the right, both irises
            down.
        busy: (F, G * G) size of flow errors: about 1 at the lids, less at brows, mouth and folds,
            0 on plain skin.
        parts: (F, P, G * G) share of each of `mien.synthesis.face_parts.PARTS` in each pixel;
            shares add up to 1.
        ground: (F, G * G) 1 on the head with its hair, 0 on the background.
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


@lru_cache(maxsize=2)
def face_bank(recipe: RigFlowRecipe, seed: int) -> FaceBank:
    """Draw the faces of a bank; the last two banks are cached."""
    rng = np.random.default_rng([seed, 0])
    drawn = [draw_face(recipe, rng) for _ in range(recipe.faces)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return bank_of(list(pool.map(face_flows, drawn)))


def bank_of(made: Sequence[FaceFlows]) -> FaceBank:
    """Make a bank from the flows of faces."""
    return FaceBank(*(np.stack(part).astype(np.float32) for part in zip(*made, strict=True)))
