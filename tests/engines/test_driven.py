from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.engines.driven import driving_aus, fit_to
from mien.engines.rig.engine import RigEngine
from mien.face.portrait import Portrait
from mien.metrics.motion import MotionScore, compare_motion
from mien.motion.field import MotionField, measure_field
from mien.motion.measure import measure_aus
from tests.engines.mesh.test_engine import receiver, short  # noqa: F401
from tests.motion.conftest import clip, driver_portrait, field, smile  # noqa: F401


def score(portrait: Portrait, motion: MotionField, track) -> MotionScore:
    frames = zip(motion.times_seconds, RigEngine().prepare(portrait).render(track), strict=True)
    return compare_motion(motion, measure_field(frames, face=portrait.face))


def test_fitting_to_the_portrait_brings_its_motion_to_the_drivers_size(
    receiver: Portrait,  # noqa: F811
    short: MotionField,  # noqa: F811
) -> None:
    units = driving_aus(short)
    fitted = fit_to(RigEngine().prepare(receiver), units, short).apply(units)
    plain, made = score(receiver, short, units), score(receiver, short, fitted)
    assert abs(made.amplitude - 1) < abs(plain.amplitude - 1) + 0.02
    assert made.amplitude == pytest.approx(1, abs=0.15)
    assert made.cosine > 0.93


def test_driving_takes_more_units_than_reading(field: MotionField) -> None:  # noqa: F811
    units = driving_aus(field)
    assert (units.values > 0).any(0).all() and {"AU12L", "AU12R"} <= set(units.names)
    assert len(units.names) >= int((measure_aus(field).track.values.max(0) > 0).sum())
    assert not {"AU12L", "AU12R"} & set(driving_aus(field, ("AU12",)).names)


def test_a_still_driver_drives_nothing(receiver: Portrait, field: MotionField) -> None:  # noqa: F811
    still = replace(field, displacement_cm=np.zeros_like(field.displacement_cm))
    units = driving_aus(still)
    assert len(units.names) == 1 and not units.values.any()
    assert fit_to(RigEngine().prepare(receiver), units, still).names == ()
