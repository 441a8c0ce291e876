from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.face import mesh
from mien.motion.blinks import MOST, away_from_lids, closure, measured_as_far, own_blinks
from mien.motion.field import MotionField
from mien.rig.personal import lid_openings_cm


def blinking(field: MotionField, share: float, side: str = "L") -> MotionField:
    upper = {"L": mesh.LEFT_EYE_UPPER, "R": mesh.RIGHT_EYE_UPPER}[side]
    moved = np.zeros_like(field.displacement_cm)
    course = np.sin(np.linspace(0, np.pi, len(field))) * share
    moved[:, list(upper), 1] = course[:, None] * lid_openings_cm(field.face, side)[1:-1, 1].mean()
    return replace(field, displacement_cm=moved)


def test_a_lid_that_shuts_blinks_and_one_that_narrows_does_not(field: MotionField) -> None:
    share = closure(blinking(field, 0.8), "L")
    assert share is not None and share.max() == pytest.approx(0.8, abs=0.02)
    assert share.argmax() in (14, 15, 16) and share.min() >= 0
    assert closure(blinking(field, 0.8), "R") is None
    assert closure(blinking(field, 0.3), "L") is None
    assert closure(blinking(field, -0.8), "L") is None  # widened


def test_a_full_closure_brings_the_lids_together(field: MotionField) -> None:
    moved = own_blinks({"R": np.array([0.0, 1.0])}, field.face)
    assert not moved[0].any()
    upper, lower = (moved[1, list(lid)] for lid in (mesh.RIGHT_EYE_UPPER, mesh.RIGHT_EYE_LOWER))
    gap = lid_openings_cm(field.face, "R")[:, :2]
    np.testing.assert_allclose(gap + lower - upper, 0, atol=1e-3)
    assert not moved[1, list(mesh.LEFT_EYE_UPPER)].any()


def test_only_the_blinking_lids_are_taken_out() -> None:
    free = away_from_lids(("L",))[:, 0]
    assert not free[list(mesh.LEFT_EYE_UPPER + mesh.LEFT_EYE_LOWER)].any()
    assert free[list(mesh.RIGHT_EYE_UPPER)].all() and free.mean() > 0.9


@pytest.mark.parametrize(("shown", "more"), [(1.0, 1.0), (0.8, 1.25), (0.2, MOST)])
def test_what_flow_sees_by_half_is_closed_further(field: MotionField, shown, more) -> None:
    blinks = {"L": np.array([0.0, 0.6, 0.3])}
    wanted = own_blinks(blinks, field.face)
    made = measured_as_far(blinks, wanted, field.face, lambda moved: np.float32(shown) * moved)
    np.testing.assert_allclose(made["L"], more * blinks["L"], rtol=1e-4)
