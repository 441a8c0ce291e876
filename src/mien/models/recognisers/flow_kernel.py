"""Features and kernel of Mien's own recogniser.

Min-max scaling removed which value was zero and how large the motion was. Most of a face is still, so each
channel's median is set to zero and its RMS to one. Three views of a map are computed: the map itself, its soft-pooled
positive and negative parts, and the soft-pooled parts of its gradients, which do not depend on which value was zero.
The Gaussian kernels of the views are averaged.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from jaxtyping import Float64

from mien.io.flow_sets import FlowMaps

POOLED = 7
"""Height and width of the soft pooling, cells."""

Views: TypeAlias = tuple[np.ndarray, ...]
"""Features (samples, numbers) of the same samples, one array for each view."""

Distances: TypeAlias = tuple[np.ndarray, ...]
"""Squared distances (rows, columns) between samples, one array for each view."""


def mirrored(flow: FlowMaps) -> FlowMaps:
    """Return the maps of the mirrored faces: columns reversed, flow to the right negated."""
    turned = flow[:, :, ::-1].copy()
    turned[..., 0] = 255 - turned[..., 0]
    return turned


def centred(flow: FlowMaps) -> Float64[np.ndarray, "samples 28 28 3"]:
    """Subtract the median of each channel of each sample, then divide by the RMS."""
    maps: np.ndarray = flow.astype(np.float64)
    maps -= np.median(maps, axis=(1, 2), keepdims=True)
    maps /= np.sqrt((maps**2).mean((1, 2), keepdims=True)) + 1e-3
    return maps


def features(flow: FlowMaps) -> Views:
    """Return the three views of each map."""
    maps = centred(flow)
    rows, columns = np.gradient(maps[..., :2], axis=(1, 2))
    slopes = np.concatenate([columns, rows], axis=-1)
    views = (maps, np.sqrt(_pooled(_signs(maps))), np.sqrt(_pooled(_signs(slopes))))
    return tuple(view.reshape(len(flow), -1) for view in views)


def squared_distances(rows: Views, columns: Views) -> Distances:
    """Return the squared distance of each sample in ``rows`` to each in ``columns``, by view."""
    return tuple(
        np.maximum((a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T, 0)
        for a, b in zip(rows, columns, strict=True)
    )


def part(distances: Distances, rows: np.ndarray, columns: np.ndarray) -> Distances:
    """Return the distances between some of the samples: those of ``rows`` to those of ``columns``."""
    return tuple(view[np.ix_(rows, columns)] for view in distances)


def median_scales(distances: Distances) -> tuple[float, ...]:
    """Return each view's median squared distance, for a kernel as wide as the typical distance."""
    return tuple(float(np.median(view)) for view in distances)


def kernel(distances: Distances, scales: tuple[float, ...]) -> Float64[np.ndarray, "rows columns"]:
    """Return the mean of the views' Gaussian kernels ``exp(-squared distance / scale)``.

    If most samples are equal, a scale is 0; that view's kernel is then 1 for equal samples and 0 for others.
    """
    total = np.zeros(distances[0].shape)
    for view, scale in zip(distances, scales, strict=True):
        total += np.exp(view / -max(scale, 1e-9))
    total /= len(scales)
    return total


def _signs(maps: np.ndarray) -> np.ndarray:
    """Return the positive and the negative part of each channel as two channels."""
    return np.concatenate([np.maximum(maps, 0), np.maximum(-maps, 0)], axis=-1)


def _pooled(maps: np.ndarray) -> np.ndarray:
    """Average (N, H, H, C) over overlapping Gaussian cells: (N, POOLED, POOLED, C)."""
    size = maps.shape[1]
    centres = (np.arange(POOLED) + 0.5) * size / POOLED - 0.5
    weights = np.exp(-0.5 * ((np.arange(size) - centres[:, None]) / (0.5 * size / POOLED)) ** 2)
    weights /= weights.sum(1, keepdims=True)
    cells: np.ndarray = np.einsum("gi,nijc,hj->nghc", weights, maps, weights, optimize=True)
    return cells
