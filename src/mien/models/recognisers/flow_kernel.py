"""Our recogniser's view of flow maps: three kernels of what min-max scaling has left.

Scaling moved zero; most of a face is still, so each channel's median is put back as zero and its RMS
as one. A map is then looked at as it is, as soft-pooled positive and negative motion, and as the
like of its slopes, which no shift of zero touches. Their kernels are averaged.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, UInt8

POOLED = 7
"""Cells a side of the soft pooling."""


def mirrored(flow: UInt8[np.ndarray, "samples 28 28 3"]) -> UInt8[np.ndarray, "samples 28 28 3"]:
    """Return the maps of the mirrored faces: columns turned about, flow to the right negated."""
    turned = flow[:, :, ::-1].copy()
    turned[..., 0] = 255 - turned[..., 0]
    return turned


def centred(
    flow: UInt8[np.ndarray, "samples 28 28 3"],
) -> Float64[np.ndarray, "samples 28 28 3"]:
    """Return each channel about its median, over its RMS."""
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


def kernel(
    rows: tuple[np.ndarray, ...],
    columns: tuple[np.ndarray, ...],
    scales: tuple[float, ...],
) -> Float64[np.ndarray, "rows columns"]:
    """Return the mean of the views' Gaussian kernels ``exp(-distance^2 / scale)``."""
    total = np.zeros((len(rows[0]), len(columns[0])))
    for row, column, scale in zip(rows, columns, scales, strict=True):
        total += np.exp(-_squared_distances(row, column) / scale)
    return total / len(scales)


def median_scales(views: tuple[np.ndarray, ...]) -> tuple[float, ...]:
    """Return the median squared distance among the samples, for each view."""
    return tuple(float(np.median(_squared_distances(view, view))) for view in views)


def _squared_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.maximum(squares, 0)


def _signs(maps: np.ndarray) -> np.ndarray:
    return np.concatenate([np.maximum(maps, 0), np.maximum(-maps, 0)], axis=-1)


def _pooled(maps: np.ndarray) -> np.ndarray:
    size = maps.shape[1]
    centres = (np.arange(POOLED) + 0.5) * size / POOLED - 0.5
    weights = np.exp(-0.5 * ((np.arange(size) - centres[:, None]) / (0.5 * size / POOLED)) ** 2)
    weights /= weights.sum(1, keepdims=True)
    return np.einsum("gi,nijc,hj->nghc", weights, maps, weights, optimize=True)
