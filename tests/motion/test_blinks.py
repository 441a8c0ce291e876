from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.face import mesh
from mien.face.portrait import Portrait
from mien.motion.blinks import (
    away_from_lids,
    blinks_of,
    closure,
    closures,
    own_blinks,
)
from mien.motion.field import MotionField, measure_field
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from mien.rig.personal import lid_openings_cm, personalise
from mien.rig.seen import seen_basis


def blinking(field: MotionField, share: float, side: str = "L") -> MotionField:
    """Return a motion in which flow sees this share of a full blink."""
    upper = {"L": mesh.LEFT_EYE_UPPER, "R": mesh.RIGHT_EYE_UPPER}[side]
    moved = np.zeros_like(field.displacement_cm)
    course = np.sin(np.linspace(0, np.pi, len(field))) * share
    full = seen_basis(field.face, field.flow).shape(f"AU45{side}")[list(upper)[1:-1], 1].mean()
    moved[:, list(upper), 1] = course[:, None] * full
    return replace(field, displacement_cm=moved)


def test_a_lid_that_shuts_blinks_and_one_that_narrows_does_not(field: MotionField) -> None:
    share = closure(blinking(field, 0.8), "L")
    assert share is not None and share.max() == pytest.approx(0.8, abs=0.02)
    assert share.argmax() in (14, 15, 16) and share.min() >= 0
    assert closure(blinking(field, 0.8), "R") is None
    assert closure(blinking(field, 0.3), "L") is None
    assert closure(blinking(field, -0.8), "L") is None  # widened


