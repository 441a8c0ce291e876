"""Artifacts of optical flow: outliers, moving hair, steps, and grain in the strain."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from mien.synthesis.flow_recipe import RigFlowRecipe
from mien.synthesis.noise_fields import coloured_noise, frequencies, lognormal

MOST_PATCHES = 6
"""Largest number of outlier patches in a sample."""


def outliers(
    count: int, recipe: RigFlowRecipe, pixel_cm: np.ndarray, rng: np.random.Generator
) -> Float32[np.ndarray, "count 2 grid grid"]:
    """Draw small patches, and hair at the top, that move at random.

    Args:
        count: Number of samples.
        recipe: Size and number of the patches.
        pixel_cm: (2,) width and height of a pixel.
        rng: Source of randomness.
    """
    side = recipe.grid
    there = np.arange(MOST_PATCHES) < rng.poisson(recipe.patches, (count, 1))
    size = lognormal(recipe.patch_size, (count, MOST_PATCHES), rng) * there
    angle = rng.uniform(0, 2 * np.pi, (count, MOST_PATCHES))
    width = rng.uniform(*recipe.patch_cm, (count, MOST_PATCHES, 2)) / pixel_cm
    centre = rng.uniform(0, side, (count, MOST_PATCHES, 2))
    place = np.arange(side)
    across, down = (
        np.exp(-0.5 * ((place - centre[..., i, None]) / width[..., i, None]) ** 2).astype(
            np.float32
        )
        for i in (0, 1)
    )
    motion = np.stack([size * np.cos(angle), size * np.sin(angle)], 1).astype(np.float32)
    patches = np.matmul((motion[..., None] * down[:, None]).swapaxes(2, 3), across[:, None])
    both: np.ndarray = patches + _hair(count, recipe, rng)
    return both


def stepped(
    flow: Float32[np.ndarray, "count 2 grid grid"], recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float32[np.ndarray, "count 2 grid grid"]:
    """Give flow soft steps of random height and phase, as methods with total variation do.

    The share of the steps stays below 1, so that flow never decreases where it increased.
    """
    shape = (len(flow), 2, 1, 1)
    share = rng.uniform(*recipe.steps, (len(flow), 1, 1, 1)).astype(np.float32)
    height = flow.std((2, 3), keepdims=True) * rng.uniform(*recipe.step_size, shape)
    wave = (2 * np.pi / (height + 1e-12)).astype(np.float32)
    phase = rng.uniform(0, 2 * np.pi, shape).astype(np.float32)
    steps: np.ndarray = flow + share / wave * np.sin(wave * flow + phase)
    return steps


def grainy_strain(
    strain: Float32[np.ndarray, "count grid grid"], recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float32[np.ndarray, "count grid grid"]:
    """Make strain look like differences of a finer flow: grainy, and nowhere quite zero."""
    count = len(strain)
    grain = rng.uniform(*recipe.grain, (count, 1, 1)).astype(np.float32)
    strain = strain * np.exp(grain * rng.standard_normal(strain.shape, dtype=np.float32))
    median, spread = recipe.floor
    rms = np.sqrt((strain**2).mean((1, 2), keepdims=True))
    size = rms * median * np.exp(rng.normal(0, spread, rms.shape)).astype(np.float32)
    # Strain's magnitude has three independent derivatives of white noise; two draws are close.
    fine = size**2 * rng.standard_exponential(strain.shape, dtype=np.float32)
    seen: np.ndarray = np.sqrt(strain**2 + fine)
    return seen


def _hair(
    count: int, recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float32[np.ndarray, "count 2 grid grid"]:
    """Draw a moving strip at the top of some samples."""
    side = recipe.grid
    moves = np.flatnonzero(rng.random(count) < recipe.hair_chance)
    strips = np.zeros((count, 2, side, side), np.float32)
    if len(moves):
        strips[moves] = _moving_hair(len(moves), recipe, rng)
    return strips


def _moving_hair(
    count: int, recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float32[np.ndarray, "count 2 grid grid"]:
    """Draw strips with a ragged lower edge, each moving as a whole."""
    side = recipe.grid
    depth = rng.uniform(0.02, 0.2, (count, 1, 1)) * side
    ragged = coloured_noise(count, 1, side, np.exp(-((frequencies(side) / 6) ** 2)), rng)[:, 0]
    ragged /= np.sqrt((ragged**2).mean((1, 2), keepdims=True)) + 1e-12
    rows = np.arange(side, dtype=np.float32)[:, None]
    hair = 1 / (1 + np.exp((rows - depth - 3 * ragged) / 1.5))
    motion = rng.normal(0, recipe.hair_cm, (count, 2, 1, 1))
    strips: np.ndarray = (motion * hair[:, None]).astype(np.float32)
    return strips
