"""Mien's recogniser: three kernels on flow maps whose channels were scaled to their minimum and maximum.

That scaling moved the value that means no motion. Most of a face does not move, so each channel's
median is set to 0 again, and its RMS to 1. Each map then gives three views: the map itself, its
positive and negative motion after soft pooling, and the same for its slopes, which do not depend on
where zero is. The kernels of the three views are averaged.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from jaxtyping import Float64, UInt8

POOLED = 7
"""Cells along each side of the soft pooling."""


def mirrored(flow: UInt8[np.ndarray, "samples 28 28 3"]) -> UInt8[np.ndarray, "samples 28 28 3"]:
    """Return the maps of the mirrored faces: columns reversed, flow to the right negated."""
    turned = flow[:, :, ::-1].copy()
    turned[..., 0] = 255 - turned[..., 0]
    return turned


def centred(
    flow: UInt8[np.ndarray, "samples 28 28 3"],
) -> Float64[np.ndarray, "samples 28 28 3"]:
    """Return each channel minus its median, divided by its RMS."""
    maps = flow.astype(np.float64)
    maps -= np.median(maps, axis=(1, 2), keepdims=True)
    return maps / (np.sqrt((maps**2).mean((1, 2), keepdims=True)) + 1e-3)


def features(flow: UInt8[np.ndarray, "samples 28 28 3"]) -> tuple[np.ndarray, ...]:
    """Return the three views of each map, (samples, numbers) each."""
    maps = centred(flow)
    rows, columns = np.gradient(maps[..., :2], axis=(1, 2))
    slopes = np.concatenate([columns, rows], axis=-1)
    views = (maps, np.sqrt(_pooled(_signs(maps))), np.sqrt(_pooled(_signs(slopes))))
    return tuple(view.reshape(len(flow), -1) for view in views)


Distances: TypeAlias = tuple[np.ndarray, ...]
"""Squared distances (rows, columns) among samples, for each view."""


def squared_distances(rows: tuple[np.ndarray, ...], columns: tuple[np.ndarray, ...]) -> Distances:
    """Return the squared distances of each row's sample to each column's, for each view."""
    return tuple(
        np.maximum((a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T, 0)
        for a, b in zip(rows, columns, strict=True)
    )


def part(distances: Distances, rows: np.ndarray, columns: np.ndarray) -> Distances:
    """Return the distances of some samples to some others."""
    return tuple(view[np.ix_(rows, columns)] for view in distances)


def median_scales(distances: Distances) -> tuple[float, ...]:
    """Return each view's median distance, which is the width of its kernel."""
    return tuple(float(np.median(view)) for view in distances)


def kernel(distances: Distances, scales: tuple[float, ...]) -> Float64[np.ndarray, "rows columns"]:
    """Return the mean of the views' Gaussian kernels ``exp(-distance / scale)``.

    If most samples are equal the scale is 0; equal samples then give 1 and all others 0.
    """
    total = np.zeros(distances[0].shape)
    for view, scale in zip(distances, scales, strict=True):
        total += np.exp(view / -max(scale, 1e-9))
    return total / len(scales)


def _signs(maps: np.ndarray) -> np.ndarray:
    return np.concatenate([np.maximum(maps, 0), np.maximum(-maps, 0)], axis=-1)


def _pooled(maps: np.ndarray) -> np.ndarray:
    size = maps.shape[1]
    centres = (np.arange(POOLED) + 0.5) * size / POOLED - 0.5
    weights = np.exp(-0.5 * ((np.arange(size) - centres[:, None]) / (0.5 * size / POOLED)) ** 2)
    weights /= weights.sum(1, keepdims=True)
    return np.einsum("gi,nijc,hj->nghc", weights, maps, weights, optimize=True)
