"""The motion that flow sees on a face: followed skin, lids, eyes and the head."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from mien.synthesis.face_bank import FaceBank
from mien.synthesis.flow_recipe import RigFlowRecipe


def followed(
    skin: Float32[np.ndarray, "count 2 grid grid"],
    texture: Float32[np.ndarray, "count 1 grid grid"],
    recipe: RigFlowRecipe,
    rng: np.random.Generator,
) -> Float32[np.ndarray, "count 2 grid grid"]:
    """Return the part of the skin's motion that optical flow measures.

    Flow measures more of it where the skin has texture, and misses most motion that is much weaker than the strongest.

    Args:
        skin: True motion (u, v), centimetres.
        texture: Texture from `mien.synthesis.flow_noise.skin_texture`.
        recipe: How much is measured.
        rng: Source of randomness.
    """
    count = len(skin)
    gaps = rng.uniform(*recipe.gaps, (count, 1, 1, 1)).astype(np.float32)
    seen = skin * np.exp(gaps * texture)
    squared = (seen**2).sum(1, keepdims=True)
    most = squared.max((2, 3), keepdims=True)
    share = rng.uniform(*recipe.still_share, (count, 1, 1, 1)).astype(np.float32)
    kept = squared**2 / (squared**2 + (share**2 * most) ** 2 + 1e-12)
    median, spread = recipe.strength
    strength = median * np.exp(rng.normal(0, spread, share.shape)).astype(np.float32)
    moved: np.ndarray = strength * kept * seen
    return moved


def lids_and_eyes(
    bank: FaceBank, face: int, count: int, recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float32[np.ndarray, "count pixels2"]:
    """Draw motion of lids and eyes that no AU causes, flattened (u, v), centimetres."""
    blinks = rng.random((count, 1)) < recipe.blink_chance
    lids = rng.normal(0, recipe.blink_cm, (count, 1)) * blinks
    lids = lids * np.exp(rng.normal(0, recipe.side_spread, (count, 2)))
    turns = rng.random((count, 1)) < recipe.gaze_chance
    glance = rng.normal(0, recipe.gaze_cm, (count, 2)) * (1, 0.4) * turns
    motion = np.concatenate([lids, glance], axis=1).astype(np.float32)
    moved: np.ndarray = motion @ bank.eyes[face]
    return moved


def head_motion(
    bank: FaceBank, face: int, count: int, recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float32[np.ndarray, "count pixels2"]:
    """Draw head motion that remains after alignment, flattened (u, v), centimetres."""
    median, spread = recipe.head_cm
    size = median * np.exp(rng.normal(0, spread, (count, 1)))
    # At these weights a turn or a growth moves the crop's edge about as far as a shift does.
    parts = rng.normal(0, 1, (count, 6)) * (1, 1, 0.4, 0.4, 0.5, 0.5)
    motion = (size * parts / np.sqrt(6)).astype(np.float32) @ bank.head[face]
    still = rng.random((count, 1)) < recipe.ground_still
    ground = np.tile(bank.ground[face], 2)
    moved: np.ndarray = motion * np.where(still, ground, np.float32(1))
    return moved
