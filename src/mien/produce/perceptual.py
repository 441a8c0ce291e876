"""Perceptual hashes of samples: two samples that look the same have the same hash, whatever their bytes.

The hash of a picture is the sign of its 64 lowest cosine coefficients about their median (pHash; Zauner 2010). A
micro-expression hardly changes a picture, so the hash of the difference between apex and onset stands beside it.
"""

from __future__ import annotations

import cv2
import numpy as np

from mien.types import Image

_SIDE = 32
_KEPT = 8
_MIDDLE = (_KEPT**2 - 2) // 2
"""Place of the median among all coefficients but the first."""


def picture_hash(image: np.ndarray) -> str:
    """Return the hash of a picture of one channel, 16 hexadecimal digits.

    Args:
        image: (H, W); one that is larger than `_SIDE` is reduced to it, a smaller one must have even sides.
    """
    small: np.ndarray = np.ascontiguousarray(image, np.float32)
    if max(small.shape) > _SIDE:
        small = cv2.resize(small, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    low = cv2.dct(small)[:_KEPT, :_KEPT].ravel()
    median = np.partition(low[1:], _MIDDLE)[_MIDDLE]
    bits = np.packbits(low > median)
    return bits.tobytes().hex()


def movement_hash(onset: Image, apex: Image) -> str:
    """Return the hash of a face that moves, 32 hexadecimal digits: of the onset, and of what changed until the apex.

    Args:
        onset: (H, W, 3) uint8.
        apex: The same.
    """
    first, last = (
        cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float32) for each in (onset, apex)
    )
    return picture_hash(first) + picture_hash(last - first)


def flow_hash(flow: np.ndarray) -> str:
    """Return the hash of a flow map (28, 28, 3), 48 hexadecimal digits: of each of its channels."""
    return "".join(picture_hash(flow[..., channel]) for channel in range(flow.shape[2]))
