"""Turn dense flow into the three small maps from which micro-expressions are recognised.

The maps are those of the second facial micro-expression challenge (MEGC2019) and of its published nets (Liong et al.,
FG 2019). They show an aligned, cropped face from onset to apex: the flow to the right (u), the flow down (v), and the
magnitude of its strain. Each map is resized to 28 x 28 and stretched to 0..255 separately, so the maps no longer show
which value was zero or how large the motion was.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float32, UInt8

from mien.errors import UsageError

MAP_SIZE = 28
"""Height and width of a map, pixels: the usual input of STSTNet and of the challenge."""


def flow_maps(flow_px: Float32[np.ndarray, "height width 2"]) -> UInt8[np.ndarray, "28 28 3"]:
    """Make the maps of one face.

    Args:
        flow_px: (H, W, 2) how far each pixel of the onset's crop has moved at the apex, to the right and down, in
            pixels. The crop should show a face with little around it, and must be at least 28 pixels wide and high.

    Returns:
        (28, 28, 3) uint8: row, column, then u, v and strain. Each channel's smallest value is 0, its largest 255.
        A constant channel is 0.

    Raises:
        UsageError: A flow of another shape, under 28 pixels wide or high, or not finite.
    """
    flow = np.asarray(flow_px)
    if flow.ndim != 3 or flow.shape[2] != 2 or min(flow.shape[:2]) < MAP_SIZE:
        raise UsageError(
            f"expected a flow (height, width, 2) of {MAP_SIZE} pixels or more, got {flow.shape}"
        )
    if not np.isfinite(flow).all():
        raise UsageError("expected a finite flow, got NaN or infinity")
    maps: np.ndarray = many_flow_maps(np.moveaxis(flow, 2, 0)[None])[0]
    return maps


def many_flow_maps(
    flow_px: Float32[np.ndarray, "samples 2 height width"],
    strain: Float32[np.ndarray, "samples height width"] | None = None,
) -> UInt8[np.ndarray, "samples 28 28 3"]:
    """Make the maps of many faces of one size, as :func:`flow_maps` does but without its checks.

    Args:
        flow_px: (N, 2, H, W) flow to the right and down, pixels.
        strain: (N, H, W) the magnitude of the flow's strain, if it is known more exactly than from differences of the
            flow; None computes it.
    """
    flow = np.asarray(flow_px, np.float32)
    if strain is None:
        strain = strain_magnitude(flow)
    channels = np.concatenate([flow, strain[:, None]], axis=1)
    small = resized(channels, MAP_SIZE)
    return np.ascontiguousarray(np.moveaxis(stretched(small), 1, 3))


def strain_magnitude(
    flow_px: Float32[np.ndarray, "samples 2 height width"],
) -> Float32[np.ndarray, "samples height width"]:
    """Return ``sqrt(exx^2 + eyy^2 + 2 exy^2)`` of the small strain tensor, from central differences."""
    u_down, u_right = np.gradient(flow_px[:, 0], axis=(1, 2))
    v_down, v_right = np.gradient(flow_px[:, 1], axis=(1, 2))
    magnitude: np.ndarray = np.sqrt(u_right**2 + v_down**2 + 0.5 * (u_down + v_right) ** 2)
    return magnitude


def resized(
    maps: Float32[np.ndarray, "... height width"], side: int
) -> Float32[np.ndarray, "... side side"]:
    """Resize maps to a square; each new pixel is the mean of the area it covers."""
    rows, columns = (_area_means(length, side) for length in maps.shape[-2:])
    small: np.ndarray = np.matmul(np.matmul(rows, maps), columns.T)
    return small


def stretched(
    maps: Float32[np.ndarray, "... height width"],
) -> UInt8[np.ndarray, "... height width"]:
    """Stretch each map to the range 0..255."""
    low = maps.min((-2, -1), keepdims=True)
    reach = maps.max((-2, -1), keepdims=True) - low
    share = np.divide(maps - low, reach, out=np.zeros_like(maps), where=reach > 0)
    levels: np.ndarray = np.rint(255 * share).astype(np.uint8)
    return levels


@lru_cache(maxsize=16)
def _area_means(length: int, side: int) -> np.ndarray:
    """Return (side, length) weights of the old pixels in each new pixel; each row sums to 1."""
    edges = np.arange(side + 1) * (length / side)
    pixels = np.arange(length)
    low = np.maximum(edges[:-1, None], pixels)
    high = np.minimum(edges[1:, None], pixels + 1)
    weights: np.ndarray = (np.maximum(high - low, 0) * (side / length)).astype(np.float32)
    return weights
