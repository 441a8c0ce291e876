"""Perceptual hashes of samples: two samples that look the same have the same hash, even if their bytes differ.

The hash of a picture has a bit for each of its 64 lowest cosine coefficients: whether it is above their median (pHash;
Zauner 2010). A micro-expression hardly changes a picture, so the hash of the difference between apex and onset is
added.
"""

from __future__ import annotations

import cv2
import numpy as np

from mien.types import Image

_SIDE = 32
_KEPT = 8
_MIDDLE = (_KEPT**2 - 2) // 2
"""Index of the median among the sorted coefficients without the first."""


def picture_hash(image: np.ndarray) -> str:
    """Return the hash of a picture of one channel, 16 hexadecimal digits.

    Args:
        image: (H, W); a picture larger than `_SIDE` is reduced to that size, a smaller one must have even sides.
    """
    small: np.ndarray = np.ascontiguousarray(image, np.float32)
    if max(small.shape) > _SIDE:
        small = cv2.resize(small, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    low = cv2.dct(small)[:_KEPT, :_KEPT].ravel()
    median = np.partition(low[1:], _MIDDLE)[_MIDDLE]
    bits = np.packbits(low > median)
    return bits.tobytes().hex()


def movement_hash(onset: Image, apex: Image) -> str:
    """Return the hash of the onset and of the change from onset to apex, 32 hexadecimal digits.

    Args:
        onset: (H, W, 3) uint8.
        apex: (H, W, 3) uint8.
    """
    first, last = (
        cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float32) for each in (onset, apex)
    )
    return picture_hash(first) + picture_hash(last - first)


def flow_hash(flow: np.ndarray) -> str:
    """Return the hashes of the three channels of a flow map (28, 28, 3), 48 hexadecimal digits."""
    return "".join(picture_hash(flow[..., channel]) for channel in range(flow.shape[2]))
