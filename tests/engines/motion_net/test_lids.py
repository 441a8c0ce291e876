from __future__ import annotations

import numpy as np
import pytest

from mien.engines.motion_net import lids
from mien.engines.motion_net.lids import FINER, blinks_of_both, folded
from mien.face.portrait import Portrait
from mien.motion.blinks import own_blinks
from mien.motion.field import MotionField

CELLS, SIDE_CM = 64, 16.5


def squeezed(height_cm: float, over: int) -> np.ndarray:
    """A lid that went down by a height; below it lies what rests, and some cells between squeeze the eye."""
    step = np.interp(np.arange(CELLS), [30, 30 + over], [-height_cm, 0.0])
    field = np.zeros((CELLS, CELLS, 2), np.float32)
    field[..., 1] = step[:, None] * (2 / SIDE_CM)
    return field


def test_a_lid_covers_what_cells_would_squeeze_between_it_and_the_eye() -> None:
    fine = folded(squeezed(1.0, 2), SIDE_CM)
    assert fine is not None and fine.shape == (CELLS * FINER, CELLS * FINER, 2)
    down_cm = fine[:, 100, 1] * (SIDE_CM / 2)
    between = (down_cm > -0.95) & (down_cm < -0.05)
    # Two cells of 2.6 mm would have shown the eye on 5 mm; what is left is less than a millimetre.
    assert between.sum() * SIDE_CM / len(down_cm) < 0.1
    # The lid's side takes most of the step, which lies between rows 30.5 and 32.5 of the cells.
    edge = np.flatnonzero(down_cm > -0.5)[0] / FINER
    assert 31.8 < edge < 32.6
    assert np.allclose(down_cm[[0, -1]], [-1.0, 0.0], atol=1e-4)


@pytest.mark.parametrize("field", [squeezed(0.2, 3), -squeezed(1.0, 2), 0 * squeezed(1.0, 2)])
def test_skin_that_is_squeezed_a_little_and_what_opens_do_not_fold(field: np.ndarray) -> None:
    assert folded(field, SIDE_CM) is None


def test_the_sides_of_a_fold_keep_their_own_sideways_motion() -> None:
    field = squeezed(1.0, 2)
    field[:31, :, 0] = 0.01
    fine = folded(field, SIDE_CM)
    assert fine is not None
    lid = np.abs(fine[:, 100, 1]) * (SIDE_CM / 2) > 0.95
    assert np.allclose(fine[lid, 100, 0], 0.01, atol=0.002)


def test_lids_that_blink_together_shut_as_far_as_the_further_one(
    portrait: Portrait, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = {"L": np.array([0.0, 0.6, 0.2]), "R": np.array([0.0, 0.7, 1.0])}
    field = MotionField.__new__(MotionField)
    monkeypatch.setattr(lids, "closure", lambda motion, side: shares[side])
    both = blinks_of_both(field, portrait.face)
    assert both is not None
    shut = np.array([0.0, 0.7, 1.0])
    assert np.allclose(both.lids_cm, own_blinks({"L": shut, "R": shut}, portrait.face))
    shares["L"] = None  # type: ignore[assignment]
    wink = blinks_of_both(field, portrait.face, strength=0.5)
    assert wink is not None
    assert np.allclose(wink.lids_cm, own_blinks({"R": 0.5 * shut}, portrait.face))
    shares["R"] = None  # type: ignore[assignment]
    assert blinks_of_both(field, portrait.face) is None
