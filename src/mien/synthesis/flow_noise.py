"""Smooth errors of optical flow: patchy errors, and errors that are equal within a part of the face."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from mien.synthesis.face_bank import FaceBank
from mien.synthesis.flow_recipe import RigFlowRecipe
from mien.synthesis.noise_fields import coloured_noise, frequencies, lognormal, unit_rms


def skin_texture(
    count: int, side: int, rng: np.random.Generator
) -> Float32[np.ndarray, "count 1 side side"]:
    """Draw how much texture the skin has for flow to follow, with mean 0 and RMS 1.

    Patches are a quarter of the crop or smaller.
    """
    gain = np.exp(-((frequencies(side) / 4) ** 2))
    return unit_rms(coloured_noise(count, 1, side, gain, rng))


def flow_errors(
    count: int,
    recipe: RigFlowRecipe,
    busy: Float32[np.ndarray, "grid grid"],
    texture: Float32[np.ndarray, "count 1 grid grid"],
    rng: np.random.Generator,
) -> Float32[np.ndarray, "count 2 grid grid"]:
    """Draw smooth, patchy errors of (u, v), centimetres.

    Args:
        count: Number of samples.
        recipe: Size and smoothness of the errors.
        busy: Size of errors; see :class:`mien.synthesis.face_bank.FaceBank`.
        texture: Texture from `skin_texture`.
        rng: Source of randomness.
    """
    side = recipe.grid
    frequency = frequencies(side)
    slope = rng.uniform(*recipe.noise_slope, (count, 1, 1, 1)).astype(np.float32)
    corner = rng.uniform(*recipe.noise_corner, (count, 1, 1, 1)).astype(np.float32)
    gain = (1 + (frequency / corner) ** 2) ** (-slope / 2)
    errors = unit_rms(coloured_noise(count, 2, side, gain, rng))
    spread = rng.uniform(*recipe.noise_patchiness, (count, 1, 1, 1)).astype(np.float32)
    plain = rng.uniform(*recipe.noise_plain, (count, 1, 1, 1)).astype(np.float32)
    errors = unit_rms(errors * np.exp(spread * texture) * (plain + busy))
    errors *= lognormal(recipe.noise_cm, (count, 1, 1, 1), rng)
    return errors


def part_errors(
    bank: FaceBank, face: int, count: int, recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float32[np.ndarray, "count 2 pixels"]:
    """Draw errors of (u, v) that are nearly equal within each part of the face, centimetres."""
    parts = bank.parts[face]
    median, spread = recipe.part_cm
    size = median * np.exp(rng.normal(0, spread, (count, 1, 1)))
    uneven = np.exp(rng.normal(0, recipe.part_spread, (count, 1, len(parts))))
    uneven /= np.sqrt((uneven**2).mean(2, keepdims=True))
    motion = size * uneven * rng.normal(0, 1, (count, 2, len(parts)))
    errors: np.ndarray = np.matmul(motion.astype(np.float32), parts)
    return errors
