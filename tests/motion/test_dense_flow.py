from __future__ import annotations

import sys

import cv2
import numpy as np
import pytest

from mien.errors import MissingExtraError, UsageError
from mien.motion.dense_flow import dense_flow
from mien.motion.flow_method import FlowMethod


@pytest.fixture(scope="module")
def texture() -> np.ndarray:
    """Blurred noise (80, 80), grey levels 0 to 255."""
    noise = np.random.default_rng(0).uniform(0, 255, (80, 80)).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), 2.5)
    return cv2.normalize(blurred, None, 0, 255, cv2.NORM_MINMAX)  # type: ignore[call-overload]


@pytest.mark.parametrize("method", ["dis", "tvl1"])
def test_a_shift_is_found_to_the_right_and_down(texture: np.ndarray, method: FlowMethod) -> None:
    if method == "tvl1":
        pytest.importorskip("skimage.registration")
    # The second picture shows at (x, y) what the first shows at (x - 1.5, y + 0.75).
    shift = np.float32([[1, 0, 1.5], [0, 1, -0.75]])
    moved = cv2.warpAffine(texture, shift, (80, 80), borderMode=cv2.BORDER_REFLECT)  # type: ignore[call-overload]
    flow = dense_flow(texture, moved, method)
    assert flow.shape == (80, 80, 2) and flow.dtype == np.float32
    assert np.median(flow[10:-10, 10:-10], axis=(0, 1)) == pytest.approx([1.5, -0.75], abs=0.1)


def test_what_cannot_be_computed_is_refused(
    texture: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="the flow tvl1 or dis, got 'farneback'"):
        dense_flow(texture, texture, "farneback")  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "skimage.registration", None)
    with pytest.raises(MissingExtraError, match="--flow dis"):
        dense_flow(texture, texture, "tvl1")
