"""Films in which the face is hard to follow, hidden for a while, or another one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from benchmarks.film_scenes import turned

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.engines.rig.engine import RigEngine
from mien.face.portrait import Portrait
from mien.motion.field import Gap, MotionField, measure_field
from mien.motion.follower import Loss
from mien.motion.measure import measure_aus
from mien.motion.tracker import FlowTracker
from mien.types import Image

FPS = 25


@pytest.fixture(scope="module")
def smiling(driver_portrait: Portrait) -> list[Image]:
    """A face that smiles at level C and keeps smiling, 0.64 s."""
    return acted(driver_portrait, "AU12=3@0.04-0.24-0.6-0.64")


def acted(portrait: Portrait, *envelopes: str) -> list[Image]:
    expression = Expression(tuple(Envelope.parse(text) for text in envelopes))
    return list(RigEngine().prepare(portrait).render(expression.track(FPS)))


def field_of(frames: list[Image]) -> MotionField:
    return measure_field(((i / FPS, frame) for i, frame in enumerate(frames)), choose="largest")


def shifted(frame: Image, x_px: float) -> Image:
    matrix = np.array([[1, 0, x_px], [0, 1, 0]], np.float32)
    return cv2.warpAffine(frame, matrix, frame.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def test_a_grimace_is_no_cut(driver_portrait: Portrait) -> None:
    units = ("AU4", "AU7", "AU9", "AU10", "AU20")
    frames = acted(driver_portrait, *(f"{au}=5@0-0.28-0.4-0.6" for au in units))
    field = field_of(frames)
    assert field.followed.all() and field.lost_at is None and field.gaps == ()
    peaks = dict(
        zip(measure_aus(field).track.names, measure_aus(field).track.values.max(0), strict=True)
    )
    assert peaks["AU4L"] > 3 and peaks["AU10R"] > 2


def test_what_follows_an_unsure_frame_is_no_surer(driver_portrait: Portrait) -> None:
    """The jaw drops, which flow cannot follow well."""
    closed, opened = acted(driver_portrait, "AU26=5@0-0.04-0.04-0.08")[:2]
    tracker = FlowTracker(closed, driver_portrait.face)
    tracker.track(closed)
    unsure = tracker.track(opened)
    assert unsure.confidence.min() < 0.1 and not unsure.lost
    on = tracker.track_on()  # from the second frame to itself
    assert on is not None and (on.confidence <= unsure.confidence).all()
    assert on.displacement_px == pytest.approx(unsure.displacement_px, abs=0.1)


def test_a_nod_is_no_expression(driver_portrait: Portrait) -> None:
    """The head nods and turns by 20 degrees, up and down and to both sides."""
    angles = 20 * np.sin(2 * np.pi * np.arange(21) / 20)
    for pitch, yaw in ((1, 0), (0, 1)):
        field = field_of([turned(driver_portrait, (pitch * a, yaw * a)) for a in angles])
        assert field.followed.all()
        turn = np.degrees(field.rigid_px[5, 4:] / field.face.pose.scale_px_per_cm)
        assert np.hypot(*turn) == pytest.approx(20, abs=4)
        assert measure_aus(field).track.peak < 1.2


def test_a_nod_does_not_hide_a_smile(driver_portrait: Portrait, smiling: list[Image]) -> None:
    angles = 15 * np.sin(2 * np.pi * np.arange(len(smiling)) / 32)
    frames = [turned(driver_portrait, (a, 0), f) for a, f in zip(angles, smiling, strict=True)]
    nodding, still = measure_aus(field_of(frames)).track, measure_aus(field_of(smiling)).track
    for side in ("AU12L", "AU12R"):
        own = nodding.values[:, nodding.names.index(side)]
        assert own == pytest.approx(still.values[:, still.names.index(side)], abs=1.1)


@pytest.mark.parametrize(("gain", "offset"), [(0.4, 0), (0.7, 20), (1.0, -25), (1.1, 0)])
def test_light_is_no_expression(
    driver_portrait: Portrait, smiling: list[Image], gain: float, offset: float
) -> None:
    """The light changes at once after the first frames, and stays."""
    dimmed = [
        np.clip(np.rint(frame * gain + offset), 0, 255).astype(np.uint8) if i > 2 else frame
        for i, frame in enumerate(smiling)
    ]
    changed, steady = measure_aus(field_of(dimmed)).track, measure_aus(field_of(smiling)).track
    assert np.abs(changed.values - steady.values).max() < 0.6


@pytest.mark.parametrize("white", [False, True])
def test_a_fade_or_a_flash_is_said_and_not_measured(smiling: list[Image], white: bool) -> None:
    light = np.interp(np.arange(len(smiling)), [4, 7, 9, 12], [1, 0, 0, 1])[:, None, None, None]
    frames = np.rint(np.array(smiling) * light + (255 * (1 - light) if white else 0))
    field = field_of(list(frames.astype(np.uint8)))
    (gap,) = field.gaps
    assert gap.why is Loss.BLANK and (gap.first, gap.last) in ((7, 9), (6, 10))
    measured, whole = measure_aus(field), measure_aus(field_of(smiling))
    assert (measured.confidence[gap.first : gap.last + 1] == 0).all()
    wrong = np.abs(measured.track.values - whole.track.values)[measured.measured]
    assert wrong.max() < 0.6


def test_what_a_hand_covers_is_not_measured(
    smiling: list[Image], driver_portrait: Portrait
) -> None:
    """A hand of the skin's tone covers the mouth of a smiling face for a while."""
    points = driver_portrait.face.landmarks[:468, :2]
    nose, (left, right) = points[1, 1], (points[:, 0].min(), points[:, 0].max())
    frames = [frame.copy() for frame in smiling]
    for frame in frames[6:11]:
        frame[int(nose) :, int(left) - 5 : int(right) + 5] = (200, 150, 125)
    field = field_of(frames)
    measured, whole = measure_aus(field), measure_aus(field_of(smiling))
    assert field.followed.all()
    names = list(measured.track.names)
    for name in ("AU12L", "AU12R", "AU17", "AU26"):
        hidden = measured.confidence[:, names.index(name)] == 0
        assert hidden.tolist() == [6 <= i <= 10 for i in range(len(frames))]
    for name in ("AU1L", "AU4R", "AU45L"):
        assert measured.measured[:, names.index(name)].all()
    wrong = np.abs(measured.track.values - whole.track.values)[measured.measured]
    assert wrong.max() < 0.6


