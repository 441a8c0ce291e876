from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.au import Expression
from mien.errors import NoFaceError, UnreadableVideoError, UsageError
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.metrics.motion import cosine
from mien.motion.field import Gap, MotionField, measure_field
from mien.motion.follower import Loss
from mien.motion.tracker import FlowSettings, FlowTracker
from mien.rig.basis import load_basis
from mien.types import Image

Clip = list[tuple[float, Image]]


def inner() -> np.ndarray:
    """Vertices away from the face's edge and the lids, where the flow is not torn."""
    from mien.face.regions import eye_region
    from mien.render.region import inside_share

    return (inside_share() > 0.95) & ~eye_region()


@pytest.mark.parametrize("scale", ["full", "fast"])
def test_a_known_motion_is_measured(clip: Clip, smile: Expression, scale: str) -> None:
    measured = measure_field(clip, settings=FlowSettings(scale=scale))  # type: ignore[arg-type]
    truth = load_basis().displace(smile.track(100))[:, :, :2]
    apex = int(np.linalg.norm(truth, axis=(1, 2)).argmax())
    assert cosine(measured.displacement_cm[apex, inner()], truth[apex, inner()]) > 0.85
    size = np.linalg.norm(measured.displacement_cm, axis=(1, 2))
    assert abs(int(size.argmax()) - apex) <= 3
    assert size[0] < 0.05 * size.max() and size[-1] < 0.2 * size.max()


def test_head_motion_is_taken_out(driver_portrait: Portrait) -> None:
    import cv2

    frames = []
    for index in range(6):
        turn = cv2.getRotationMatrix2D((200, 200), 0.4 * index, 1 + 0.004 * index)
        turn[:, 2] += (1.3 * index, -0.9 * index)
        moved = cv2.warpAffine(
            driver_portrait.image, turn, (400, 400), borderMode=cv2.BORDER_REPLICATE
        )
        frames.append((index / 100, moved))
    measured = measure_field(frames)
    assert np.abs(measured.displacement_cm[:, inner()]).mean() < 0.02
    assert np.hypot(*measured.rigid_px[-1, :2]) == pytest.approx(np.hypot(6.5, 4.5), rel=0.25)


def test_displacement_in_the_picture_has_the_head_motion_and_depth_back(
    driver_portrait: Portrait,
) -> None:
    from dataclasses import replace

    import cv2

    from mien.face.pose import Pose

    turned = Pose(np.array([[0.8, 0, -0.6], [0, 1, 0], [0.6, 0, 0.8]]), 10.0, np.zeros(2))
    face = replace(driver_portrait.face, pose=turned)
    turn = cv2.getRotationMatrix2D((200, 200), 1.5, 1.02) + np.array([[0, 0, 3], [0, 0, -2]])
    later = cv2.warpAffine(driver_portrait.image, turn, (400, 400))
    frames = [driver_portrait.image, later]
    field = measure_field([(0.0, frames[0]), (0.02, frames[1])], face=face)
    tracker = FlowTracker(frames[0], face)
    _, tracked = tracker.track(frames[0]), tracker.track(frames[1])
    np.testing.assert_allclose(field.displacement_px(1), tracked.displacement_px, atol=1e-3)


def test_a_still_clip_has_no_motion(driver_portrait: Portrait) -> None:
    measured = measure_field([(i / 50, driver_portrait.image) for i in range(4)])
    assert np.abs(measured.displacement_cm).max() < 1e-3
    assert measured.confidence[:, inner()].min() > 0.9


def test_a_lost_face_is_nan_from_there(clip: Clip) -> None:
    gone = np.random.default_rng(1).integers(0, 255, clip[0][1].shape).astype(np.uint8)
    measured = measure_field([*clip[:5], *((0.05 + i / 100, gone) for i in range(3))])
    assert measured.lost_at == 5
    assert np.isnan(measured.displacement_cm[5:]).all() and not measured.confidence[5:].any()
    assert np.isfinite(measured.displacement_cm[:5]).all()
    assert len(measured.kept()) == 5


def test_a_changing_light_is_no_motion(driver_portrait: Portrait) -> None:
    dimmed = [(i / 50, (driver_portrait.image * (1 - 0.06 * i)).astype(np.uint8)) for i in range(5)]
    measured = measure_field(dimmed)
    assert np.abs(measured.displacement_cm[:, inner()]).mean() < 0.01


def test_baseline_can_be_chosen(field: MotionField) -> None:
    np.testing.assert_array_equal(field.relative_to(7).displacement_cm[7], 0)
    assert field.relative_to("first") is field
    np.testing.assert_allclose(
        np.median(field.relative_to("median").displacement_cm, axis=0), 0, atol=1e-6
    )
    with pytest.raises(UsageError, match="from 0 to 30"):
        field.relative_to(31)


def test_frames_without_the_face_are_no_baseline(field: MotionField) -> None:
    gap = Gap(5, 25, Loss.GONE)
    hidden = replace(field, gaps=(gap,))
    with pytest.raises(UsageError, match="shows the face, but the face is lost in frame 25"):
        hidden.relative_to(25)
    seen = np.median(field.displacement_cm[[*range(5), *range(26, 31)]], axis=0)
    moved = hidden.displacement_cm - hidden.relative_to("median").displacement_cm
    np.testing.assert_allclose(moved[0], seen, atol=1e-6)


def test_clips_without_frames_or_faces_are_refused() -> None:
    with pytest.raises(UnreadableVideoError, match="none"):
        measure_field([])
    with pytest.raises(NoFaceError):
        measure_field([(0.0, np.full((200, 200, 3), 127, np.uint8))])


def test_a_face_that_was_not_followed_is_not_still(field: MotionField) -> None:
    import warnings
    from dataclasses import replace

    zero = np.zeros_like(field.displacement_cm)
    assert not field.still and replace(field, displacement_cm=zero).still
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        unseen = np.zeros_like(field.confidence)
        assert not replace(field, displacement_cm=zero, confidence=unseen).still


def test_shapes_are_checked(field: MotionField) -> None:
    assert field.displacement_cm.shape == (31, mesh.VERTEX_COUNT, 2)
    assert "31 frames" in repr(field)
    with pytest.raises(ValueError, match="confidence"):
        MotionField(
            field.displacement_cm,
            field.confidence[:3],
            field.gaze_cm,
            field.rigid_px,
            field.times_seconds,
            field.face,
            field.flow,
        )
