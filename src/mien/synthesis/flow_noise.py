"""What optical flow gets wrong: smooth patchy errors, places where it went astray, hair that moves by itself."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from mien.synthesis.flow_recipe import RigFlowRecipe


def skin_texture(
    count: int, side: int, rng: np.random.Generator
) -> Float32[np.ndarray, "count 1 side side"]:
    """Draw how much there is for flow to hold on to, RMS 1 about 0, in patches of a quarter of the crop or less."""
    return _unit(_coloured(count, 1, side, np.exp(-((_frequencies(side) / 4) ** 2)), rng))


def flow_errors(
    count: int,
    recipe: RigFlowRecipe,
    busy: np.ndarray,
    patchy: np.ndarray,
    rng: np.random.Generator,
) -> Float32[np.ndarray, "count 2 grid grid"]:
    """Draw errors of (u, v), centimetres.

    Args:
        count: how many samples.
        recipe: how large, how smooth.
        busy: (G, G) where errors are larger.
        patchy: (N, 1, G, G) of `skin_texture`.
        rng: where the choices come from.
    """
    side = recipe.grid
    frequency = _frequencies(side)
    slope = rng.uniform(*recipe.noise_slope, (count, 1, 1, 1)).astype(np.float32)
    corner = rng.uniform(*recipe.noise_corner, (count, 1, 1, 1)).astype(np.float32)
    gain = (1 + (frequency / corner) ** 2) ** (-slope / 2)
    errors = _unit(_coloured(count, 2, side, gain, rng))
    spread = rng.uniform(*recipe.noise_patchiness, (count, 1, 1, 1)).astype(np.float32)
    place = rng.uniform(*recipe.noise_plain, (count, 1, 1, 1)).astype(np.float32)
    errors = _unit(errors * np.exp(spread * patchy) * (place + busy))
    errors *= _lognormal(recipe.noise_cm, (count, 1, 1, 1), rng)
    return errors


def astray(
    count: int, recipe: RigFlowRecipe, pixel_cm: np.ndarray, rng: np.random.Generator
) -> Float32[np.ndarray, "count 2 grid grid"]:
    """Draw small patches that move anyhow, and hair at the top that does.

    Args:
        count: how many samples.
        recipe: how large and how many.
        pixel_cm: (2,) width and height of a pixel.
        rng: where the choices come from.
    """
    side, most = recipe.grid, 6
    there = np.arange(most) < rng.poisson(recipe.patches, (count, 1))
    size = _lognormal(recipe.patch_size, (count, most), rng) * there
    angle = rng.uniform(0, 2 * np.pi, (count, most))
    width = rng.uniform(*recipe.patch_cm, (count, most, 2)) / pixel_cm
    centre = rng.uniform(0, side, (count, most, 2))
    place = np.arange(side)
    across, down = (
        np.exp(-0.5 * ((place - centre[..., i, None]) / width[..., i, None]) ** 2).astype(
            np.float32
        )
        for i in (0, 1)
    )
    motion = np.stack([size * np.cos(angle), size * np.sin(angle)], 1).astype(np.float32)
    lots = np.matmul((motion[..., None] * down[:, None]).swapaxes(2, 3), across[:, None])
    return lots + _hair(count, recipe, rng)


def _hair(count: int, recipe: RigFlowRecipe, rng: np.random.Generator) -> np.ndarray:
    """A ragged strip at the top, (count, 2, G, G)."""
    side = recipe.grid
    moves = np.flatnonzero(rng.random(count) < recipe.hair_chance)
    strips = np.zeros((count, 2, side, side), np.float32)
    if len(moves):
        strips[moves] = _moving_hair(len(moves), recipe, rng)
    return strips


def _moving_hair(count: int, recipe: RigFlowRecipe, rng: np.random.Generator) -> np.ndarray:
    side = recipe.grid
    depth = rng.uniform(0.02, 0.2, (count, 1, 1)) * side
    ragged = _coloured(count, 1, side, np.exp(-((_frequencies(side) / 6) ** 2)), rng)[:, 0]
    ragged /= np.sqrt((ragged**2).mean((1, 2), keepdims=True)) + 1e-12
    rows = np.arange(side, dtype=np.float32)[:, None]
    hair = 1 / (1 + np.exp((rows - depth - 3 * ragged) / 1.5))
    motion = rng.normal(0, recipe.hair_cm, (count, 2, 1, 1))
    return (motion * hair[:, None]).astype(np.float32)


def _frequencies(side: int) -> np.ndarray:
    """(G, G // 2 + 1) cycles over the crop."""
    down, across = np.fft.fftfreq(side) * side, np.fft.rfftfreq(side) * side
    return np.hypot(down[:, None], across).astype(np.float32)


def _coloured(
    count: int, channels: int, side: int, gain: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Gaussian noise whose spectrum has this gain. Opposite edges meet, so it is cut from a torus: no edge shows."""
    from scipy import fft

    shape = (count, channels, side, side // 2 + 1)
    waves = np.empty(shape, np.complex64)
    waves.real = rng.standard_normal(shape, dtype=np.float32)
    waves.imag = rng.standard_normal(shape, dtype=np.float32)
    waves *= gain
    return fft.irfft2(waves, s=(side, side)).astype(np.float32)


def _unit(fields: np.ndarray) -> np.ndarray:
    """Bring each sample's RMS to 1."""
    rms = np.sqrt(np.einsum("nchw,nchw->n", fields, fields) / fields[0].size)
    return fields / (rms + 1e-20)[:, None, None, None]


def _lognormal(
    median_and_spread: tuple[float, float], shape: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    median, spread = median_and_spread
    return (median * np.exp(rng.normal(0, spread, shape))).astype(np.float32)
