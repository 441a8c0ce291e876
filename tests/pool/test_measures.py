"""What a portrait is measured by: the right value of each measure, on changes that are known."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.pool.limits import TONES, ScreenLimits, tone_of
from mien.pool.measures import (
    EYES_APART_PX,
    PortraitMeasures,
    bridge_line,
    lab,
    level_crop,
    measure_portrait,
    sharpness,
)
from tests.faces import canonical_face


def eyes(portrait: Portrait) -> tuple[np.ndarray, np.ndarray]:
    points = portrait.face.landmarks[:, :2].astype(float)
    return points[[33, 133]].mean(0), points[[263, 362]].mean(0)


def test_the_crop_has_level_eyes_at_their_place() -> None:
    """White dots on the eyes of a turned picture are where the crop says."""
    face = canonical_face(8.0, 150.0)
    spin = cv2.getRotationMatrix2D((150, 150), 25, 1.0)
    points = face.landmarks.copy()
    points[:, :2] = points[:, :2] @ spin[:, :2].T + spin[:, 2]
    face = replace(face, landmarks=points.astype(np.float32))
    image = np.zeros((300, 300, 3), np.uint8)
    for x, y in eyes(Portrait(image, face)):
        cv2.circle(image, (round(x), round(y)), 3, (255, 255, 255), -1)
    crop = level_crop(image, face)
    for x in (32, 96):
        found = np.argwhere(crop[:, x - 16 : x + 16, 0] > 128).mean(0) + np.array([0, x - 16])
        np.testing.assert_allclose(found, (64, x), atol=1.5)


def test_a_large_picture_is_reduced_before_it_is_measured() -> None:
    """Lines a pixel wide vanish; sampled without that, they would be lines across the nose."""
    face = canonical_face(60.0, 500.0)
    image = np.full((1000, 1000, 3), 120, np.uint8)
    image[::2] = 255
    assert bridge_line(lab(level_crop(image, face))[0]) < 1.5
    assert eyes(Portrait(image, face))[1][0] - eyes(Portrait(image, face))[0][0] > 4 * EYES_APART_PX


def test_drawn_glasses_are_seen(portrait: Portrait) -> None:
    plain = measure_portrait(portrait)
    right, left = eyes(portrait)
    apart, middle = float(np.hypot(*(left - right))), (right + left) / 2
    image = np.ascontiguousarray(portrait.image[..., :3]).copy()
    thick = max(1, round(apart / 32))
    for eye in (right, left):
        cv2.circle(image, tuple(int(v) for v in eye), round(0.33 * apart), (30, 30, 30), thick)
    row = round(middle[1])
    ends = (round(right[0] + 0.33 * apart), row), (round(left[0] - 0.33 * apart), row)
    cv2.line(image, *ends, (30, 30, 30), thick)
    worn = measure_portrait(Portrait(image, portrait.face))
    limits = ScreenLimits()
    assert plain.bridge_line < limits.most_bridge_line < worn.bridge_line
    assert any(each.startswith("glasses") for each in limits.reasons(worn))


def test_blur_lowers_the_sharpness(portrait: Portrait) -> None:
    sharp = lab(level_crop(portrait.image, portrait.face))[0]
    values = [sharpness(sharp)] + [
        sharpness(lab(level_crop(cv2.GaussianBlur(portrait.image, (0, 0), s), portrait.face))[0])
        for s in (1.0, 2.0)
    ]
    assert values[0] > 1.5 * values[1] > 2 * values[2]


def test_the_angle_of_skin_is_that_of_its_colour() -> None:
    face = canonical_face(8.0, 150.0)
    for lightness, yellow, tone in (
        (75, 15, "very light"),
        (62, 17, "intermediate"),
        (35, 15, "dark"),
    ):
        pixel = np.full((1, 1, 3), (lightness, 10.0, yellow), np.float32)
        colour = cv2.cvtColor(pixel, cv2.COLOR_LAB2RGB)[0, 0] * 255
        image = np.empty((300, 300, 3), np.uint8)
        image[:] = np.round(colour)
        measured = measure_portrait(Portrait(image, face))
        expected = np.degrees(np.arctan2(lightness - 50, yellow))
        assert measured.skin_angle == pytest.approx(expected, abs=1.5)
        assert tone_of(measured) == tone
    for angle in (-120.0, 120.0, 180.0):  # bluish light, on dark and on light skin
        blue = replace(measured, skin_angle=angle)
        assert tone_of(blue) == ""
        assert any(each.startswith("colour of the light") for each in ScreenLimits().reasons(blue))
    assert [name for name, _ in TONES][-1] == "dark"


def test_the_astronaut_smiles_and_is_refused(portrait: Portrait) -> None:
    measured = measure_portrait(portrait)
    assert measured.strongest_au == "AU12" and measured.smile > 0.5
    reasons = ScreenLimits(least_eyes_px=0).reasons(measured)
    assert any(each.startswith("not neutral: AU12") for each in reasons)
    assert PortraitMeasures.of_row(measured.row()) == measured
    lenient = ScreenLimits(
        most_intensity=5, most_smile=1, most_lips_apart=1, least_eyes_px=0, most_yaw=60, most_pitch=60,
        most_roll=60, least_sharpness=0,
    )  # fmt: skip
    assert lenient.reasons(measured) == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"eyes_px": 59.9}, "small: eyes 59.9 px apart"),
        ({"yaw": -10.5}, "not frontal: yaw -10.5 degrees, at most 10"),
        ({"pitch": 12.5}, "not frontal: pitch 12.5"),
        ({"strongest_au": "AU15", "strongest_intensity": 2.7}, "not neutral: AU15 about 2.7"),
        ({"lips_apart": 0.2}, "not neutral: lips apart 0.20"),
        ({"sharpness": 0.1}, "not sharp: 0.10"),
        ({"bridge_line": 5.0}, "glasses: line across the nose 5.0"),
        ({"mouth_covered": True}, "mouth covered"),
    ],
)
def test_each_limit_has_its_reason(change: dict[str, float], reason: str) -> None:
    good = PortraitMeasures(
        512, 512, 120.0, 1.0, -3.0, 0.5, "", 0.0, 0.02, 0.01, 0.5, 1.0, False, 40.0
    )
    assert ScreenLimits().reasons(good) == ()
    (found,) = ScreenLimits().reasons(replace(good, **change))
    assert found.startswith(reason)
