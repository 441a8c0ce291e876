from __future__ import annotations

import numpy as np
import pytest

from mien.au.track import AUTrack
from mien.motion.retarget import GAIN_LIMITS, retarget

NAMES = ("AU2L", "AU12L")


class Twofold:
    """A portrait that shows a share of each unit, and a meter that reads its frames without error."""

    def __init__(self, *shares: float) -> None:
        self.shapes = np.zeros((2, 468, 2), np.float32)
        self.shapes[0, :200, 1], self.shapes[1, 250:, 0] = -0.02, 0.03
        self.seen = self.shapes * np.float32(shares)[:, None, None]

    def render(self, levels: dict[str, float]) -> np.ndarray:
        return sum(level * self.seen[NAMES.index(name)] for name, level in levels.items())

    def measure(self, frame: np.ndarray) -> np.ndarray:
        return frame


def found(face: Twofold, peaks: tuple[float, float] = (2.0, 1.0), weights=None):
    course = np.sin(np.linspace(0, np.pi, 9))[:, None] * np.float32(peaks)
    track = AUTrack(NAMES, course.astype(np.float32), np.arange(9) / 100)
    wanted = np.tensordot(track.values, face.shapes, axes=1).astype(np.float32)
    weights = np.ones(468) if weights is None else weights
    return track, retarget(track, wanted, weights, face.render, face)


def test_a_portrait_that_shows_it_all_needs_no_more() -> None:
    track, made = found(Twofold(1.0, 1.0))
    np.testing.assert_allclose(made.gains, 1, atol=1e-3)
    np.testing.assert_allclose(made.apply(track).values, track.values, atol=1e-2)


def test_what_is_shown_by_half_is_asked_for_more_and_keeps_its_course() -> None:
    track, made = found(Twofold(1.0, 0.6))
    assert 1.25 < made.gains[1] / made.gains[0] < 1 / 0.6
    asked = made.apply(track).values
    np.testing.assert_allclose(
        asked / track.values.max(0), made.gains * track.values / track.values.max(0)
    )
    assert made.apply(track).names == NAMES


def test_factors_have_limits_and_the_scale_an_end() -> None:
    _, made = found(Twofold(1.0, 0.1))
    assert made.gains.max() <= GAIN_LIMITS[1] * 1.25 + 1e-9
    track, made = found(Twofold(0.5, 0.5), peaks=(4.0, 1.0))
    assert made.apply(track).values.max() == pytest.approx(5.0)


def test_unseen_vertices_say_nothing() -> None:
    face = Twofold(1.0, 1.0)
    face.seen[0, :50] = 0  # hidden: were it believed, more would be asked for
    weights = np.ones(468)
    weights[:50] = 0
    np.testing.assert_allclose(found(face, weights=weights)[1].gains, 1, atol=1e-3)
    assert found(face)[1].gains[0] > 1.05


def test_a_still_track_has_no_factors() -> None:
    still, made = found(Twofold(1.0, 1.0), peaks=(0.0, 0.0))
    assert made.names == () and not made.apply(still).values.any()
