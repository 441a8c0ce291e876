from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.errors import UsageError
from mien.face.regions import eye_region
from mien.metrics.motion import compare_motion, cosine, jitter, smooth_in_time, timing
from mien.motion.field import MotionField
from tests.faces import canonical_face


@pytest.fixture(scope="module")
def field() -> MotionField:
    """A smooth hump of one random shape, 41 frames at 200 a second."""
    rng = np.random.default_rng(3)
    shape = rng.normal(0, 0.05, (468, 2))
    course = np.sin(np.linspace(0, np.pi, 41)) ** 2
    return MotionField(
        (course[:, None, None] * shape).astype(np.float32),
        np.ones((41, 468), np.float32),
        np.zeros((41, 2, 2), np.float32),
        np.zeros((41, 6)),
        np.arange(41) / 200,
        canonical_face(),
        "full",
    )


def test_a_clip_is_like_itself(field: MotionField) -> None:
    score = compare_motion(field, field)
    assert score.cosine == pytest.approx(1) and score.amplitude == pytest.approx(1)
    assert score.timing == pytest.approx(1) and score.cosine_raw == pytest.approx(1)
    assert (score.frames, score.vertices) == (41, 468)


def test_figures_by_hand(field: MotionField) -> None:
    half = replace(field, displacement_cm=0.5 * field.displacement_cm)
    assert compare_motion(field, half).amplitude == pytest.approx(0.5)
    turned = np.stack([-field.displacement_cm[..., 1], field.displacement_cm[..., 0]], axis=-1)
    across = compare_motion(field, replace(field, displacement_cm=turned))
    assert across.cosine == pytest.approx(0, abs=1e-6)
    assert across.timing == pytest.approx(1)
    backwards = replace(field, displacement_cm=-field.displacement_cm)
    assert compare_motion(field, backwards).cosine == pytest.approx(-1)


def test_noise_lowers_the_raw_cosine_more_than_the_smoothed(field: MotionField) -> None:
    noise = np.random.default_rng(0).normal(0, 0.02, field.displacement_cm.shape)
    noisy = replace(field, displacement_cm=(field.displacement_cm + noise).astype(np.float32))
    score = compare_motion(field, noisy)
    assert score.cosine_raw < score.cosine < 1
    assert score.jitter > 3 * score.jitter_driver


def test_only_what_both_see_counts(field: MotionField) -> None:
    confidence = field.confidence.copy()
    confidence[:, :100] = 0
    wrong = field.displacement_cm.copy()
    wrong[:, :100] = 9
    score = compare_motion(field, replace(field, displacement_cm=wrong, confidence=confidence))
    assert score.cosine == pytest.approx(1) and score.vertices == 368
    with pytest.raises(UsageError, match="shared vertices"):
        compare_motion(field, replace(field, confidence=np.zeros_like(confidence)))


def test_lengths_must_agree(field: MotionField) -> None:
    with pytest.raises(UsageError, match="41 and 20"):
        compare_motion(field, cut(field, 20))


def cut(field: MotionField, frames: int) -> MotionField:
    return replace(
        field,
        displacement_cm=field.displacement_cm[:frames],
        confidence=field.confidence[:frames],
        gaze_cm=field.gaze_cm[:frames],
        rigid_px=field.rigid_px[:frames],
        times_seconds=field.times_seconds[:frames],
    )


def test_a_frame_more_or_less_is_allowed(field: MotionField) -> None:
    short = cut(field, 40)
    for pair in ((field, short), (short, field)):
        assert compare_motion(*pair).frames == 40
        assert compare_motion(*pair).cosine == pytest.approx(1)
    with pytest.raises(UsageError) as caught:
        compare_motion(field, cut(field, 39))
    assert str(caught.value) == (
        "expected two clips of one length, got 41 and 39 frames with a face"
    )


@pytest.mark.parametrize("vertices", [19, 20])
def test_twenty_vertices_are_enough(field: MotionField, vertices: int) -> None:
    confidence = field.confidence.copy()
    confidence[:, vertices:] = 0
    result = replace(field, confidence=confidence)
    if vertices == 20:
        assert compare_motion(field, result).vertices == 20
        return
    with pytest.raises(UsageError) as caught:
        compare_motion(field, result)
    assert str(caught.value) == (
        "expected a face seen in both clips, got 19 shared vertices of 468"
    )


