"""Dense optical flow between two grey pictures of one size."""

from __future__ import annotations

from typing import get_args

import cv2
import numpy as np
from jaxtyping import Float32

from mien.errors import MissingExtraError, UsageError
from mien.install import install_command
from mien.motion.flow_method import FlowMethod

SKIMAGE_ATTACHMENT = 15.0
"""scikit-image's default weight of the pictures against the flow's smoothness in TV-L1."""


def dense_flow(
    first: np.ndarray,
    second: np.ndarray,
    method: FlowMethod,
    attachment: float = SKIMAGE_ATTACHMENT,
) -> Float32[np.ndarray, "h w 2"]:
    """Return how far each pixel of the first picture moves to its place in the second.

    Args:
        first: (H, W) grey levels 0 to 255, of any numeric type.
        second: The same size.
        method: ``dis`` (at its finest scale) or ``tvl1``.
        attachment: For ``tvl1``: weight of the pictures against the flow's smoothness.

    Returns:
        (H, W, 2) displacement (x, y), pixels.

    Raises:
        UsageError: An unknown method.
        MissingExtraError: scikit-image, which has TV-L1, is not installed.
    """
    if method not in get_args(FlowMethod):
        raise UsageError(f"expected the flow {' or '.join(get_args(FlowMethod))}, got {method!r}")
    return _tvl1(first, second, attachment) if method == "tvl1" else _dis(first, second)


def _tvl1(first: np.ndarray, second: np.ndarray, attachment: float) -> np.ndarray:
    try:
        from skimage.registration import optical_flow_tvl1
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"TV-L1 flow needs scikit-image: {install_command('eval')}; or use --flow dis"
        ) from error
    down, right = optical_flow_tvl1(
        first / 255.0, second / 255.0, attachment=attachment, dtype=np.float32
    )
    return np.stack([right, down], axis=2).astype(np.float32)


def _dis(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow.setFinestScale(0)
    pair = [np.rint(grey).clip(0, 255).astype(np.uint8) for grey in (first, second)]
    return np.asarray(flow.calc(pair[0], pair[1], None))  # type: ignore[call-overload]
