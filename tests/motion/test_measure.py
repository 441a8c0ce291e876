from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.au import Envelope, Expression
from mien.au.catalog import RIG_NAMES
from mien.errors import NoFaceError, UsageError
from mien.face.portrait import Face, Portrait
from mien.metrics.au import readback
from mien.motion.field import MotionField, measure_field
from mien.motion.measure import MeasuredAUs, free_motion, measure_aus
from mien.rig.seen import seen_basis
from mien.rig.solve import in_plane
from mien.types import Image

from .conftest import FPS, noisy


def field_of(face: Face, courses: dict[str, np.ndarray], noise_cm: float = 0.004) -> MotionField:
    basis = seen_basis(face, "full")
    frames = len(next(iter(courses.values())))
    values = np.zeros((frames, len(basis.names)))
    for name, course in courses.items():
        values[:, basis.names.index(name)] = course
    field = np.tensordot(values / 5, in_plane(basis, face), axes=1)
    field[1:] += np.random.default_rng(1).normal(0, noise_cm, field[1:].shape)
    return MotionField(
        field.astype(np.float32),
        np.ones((frames, 468), np.float32),
        np.zeros((frames, 2, 2), np.float32),
        np.zeros((frames, 6)),
        np.arange(frames) / 100,
        face,
        "full",
    )


def bump(frames: int, start: int, stop: int, peak: float) -> np.ndarray:
    course = np.zeros(frames)
    course[start:stop] = peak * np.sin(np.pi * np.linspace(0, 1, stop - start)) ** 2
    return course


def column(measured: MeasuredAUs, name: str) -> np.ndarray:
    return measured.track.values[:, RIG_NAMES.index(name)]


def test_a_smile_on_pixels_is_read_back(field: MotionField, smile: Expression) -> None:
    measured = measure_aus(field)
    score = readback(smile.track(FPS), measured.track)
    assert score.mean_mae < 0.3
    assert score.spearman["AU12L"] > 0.9
    assert score.worst_off < 0.3
    name, peak, frame = measured.strongest()
    assert name in ("AU12L", "AU12R")
    assert 2.2 < peak < 3.8
    assert 10 <= frame <= 18
    assert measured.explained[12:17].min() > 0.6
    assert measured.track.confidence[14] > 0.5


def test_one_side_on_pixels_stays_on_its_side(driver_portrait: Portrait) -> None:
    expression = Expression((Envelope("AU12R", 0.0, 0.12, 0.16, 0.3, 2.5),))
    measured = measure_aus(measure_field(noisy(driver_portrait, expression)))
    assert column(measured, "AU12R").max() > 1.7
    assert column(measured, "AU12L").max() < 0.5


def test_a_blink_is_a_blink_alone(portrait: Portrait) -> None:
    blink = bump(50, 10, 40, 5.0)
    measured = measure_aus(field_of(portrait.face, {"AU45L": blink, "AU45R": blink}))
    assert column(measured, "AU45L").max() == pytest.approx(5.0, abs=0.5)
    assert measured.strongest()[1] < 0.3
    assert measured.strongest(blinks=True)[0] in ("AU45L", "AU45R")


def test_eyes_that_stay_shut_are_au43(portrait: Portrait) -> None:
    shut = np.clip(np.arange(120) / 10, 0, 4.0)
    measured = measure_aus(field_of(portrait.face, {"AU45L": shut, "AU45R": shut}))
    assert column(measured, "AU43L")[60:].mean() == pytest.approx(4.0, abs=0.4)
    assert column(measured, "AU45L")[60:].max() == 0


def test_the_mouth_drawn_sideways_is_no_unit(portrait: Portrait) -> None:
    sideways = free_motion(portrait.face)[..., 6]
    base = field_of(portrait.face, {"AU12L": np.zeros(40)})
    moved = base.displacement_cm + 0.1 * bump(40, 5, 35, 1.0)[:, None, None] * sideways
    measured = measure_aus(replace(base, displacement_cm=moved.astype(np.float32)))
    assert measured.track.peak < 0.3


def test_from_another_neutral(portrait: Portrait) -> None:
    held = np.r_[np.full(20, 2.0), np.zeros(40)]
    clip = field_of(portrait.face, {"AU4L": held, "AU4R": held})
    measured = measure_aus(clip, baseline=50)
    assert column(measured, "AU4L")[5:15].mean() == pytest.approx(2.0, abs=0.25)
    assert column(measured, "AU4L")[40:].max() < 0.25
    assert column(measure_aus(clip, "median"), "AU4R")[10] > 1.5
    with pytest.raises(UsageError, match="neutral frame"):
        measure_aus(clip, 60)


def test_a_still_clip_says_so(driver_portrait: Portrait) -> None:
    frames: list[tuple[float, Image]] = [(i / 100, driver_portrait.image) for i in range(4)]
    measured = measure_aus(measure_field(frames))
    assert measured.still
    assert measured.track.peak == 0
    assert measured.track.confidence.min() > 0.8


def test_noise_alone_is_no_expression(portrait: Portrait) -> None:
    measured = measure_aus(field_of(portrait.face, {"AU12L": np.zeros(60)}, noise_cm=0.01))
    assert not measured.still
    assert measured.track.peak < 0.3


def test_a_lost_face_is_nan_from_there(portrait: Portrait) -> None:
    whole = field_of(portrait.face, {"AU12L": bump(40, 5, 25, 2.0)})
    displacement, confidence = whole.displacement_cm.copy(), whole.confidence.copy()
    displacement[30:], confidence[30:] = np.nan, 0
    lost = replace(whole, displacement_cm=displacement, confidence=confidence, lost_at=30)
    measured = measure_aus(lost)
    assert len(measured.track) == 30
    assert len(measured.times_seconds) == 40 and measured.lost_at == 30
    assert measured.track.confidence.min() > 0
    with pytest.raises(NoFaceError, match="first frame"):
        measure_aus(replace(lost, displacement_cm=np.full_like(displacement, np.nan), lost_at=0))


def test_one_frame(portrait: Portrait) -> None:
    measured = measure_aus(field_of(portrait.face, {"AU12L": np.zeros(1)}))
    assert len(measured.track) == 1
    assert measured.still


def test_a_face_that_cannot_be_followed_is_not_called_still(portrait: Portrait) -> None:
    clip = field_of(portrait.face, {"AU12L": np.zeros(10)}, noise_cm=0.0)
    assert clip.still
    unseen = replace(clip, confidence=np.full((10, 468), 0.1, np.float32))
    assert not unseen.still
    with pytest.raises(NoFaceError, match="none of its 468 vertices"):
        measure_aus(unseen)


def test_a_field_is_fitted_as_the_flow_that_measured_it_sees(portrait: Portrait) -> None:
    smile = bump(40, 5, 35, 2.0)
    clip = field_of(portrait.face, {"AU12L": smile, "AU12R": smile})
    full, fast = measure_aus(clip), measure_aus(replace(clip, flow="fast"))
    # Fast flow sees less of a smile, so the same field is more of one.
    assert column(fast, "AU12L").max() > 1.05 * column(full, "AU12L").max()