def test_eyes_are_left_out_and_what_is_not_seen_too(field: MotionField) -> None:
    eyes = eye_region()
    unseen = np.flatnonzero(~eyes)[:50]
    confidence, wrong = field.confidence.copy(), field.displacement_cm.copy()
    confidence[:, unseen] = 0
    wrong[:, unseen] = 9
    wrong[:, eyes] *= -1
    score = compare_motion(field, replace(field, displacement_cm=wrong, confidence=confidence))
    assert score.cosine_without_eyes == pytest.approx(1)
    # The eyes go the other way: of the squares, (rest - eyes) / (rest + eyes).
    seen = np.ones(468, bool)
    seen[unseen] = False
    energy = (field.displacement_cm.astype(np.float64) ** 2).sum((0, 2))
    rest, turned = energy[seen & ~eyes].sum(), energy[eyes].sum()
    assert score.cosine == pytest.approx((rest - turned) / (rest + turned), rel=1e-3)


def test_a_still_clip_has_no_amplitude_and_no_cosine(field: MotionField) -> None:
    still = replace(field, displacement_cm=np.zeros_like(field.displacement_cm))
    for pair in ((still, field), (field, still)):
        score = compare_motion(*pair)
        assert (score.cosine, score.amplitude, score.timing) == (0, 0, 0)
    faint = replace(field, displacement_cm=(0.001 * field.displacement_cm).astype(np.float32))
    assert compare_motion(faint, faint).amplitude == pytest.approx(1)
    assert compare_motion(faint, field).amplitude == pytest.approx(1000, rel=1e-3)


def test_figures_by_name(field: MotionField) -> None:
    figures = compare_motion(field, field).to_dict()
    assert list(figures) == [
        *("cosine", "amplitude", "timing", "cosine_raw", "cosine_without_eyes"),
        *("jitter", "jitter_driver", "frames", "vertices"),
    ]
    assert figures["frames"] == 41


def test_jitter_by_hand() -> None:
    # Second differences of -4 and 6; the largest displacements are 2 and 4, their mean 3.
    field = np.zeros((3, 2, 2))
    field[1, 0, 0], field[1, 1, 1], field[2, 1, 1] = 2, -1, 4
    assert jitter(field) == pytest.approx(np.sqrt((4**2 + 6**2) / 2) / 3)
    assert jitter(field[:2]) == 0


def test_the_ends_are_held_when_smoothed() -> None:
    # The last frame goes on beyond the end: it is half of the Gaussian (sigma of two frames) and half its own weight.
    step = np.zeros((21, 1, 1))
    step[-1] = 1
    weight = 1 / (2 * np.sqrt(2 * np.pi))
    assert smooth_in_time(step, 0.005)[-1, 0, 0] == pytest.approx((1 + weight) / 2, rel=1e-3)


def test_small_pieces_by_hand() -> None:
    assert cosine(np.array([1.0, 0]), np.array([1.0, 1])) == pytest.approx(np.sqrt(0.5))
    assert cosine(np.zeros(3), np.ones(3)) == 0
    zigzag = np.zeros((4, 1, 2))
    zigzag[[1, 3], 0, 0] = (
        1.0  # second differences -2, 2: root mean square 2; largest displacement 1
    )
    assert jitter(zigzag) == pytest.approx(2)
    assert jitter(np.zeros((5, 3, 2))) == 0
    rising = np.arange(6.0)[:, None, None] * np.ones((1, 3, 2))
    assert timing(rising, 2 * rising) == pytest.approx(1)
    spike = np.zeros((21, 1, 1))
    spike[10] = 1
    smooth = smooth_in_time(spike, 0.005)  # sigma of two frames
    assert smooth[10, 0, 0] == pytest.approx(1 / (2 * np.sqrt(2 * np.pi)), rel=0.02)


def sizes(*rms: float) -> np.ndarray:
    """A field of three vertices, all of one length (3, 4 and 5 are a triangle) in each frame."""
    return np.array(rms)[:, None, None] * np.array([[0.6, 0.8]] * 3)


def test_timing_is_about_changes_not_levels() -> None:
    # Less their means: (-1, 0, 1) and (1, -1, 0). With the means it would be 11 / 14.
    assert timing(sizes(1, 2, 3), sizes(3, 1, 2)) == pytest.approx(-1 / 2)
    assert timing(sizes(8, 8, 9), sizes(9, 8, 8)) == pytest.approx(-1 / 2)
    assert timing(sizes(1, 2, 3), sizes(2, 2, 2)) == 0
    # Vertices of 3 and 1 have the RMS sqrt(5), of 1 and 1 the RMS 1, of 2 and 0 sqrt(2).
    mixed = np.array([[[3.0, 0], [0, 1]], [[1, 0], [0, 1]], [[0, 2], [0, 0]]])
    x = np.sqrt([5, 1, 2]) - np.sqrt([5, 1, 2]).mean()
    expected = -x[0] + x[2]  # beside (-1, 0, 1)
    expected /= np.sqrt((x**2).sum() * 2)
    assert timing(mixed, sizes(1, 2, 3)) == pytest.approx(expected)
