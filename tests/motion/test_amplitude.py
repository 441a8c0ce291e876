from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mien.motion.amplitude import (
    LARGEST,
    Gain,
    frames_without_blink,
    key_frames,
    measured_gain,
)


def field_of(sizes: list[float]) -> np.ndarray:
    return np.array(sizes, np.float32)[:, None, None] * np.ones((468, 2), np.float32)


def test_key_frames_span_what_moves() -> None:
    assert key_frames(field_of([0.0])) == [0]
    assert key_frames(field_of([0.9, 1.0, 0.6])) == [0, 1, 2]
    many = key_frames(field_of([1.0] * 200))
    assert len(many) == 8 and many[0] == 0 and many[-1] == 199
    assert max(np.diff(many)) <= 29


def test_key_frames_are_where_the_movement_is_in_a_long_recording() -> None:
    # Evenly over the whole clip all of them would be at rest, and its noise would set the size.
    rest, brief = [0.05] * 300, [0.3, 0.7, 1.0, 0.8, 0.4]
    assert key_frames(field_of([*rest, *brief, *rest])) == [301, 302, 303]
    assert key_frames(field_of([*brief, *rest, *brief])) == [1, 2, 3, 306, 307, 308]


class Meter:
    """Reads a frame's one number as the size of a motion."""

    def measure(self, frame: float) -> np.ndarray:
        return np.full((468, 2), frame, np.float32)


def measured(seen_of: object, wanted: float = 1.0) -> Gain:
    return measured_gain(
        field_of([wanted] * 2),
        lambda gain: [seen_of(gain)] * 2,  # type: ignore[operator]
        Meter().measure,  # type: ignore[arg-type]
    )


def gain_where(seen_of: object, wanted: float = 1.0) -> float:
    return measured(seen_of, wanted).factor


def test_gain_undoes_what_a_renderer_loses() -> None:
    assert_allclose(gain_where(lambda gain: 0.8 * gain), 1 / 0.8, rtol=1e-5)
    # Not in proportion: three steps come close.
    assert_allclose(0.9 * gain_where(lambda gain: 0.9 * gain**0.8) ** 0.8, 1, rtol=0.01)


def test_gain_has_bounds_and_leaves_alone_what_says_nothing() -> None:
    assert gain_where(lambda gain: 0.1 * gain) == LARGEST
    assert gain_where(lambda gain: 9 * gain) == pytest.approx(1 / LARGEST)
    assert gain_where(lambda gain: 0.0) == 1
    assert gain_where(lambda gain: gain, wanted=0.0) == 1


def test_a_size_that_is_not_the_drivers_is_told() -> None:
    assert measured(lambda gain: 0.8 * gain).note is None
    assert "less than the driver" in (measured(lambda gain: 0.1 * gain).note or "")
    assert "more than the driver" in (measured(lambda gain: 9 * gain).note or "")
    assert "not calibrated" in (measured(lambda gain: 0.0).note or "")


def test_frames_with_a_blink_do_not_tell_the_size_of_the_rest() -> None:
    rest, smile, blink = [0.0] * 5, [0.6, 0.8, 0.8], [0.5, 1.0, 0.5]
    lids = field_of([0] * 5 + [0] * 3 + [0] * 5 + [1, 2, 1])
    assert frames_without_blink(field_of([*rest, *smile, *rest, *blink]), lids) == [5, 6, 7]
    # Only the lids move: what noise there is tells no size.
    faint = [0.1 * size for size in smile]
    assert frames_without_blink(field_of([*rest, *faint, *rest, *blink]), lids) == []


def test_a_small_largest_factor_holds_and_is_told() -> None:
    def found(wanted: float, seen: float, largest: float) -> Gain:
        return measured_gain(
            field_of([wanted] * 2),
            lambda gain: [seen * gain] * 2,  # type: ignore[misc,list-item]
            Meter().measure,  # type: ignore[arg-type]
            largest,
        )

    still = found(0.0, 1.0, 0.8)
    assert still.factor == 0.8 and still.note is None
    weak = found(1.0, 0.5, 1.0)
    assert weak.factor == 1.0 and "as strong as they can be" in (weak.note or "")
    assert found(1.0, 0.5, 0.3).factor == 0.3
