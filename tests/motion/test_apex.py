from __future__ import annotations

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.track import AUTrack
from mien.errors import UnknownAUError
from mien.motion.apex import Spotted, spot


def track(noise: float = 0.0) -> AUTrack:
    """A smile at 0.1 s, apex 0.25 s, over at 0.45 s, and a larger blink at its end; 200 frames a second."""
    expression = Expression(
        (
            Envelope("AU12", 0.1, 0.25, 0.25, 0.45, 1.5),
            Envelope("AU45", 0.4, 0.5, 0.5, 0.6, 5.0),
        )
    )
    clean = expression.track(200, 0.0, 0.1)
    rough = clean.values + np.random.default_rng(0).normal(0, noise, clean.values.shape)
    return AUTrack(clean.names, np.clip(rough, 0, 5), clean.times_seconds)


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_the_three_frames_are_found_beside_a_blink(noise: float) -> None:
    found = spot(track(noise))
    assert found is not None
    assert abs(found.apex_index - 50) <= 2
    assert found.apex_seconds == pytest.approx(0.25, abs=0.011)
    assert 18 <= found.onset_index <= 34
    assert 70 <= found.offset_index <= 92
    assert found.duration_seconds == pytest.approx(
        (found.offset_index - found.onset_index) / 200, abs=1e-6
    )


def test_a_subset_has_its_own_apex() -> None:
    found = spot(track(), ["AU45"])
    assert found is not None
    assert abs(found.apex_index - 100) <= 1


def test_no_motion_no_apex() -> None:
    assert spot(AUTrack(("AU12",), np.zeros((20, 1)), np.arange(20) / 100)) is None


def test_one_frame_is_its_own_apex() -> None:
    alone = Spotted(0, 0, 0, 0.0, 0.0, 0.0, 0.0, offset_seen=False)
    assert spot(AUTrack(("AU12",), [[1.0]], [0.0])) == alone


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(UnknownAUError, match="AU99"):
        spot(track(), ["AU99"])


def test_order_is_checked() -> None:
    with pytest.raises(ValueError, match="onset <= apex"):
        Spotted(3, 2, 5, 0.0, 0.0, 0.0, 1.0)


def test_a_clip_that_ends_at_its_apex_has_no_offset() -> None:
    times = np.arange(60) / 100
    rise = times / 0.6
    cut = spot(AUTrack(("AU12",), 2 * rise[:, None], times))
    assert cut is not None and cut.apex_index > 55 and not cut.offset_seen
    whole = spot(AUTrack(("AU12",), 2 * np.minimum(rise, rise[::-1])[:, None], times))
    assert whole is not None and whole.offset_seen and whole.offset_index < 59
