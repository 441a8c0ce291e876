"""Ghosting: the part of a change that is not motion.

A dense flow can explain a moved portrait: it moves the portrait's pixels to where the result shows them. It cannot
explain a double exposure, which shows the face at two places at once. Sharpness does not show this difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float32

from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.metrics.face_flow import face_area, face_grey
from mien.motion.dense_flow import dense_flow
from mien.motion.flow_method import FlowMethod
from mien.types import Image


@dataclass(frozen=True)
class Residual:
    """Mean absolute difference of a result and its portrait, grey levels.

    Attributes:
        before: Without any flow.
        after: After the flow has moved the portrait's pixels.
    """

    before: float
    after: float

    @property
    def ratio(self) -> float:
        """``after / before``: 0 if motion explains the change, near 1 if it does not; 0 without a change."""
        return self.after / self.before if self.before > 0 else 0.0


def ghosting(portrait: Portrait, frame: Image, method: FlowMethod = "dis") -> float:
    """Return the mean of |frame - portrait| in the face after flow, divided by the mean before flow.

    A pure warp gives a value near 0, a double exposure a clearly higher one. The ratio only means something if the
    frame differs from the portrait by more than noise.

    Args:
        portrait: The picture that was moved, with its face.
        frame: The result, of the portrait's size.
        method: How the flow is computed.

    Raises:
        UsageError: The pictures differ in size, or the method is unknown.
        MissingExtraError: scikit-image, which has TV-L1, is not installed.
    """
    return face_residual(portrait, frame, method).ratio


def face_residual(portrait: Portrait, frame: Image, method: FlowMethod = "dis") -> Residual:
    """Return the two differences whose ratio is `ghosting`; see there for arguments and errors."""
    if portrait.image.shape[:2] != frame.shape[:2]:
        sizes = " and ".join(f"{i.shape[1]}x{i.shape[0]}" for i in (portrait.image, frame))
        raise UsageError(f"expected a portrait and a result of one size, got {sizes}")
    first, second = (face_grey(image, portrait.face) for image in (portrait.image, frame))
    return residual_after_flow(first, second, face_area(portrait.face), method)


def residual_after_flow(
    portrait: Float32[np.ndarray, "h w"],
    result: Float32[np.ndarray, "h w"],
    area: Bool[np.ndarray, "h w"],
    method: FlowMethod = "dis",
) -> Residual:
    """Return the difference of two grey pictures before and after flow has moved the first.

    The flow runs from each pixel of the result back to the portrait, so that each pixel of the result is compared.

    Args:
        portrait: (H, W) grey levels 0 to 255.
        result: The same size.
        area: (H, W), True where the difference counts.
        method: How the flow is computed.
    """
    height, width = portrait.shape
    columns, rows = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    back = dense_flow(result, portrait, method)
    moved = cv2.remap(
        portrait,
        columns + back[..., 0],
        rows + back[..., 1],
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Residual(
        before=float(np.abs(result - portrait)[area].mean()),
        after=float(np.abs(result - moved)[area].mean()),
    )
