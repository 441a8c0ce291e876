"""Size, eyes, oval and mask: numbers of the pictures that are shown."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.generate.backward_mask import noise_mask, scrambled_mask
from mien.generate.look import Look
from mien.generate.look_options import LookOptions
from mien.generate.oval import DOWN, HALF_HEIGHT, HALF_WIDTH, in_oval, oval_weights
from mien.generate.placing import Eyes, placed, placing, wanted_eyes
from tests.faces import canonical_face


def dotted(eyes: Eyes, shape: tuple[int, int], channels: int = 3) -> np.ndarray:
    """A picture that is dark but for a soft white dot on each eye."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    across = eyes.distance_px / 2 * np.array([np.cos(eyes.roll_radians), np.sin(eyes.roll_radians)])
    made = np.zeros(shape)
    for side in (-1, 1):
        at = np.asarray(eyes.middle_px) + side * across
        made += 200 * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / 18)
    return np.repeat(made[..., None], channels, axis=2).astype(np.uint8)


def dots(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The centres (x, y) of the left and the right dot."""
    grey = image[..., 0].astype(float)
    y, x = np.mgrid[: grey.shape[0], : grey.shape[1]]
    middle = (grey * x).sum() / grey.sum()
    found = []
    for half in (x < middle, x >= middle):
        weight = grey * half
        found.append(np.array([(weight * x).sum(), (weight * y).sum()]) / weight.sum())
    return found[0], found[1]


@pytest.mark.parametrize("roll", [-0.3, 0.0, 0.2])
@pytest.mark.parametrize("distance", [30.0, 61.0])
def test_eyes_come_to_the_same_place_in_all_faces(roll: float, distance: float) -> None:
    eyes = Eyes((90.0, 70.0), distance, roll)
    wanted = wanted_eyes((160, 200), None, None)
    shown = placed(dotted(eyes, (180, 190)), placing(eyes, wanted), (160, 200), 0)
    assert shown.shape == (200, 160, 3)
    right, left = dots(shown)
    assert np.allclose(right, (79.5 - 20, 84), atol=0.3)
    assert np.allclose(left, (79.5 + 20, 84), atol=0.3)


def test_what_lies_beyond_the_picture_is_grey_and_opaque() -> None:
    eyes = Eyes((20.0, 20.0), 10.0)
    white = np.full((40, 40, 4), 255, np.uint8)
    shown = placed(white, placing(eyes, wanted_eyes((100, 100), 10, 50)), (100, 100), 77)
    assert shown[0, 0].tolist() == [77, 77, 77, 255]
    assert shown[50, 50].tolist() == [255, 255, 255, 255]


def test_the_eyes_of_a_face_are_between_their_corners() -> None:
    eyes = Eyes.of(canonical_face(10.0, 100.0))
    assert abs(eyes.middle_px[0] - 100) < 0.5 and abs(eyes.roll_radians) < 0.01
    assert 55 < eyes.distance_px < 75  # 6.3 cm, as people have on average


@pytest.mark.parametrize("roll", [0.0, 0.4])
def test_the_oval_has_its_axes_in_distances_between_the_eyes(roll: float) -> None:
    eyes = Eyes((150.0, 120.0), 60.0, roll)
    weights = oval_weights((400, 320), eyes)
    down = np.array([-np.sin(roll), np.cos(roll)])
    across = np.array([np.cos(roll), np.sin(roll)])
    centre = np.asarray(eyes.middle_px) + 60 * DOWN * down

    def at(point: np.ndarray) -> float:
        return float(weights[round(point[1]), round(point[0])])

    assert at(centre) == 1.0
    for axis, half in ((across, HALF_WIDTH), (down, HALF_HEIGHT)):
        for sign in (-1, 1):
            assert at(centre + sign * (half - 0.1) * 60 * axis) == 1.0
            assert at(centre + sign * (half + 0.1) * 60 * axis) == 0.0
    assert ((weights > 0) & (weights < 1)).any()  # the edge is soft


def test_around_the_oval_is_exactly_the_grey() -> None:
    eyes = Eyes((50.0, 40.0), 20.0)
    weights = oval_weights((100, 100), eyes)
    image = np.random.default_rng(1).integers(0, 256, (100, 100, 3), dtype=np.uint8)
    shown = in_oval(image, weights, 90)
    assert np.array_equal(shown[weights == 1], image[weights == 1])
    assert set(np.unique(shown[weights == 0])) == {90}


def test_noise_keeps_mean_and_spectrum_and_loses_the_form() -> None:
    still = dotted(Eyes((60.0, 50.0), 30.0), (100, 120)) // 2 + 60
    noise = noise_mask(still, 3)
    assert noise.shape == still.shape and noise.dtype == np.uint8
    assert abs(noise.mean() - still.mean()) < 0.5
    # Values outside 0 to 255 are held, so contrast is only nearly kept.
    assert 0.85 < noise.std() / still.std() < 1.1
    shapes = [each[..., 0].astype(float) - each[..., 0].mean() for each in (still, noise)]
    alike = (shapes[0] * shapes[1]).sum() / np.sqrt((shapes[0] ** 2).sum() * (shapes[1] ** 2).sum())
    assert abs(alike) < 0.3
    assert np.array_equal(noise, noise_mask(still, 3)) and not np.array_equal(
        noise, noise_mask(still, 4)
    )


def test_scrambled_has_the_same_pixels_none_of_whose_tiles_is_in_place() -> None:
    still = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    made = scrambled_mask(still, 5, 20)
    assert np.array_equal(np.sort(made.reshape(-1)), np.sort(still.reshape(-1)))
    for y in range(0, 60, 20):
        for x in range(0, 80, 20):
            tiles = (each[y : y + 20, x : x + 20] for each in (made, still))
            assert not np.array_equal(*tiles)
    seen = np.zeros((60, 80), bool)
    seen[:, :40] = True
    half = scrambled_mask(still, 5, 20, seen)
    assert np.array_equal(half[:, 40:], still[:, 40:]) and not np.array_equal(
        half[:, :40], still[:, :40]
    )


def test_a_look_shows_frames_and_then_the_mask() -> None:
    face = canonical_face(10.0, 100.0)
    image = dotted(Eyes.of(face), (200, 200))
    options = LookOptions(size="120x160", oval=True, mask="scramble", mask_seconds=0.05)
    look = Look.on(options, Portrait(image, face))
    frames = list(look.frames([image, image], image, Fraction(50), 7))
    assert [frame.shape for frame in frames] == [(160, 120, 3)] * 5  # 0.05 s of 50 are 3 frames
    assert np.array_equal(frames[0], frames[1]) and np.array_equal(frames[2], frames[4])
    assert not np.array_equal(frames[1], frames[2])
    outside = look.weights == 0
    assert set(np.unique(frames[0][outside])) == set(np.unique(frames[2][outside])) == {128}
    right, left = dots(np.where(look.weights[..., None] == 1, frames[0], 0))
    assert np.allclose(left - right, (30, 0), atol=0.5)
    assert not look.notes


def test_nothing_asked_is_nothing_done() -> None:
    image = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    look = Look.on(LookOptions(), Portrait(image, canonical_face()))
    (frame,) = look.frames([image], image, Fraction(25), 0)
    assert frame is image and look.shape == (200, 200, 3)


def test_a_note_says_that_a_face_is_enlarged() -> None:
    image = np.zeros((200, 200, 3), np.uint8)
    (note,) = Look.on(LookOptions(size="1024"), Portrait(image, canonical_face())).notes
    assert "enlarged 4." in note


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"size": "511"}, "even numbers"),
        ({"size": "8"}, "even numbers from 16"),
        ({"size": "big"}, "expected --size such as 512 or 480x640, got 'big'"),
        ({"eye_distance_px": 60.0}, "--eye-distance needs --size"),
        ({"size": "100", "eye_height_px": 101.0}, "--eye-height from 0 to 100"),
        ({"background": 256}, "--background from 0 to 255"),
        ({"mask": "blur"}, "--mask none, noise or scramble"),
        ({"mask": "noise", "mask_seconds": 0.0}, "--mask-duration above 0"),
    ],
)
def test_looks_that_are_refused(asked: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        LookOptions(**asked)  # type: ignore[arg-type]


def test_only_what_was_asked_for_is_recorded() -> None:
    assert LookOptions().given() == {} and LookOptions(mask_seconds=0.2).given() == {}
    assert LookOptions(size="480×640").given() == {"size": "480x640"}
    assert LookOptions(mask="noise").given() == {"mask": "noise", "mask_seconds": 0.1}
    assert LookOptions(mask="noise", mask_seconds=0.001).mask_frames(60) == 1