def test_a_lid_that_flow_loses_while_it_is_shut_stays_shut(field: MotionField) -> None:
    shut = blinking(field, 1.5)
    lost, reopened = shut.displacement_cm.copy(), shut.displacement_cm.copy()
    times = field.times_seconds
    middle = times[len(times) // 2]
    lost[abs(times - middle) < 0.03] *= 0.3
    reopened[abs(times - middle) < 0.075] *= 0
    whole, dipped, twice = (
        closures(replace(field, displacement_cm=each))["L"]
        for each in (shut.displacement_cm, lost, reopened)
    )
    assert abs(dipped - whole).max() < 0.12
    assert twice[len(times) // 2] < 0.1  # two blinks stay two


def test_a_lost_lid_is_as_far_down_as_the_other_one(field: MotionField) -> None:
    left, right = blinking(field, 0.8).displacement_cm, blinking(field, 1.2, "R").displacement_cm
    lost = left.copy()
    times = field.times_seconds
    middle = len(times) // 2
    lost[abs(times - times[middle]) < 0.03] *= 0.3
    found = closures(replace(field, displacement_cm=lost + right))
    assert found["L"][middle] == found["R"][middle] == 1
    assert found["L"][5] < 0.9 * found["R"][5]  # where flow sees it, it is what flow sees
    kept = closures(replace(field, displacement_cm=left + right))
    assert kept["L"][middle] == pytest.approx(0.8, abs=0.03)  # weaker on one side
    assert list(closures(replace(field, displacement_cm=lost))) == ["L"]  # a wink


def test_a_rendered_blink_closes_as_far_as_it_did(portrait: Portrait) -> None:
    basis = personalise(load_basis(), portrait.face)
    warper = PortraitWarper(portrait)
    for wanted in (0.9, 1.0):
        course = wanted * np.sin(np.linspace(0, np.pi, 13, dtype=np.float32)) ** 2
        moves = course[:, None, None] * (basis.shape("AU45L") + basis.shape("AU45R"))
        seen = measure_field((n / 60, warper.warp(move)) for n, move in enumerate(moves))
        for side in "LR":
            share = closure(seen, side)
            assert share is not None and abs(share.max() - wanted) < 0.3


def test_a_lid_that_follows_a_lowered_gaze_does_not_blink(field: MotionField) -> None:
    # Flow sees all of a lid that goes down with the iris.
    opening = lid_openings_cm(field.face, "L")[1:-1, 1].mean()
    full = seen_basis(field.face, field.flow).shape("AU45L")
    seen = full[list(mesh.LEFT_EYE_UPPER)[1:-1], 1].mean()
    assert closure(blinking(field, 0.3 * opening / seen), "L") is None


def test_a_driver_s_blink_is_the_receiver_s_own(field: MotionField) -> None:
    seen = blinking(field, 0.9)
    own, half = blinks_of(seen, field.face), blinks_of(seen, field.face, 0.5)
    assert own is not None and half is not None
    upper = list(mesh.LEFT_EYE_UPPER)[1:-1]
    assert not own.away[upper].any() and own.away.sum() > 400
    # Flow sees about half of what the lid does; the receiver's own lid does all of it.
    assert own.lids_cm[15, upper, 1].mean() > 1.5 * seen.displacement_cm[15, upper, 1].mean()
    np.testing.assert_allclose(half.lids_cm, 0.5 * own.lids_cm, atol=1e-6)
    twice = blinks_of(seen, field.face, 3.0)
    assert twice is not None
    full = own_blinks({"L": np.ones(1)}, field.face)[0]
    assert twice.lids_cm[15] == pytest.approx(full, abs=1e-6)
    assert blinks_of(blinking(field, 0.2), field.face) is None


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


def test_what_flow_saw_of_a_blink_is_told_apart_from_the_rest(field: MotionField) -> None:
    share = 0.9
    full = seen_basis(field.face, field.flow).shape("AU45L")[:, :2]
    course = np.sin(np.linspace(0, np.pi, len(field)))[:, None, None]
    still = replace(field, displacement_cm=(share * course * full).astype(np.float32))
    found = blinks_of(still, field.face, strength=0.5)
    assert found is not None
    # The closure's smoothing in time is all that is left; the strength is the receiver's alone.
    left = np.linalg.norm(still.displacement_cm - found.seen_cm)
    assert left < 0.05 * np.linalg.norm(still.displacement_cm)
    own = personalise(load_basis(), field.face).shape("AU45L")[:, :2]
    middle = len(field) // 2
    assert np.abs(found.lids_cm[middle] - 0.5 * share * own).max() < 0.02


def test_a_blink_that_flow_lost_for_a_moment_moves_nothing_else(field: MotionField) -> None:
    full = seen_basis(field.face, field.flow).shape("AU45L")[:, :2]
    course = np.sin(np.linspace(0, np.pi, len(field)))
    times = field.times_seconds
    course[abs(times - times[len(times) // 2]) < 0.03] *= 0.3
    lost = replace(field, displacement_cm=(course[:, None, None] * full).astype(np.float32))
    found = blinks_of(lost, field.face)
    assert found is not None
    assert abs(found.lids_cm[len(times) // 2]).max() > 0.8 * abs(found.lids_cm).max()
    size = np.linalg.norm(lost.displacement_cm, axis=(1, 2)).max()
    # Smoothing rounds the corners of the dip.
    assert np.linalg.norm(lost.displacement_cm - found.seen_cm, axis=(1, 2)).max() < 0.25 * size


def test_an_open_eye_that_trembles_while_the_other_one_blinks_stays_open(
    field: MotionField,
) -> None:
    left, right = blinking(field, 1.0), blinking(field, 1.0, "R")
    count = len(field)
    tremble = 0.15 * (np.arange(count) % 2)[:, None, None] * left.displacement_cm.min(0)
    moved = np.concatenate(
        [left.displacement_cm, right.displacement_cm + tremble.astype(np.float32)]
    )
    step = field.frame_seconds
    longer = replace(
        field,
        displacement_cm=moved.astype(np.float32),
        times_seconds=np.arange(2 * count) * step,
        **{
            n: np.concatenate([getattr(field, n)] * 2)
            for n in ("confidence", "rigid_px", "gaze_cm")
        },
    )
    assert closures(longer)["L"][count + 3 :].max() < 0.3