def test_motion_is_bridged_while_the_face_is_hidden(smiling: list[Image]) -> None:
    whole = field_of(smiling)
    hidden = [
        frame if not 8 <= i <= 10 else np.full_like(frame, 90) for i, frame in enumerate(smiling)
    ]
    field = field_of(hidden)
    assert field.gaps == (Gap(8, 10, Loss.BLANK),) and field.lost_at is None
    assert field.followed.tolist() == [not 8 <= i <= 10 for i in range(len(smiling))]
    before, after = field.displacement_cm[7], field.displacement_cm[11]
    assert field.displacement_cm[8] == pytest.approx(0.75 * before + 0.25 * after, abs=1e-6)
    # Frames after the gap are measured from the first one, as if nothing had been there.
    assert np.abs(field.displacement_cm[11:] - whole.displacement_cm[11:]).max() < 0.025
    track = measure_aus(field).track
    assert (track.confidence == 0).tolist() == [8 <= i <= 10 for i in range(len(smiling))]
    smile = track.values[:, track.names.index("AU12L")]
    expected = measure_aus(whole).track.values[:, track.names.index("AU12L")]
    assert smile[7:12] == pytest.approx(expected[7:12], abs=0.25)


def test_a_face_that_comes_back_elsewhere_is_the_same(smiling: list[Image]) -> None:
    away = 0.12 * smiling[0].shape[1]
    frames = [
        frame if i < 6 else np.full_like(frame, 90) if i < 9 else shifted(frame, away)
        for i, frame in enumerate(smiling)
    ]
    field, whole = field_of(frames), field_of(smiling)
    assert [(gap.first, gap.last) for gap in field.gaps] == [(6, 8)] and field.lost_at is None
    moved = np.sqrt(((field.displacement_cm - whole.displacement_cm)[9:] ** 2).sum(-1))
    assert np.median(moved) < 0.03  # canonical centimetres; a smile moves its corner by 0.5
    # The head's own shift is reported as such, in pixels.
    assert field.rigid_px[10, 0] == pytest.approx(away, abs=1.5)


def test_another_face_is_not_measured(smiling: list[Image]) -> None:
    mirrored = [np.ascontiguousarray(255 - frame[:, ::-1] // 2) for frame in smiling]
    field = field_of(smiling[:6] + mirrored[6:10] + smiling[10:])
    assert field.gaps == (Gap(6, 9, field.gaps[0].why),) and field.gaps[0].why is not Loss.COVERED
    lost = field_of(smiling[:6] + mirrored[6:])
    assert lost.lost_at == 6 and lost.lost_because in (Loss.CUT, Loss.GONE)
    assert np.isnan(lost.displacement_cm[6:]).all() and not np.isnan(lost.displacement_cm[:6]).any()


def test_skin_that_leaves_the_picture_does_not_count(smiling: list[Image]) -> None:
    width = smiling[0].shape[1]
    face_x = field_of(smiling[:1]).face.landmarks[:468, 0]
    away = float(width - np.quantile(face_x, 0.8))  # a fifth of the vertices leaves
    field = field_of([shifted(smiling[0], share * away) for share in (0, 0.3, 0.6, 0.8, 1)])
    assert field.followed.all()
    past_edge = face_x + away - width
    clear = np.abs(past_edge) > 3
    np.testing.assert_array_equal((field.confidence[4] == 0)[clear], (past_edge > 0)[clear])
