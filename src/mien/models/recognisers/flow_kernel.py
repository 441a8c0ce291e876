"""Our recogniser's view of flow maps: three kernels of what min-max scaling has left.

Scaling moved zero; most of a face is still, so each channel's median is put back as zero and its RMS
as one. A map is then looked at as it is, as soft-pooled positive and negative motion, and as the
like of its slopes, which no shift of zero touches. Their kernels are averaged.
"""

from __future__ import annotations

from typing import TypeAlias

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
    scaled: np.ndarray = maps / (np.sqrt((maps**2).mean((1, 2), keepdims=True)) + 1e-3)
    return scaled


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
    """Return the distances of some samples to some."""
    return tuple(view[np.ix_(rows, columns)] for view in distances)


def median_scales(distances: Distances) -> tuple[float, ...]:
    """Return each view's median: a kernel as wide as the samples lie apart."""
    return tuple(float(np.median(view)) for view in distances)


def kernel(distances: Distances, scales: tuple[float, ...]) -> Float64[np.ndarray, "rows columns"]:
    """Return the mean of the views' Gaussian kernels ``exp(-distance / scale)``.

    A scale of 0, where most samples are alike, makes these 1 and others 0.
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
    pooled: np.ndarray = np.einsum("gi,nijc,hj->nghc", weights, maps, weights, optimize=True)
    return pooled
