"""Pictures that follow a clip and hide its afterimage (backward masks): noise, and the face in shuffled tiles.

Both have the colours of the face, so that only its form is lost.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool

from mien.types import Image

TILE = 0.22
"""Side of a tile, as a share of the distance between the eyes. No eye and no corner of the mouth fits into a tile."""


def noise_mask(still: Image, seed: int) -> Image:
    """Return noise with the amplitude spectrum of a picture and random phases.

    All colour channels get the same random phases, so colours stay together. Mean and contrast are the picture's.

    Args:
        still: (H, W, 3) or (H, W, 4) uint8; alpha stays.
        seed: Seed of the phases.
    """
    colour = still[..., :3].astype(np.float64)
    noise = np.random.default_rng(seed).standard_normal(still.shape[:2])
    phase = np.angle(np.fft.fft2(noise))  # of a real picture, so the result is real too
    phase[0, 0] = 0.0  # the mean stays
    made = np.empty_like(colour)
    for channel in range(3):
        spectrum = np.fft.fft2(colour[..., channel])
        made[..., channel] = np.fft.ifft2(spectrum * np.exp(1j * phase)).real
    return _with_alpha(still, np.clip(np.floor(made + 0.5), 0, 255).astype(np.uint8))


def scrambled_mask(
    still: Image, seed: int, tile_px: int, seen: Bool[np.ndarray, "height width"] | None = None
) -> Image:
    """Return a picture with shuffled tiles; no tile stays in its place.

    Args:
        still: (H, W, 3) or (H, W, 4) uint8; alpha stays.
        seed: Seed of the order.
        tile_px: Side of a tile; a strip narrower than a tile stays at the right and lower edges.
        seen: (H, W) True on the face: only tiles whose centre is on it are shuffled. None for all.
    """
    rows, columns = still.shape[0] // tile_px, still.shape[1] // tile_px
    corners = [(tile_px * r, tile_px * c) for r in range(rows) for c in range(columns)]
    half = tile_px // 2
    if seen is not None:
        corners = [(y, x) for y, x in corners if seen[y + half, x + half]]
    made = still.copy()
    if len(corners) < 2:
        return made
    order = np.random.default_rng(seed).permutation(len(corners))
    # Each tile of a random cycle takes the place of another, so all tiles move.
    for here, there in zip(order, np.roll(order, 1), strict=True):
        (y, x), (v, u) = corners[here], corners[there]
        made[y : y + tile_px, x : x + tile_px, :3] = still[v : v + tile_px, u : u + tile_px, :3]
    return made


def _with_alpha(still: Image, colour: Image) -> Image:
    return np.concatenate([colour, still[..., 3:]], axis=2)
