from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mien.engines.amplitude import LARGEST, key_frames, measured_gain


def test_key_frames_span_the_clip() -> None:
    assert key_frames(1) == [0]
    assert key_frames(3) == [0, 1, 2]
    many = key_frames(200)
    assert len(many) == 8 and many[0] == 0 and many[-1] == 199
    assert max(np.diff(many)) <= 29


class Meter:
    """Reads a frame's one number as the size of a motion."""

    def measure(self, frame: float) -> np.ndarray:
        return np.full((468, 2), frame, np.float32)


def gain_where(seen_of: object, wanted: float = 1.0) -> float:
    field = np.full((2, 468, 2), wanted, np.float32)
    return measured_gain(
        field,
        lambda gain: [seen_of(gain)] * 2,  # type: ignore[operator]
        Meter(),  # type: ignore[arg-type]
    )


def test_gain_undoes_what_a_renderer_loses() -> None:
    assert_allclose(gain_where(lambda gain: 0.8 * gain), 1 / 0.8, rtol=1e-5)
    # Not in proportion: three steps come close.
    assert_allclose(0.9 * gain_where(lambda gain: 0.9 * gain**0.8) ** 0.8, 1, rtol=0.01)


def test_gain_has_bounds_and_leaves_alone_what_says_nothing() -> None:
    assert gain_where(lambda gain: 0.1 * gain) == LARGEST
    assert gain_where(lambda gain: 9 * gain) == pytest.approx(1 / LARGEST)
    assert gain_where(lambda gain: 0.0) == 1
    assert gain_where(lambda gain: gain, wanted=0.0) == 1
