from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from mien.errors import FaceError, NoFaceError, ProfileFaceError, SeveralFacesError, UsageError
from mien.face import portrait as portrait_module
from mien.face.portrait import MIN_FACE_PX, Portrait, find_face, find_faces

SHARED = Path(__file__).parents[3] / "shared" / "data"


def resized(image: np.ndarray, factor: float) -> np.ndarray:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=how)


def framed(image: np.ndarray, width: int, height: int, x: int, y: int) -> np.ndarray:
    frame = np.full((height, width, 3), 128, np.uint8)
    frame[y : y + image.shape[0], x : x + image.shape[1]] = image
    return frame


def test_the_astronaut_is_one_face_where_it_is(astronaut, astronaut_face):
    assert len(find_faces(astronaut)) == 1
    np.testing.assert_allclose(astronaut_face.box_px, [180, 70, 271, 178], atol=4)
    assert astronaut_face.score > 0.9
    assert astronaut_face.landmarks.dtype == np.float32
    assert "180" in repr(astronaut_face)
    assert "yaw" in repr(Portrait.from_image(astronaut))


def test_a_search_repeats_itself_exactly(astronaut, astronaut_face):
    np.testing.assert_array_equal(find_face(astronaut).landmarks, astronaut_face.landmarks)


@pytest.mark.parametrize(
    "picture",
    [skimage.data.cat, skimage.data.coffee, skimage.data.rocket, skimage.data.colorwheel],
)
def test_pictures_without_a_face(picture):
    with pytest.raises(NoFaceError, match="found no face"):
        find_face(picture())


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 2000, 3), (2000, 3, 3), (128, 128, 3)])
def test_empty_pictures_of_any_shape(shape):
    with pytest.raises(NoFaceError):
        find_face(np.zeros(shape, np.uint8))


@pytest.mark.parametrize(("quarter_turns", "roll"), [(1, -90), (3, 90)])
def test_a_picture_on_its_side(astronaut, astronaut_face, quarter_turns, roll):
    face = find_face(np.ascontiguousarray(np.rot90(astronaut, quarter_turns)))
    assert face.pose.roll_degrees == pytest.approx(roll + astronaut_face.pose.roll_degrees, abs=3)
    assert face.pose.yaw_degrees == pytest.approx(astronaut_face.pose.yaw_degrees, abs=3)
    # Undo the turn: rot90 once sends (x, y) to (y, width - 1 - x).
    x, y = face.landmarks[:, 0], face.landmarks[:, 1]
    last = astronaut.shape[1] - 1
    upright = np.stack([last - y, x] if quarter_turns == 1 else [y, last - x], axis=1)
    off_px = np.linalg.norm(upright - astronaut_face.landmarks[:, :2], axis=1)
    assert off_px.mean() < 0.02 * astronaut_face.width_px


@pytest.mark.parametrize("degrees", [-40, 25])
def test_a_tilted_head(astronaut, astronaut_face, degrees):
    turn = cv2.getRotationMatrix2D((225, 120), degrees, 1)  # anticlockwise
    face = find_face(cv2.warpAffine(astronaut, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE))
    expected = astronaut_face.landmarks[:, :2] @ turn[:, :2].T + turn[:, 2]
    off_px = np.linalg.norm(face.landmarks[:, :2] - expected, axis=1)
    assert off_px.mean() < 0.02 * astronaut_face.width_px
    turned_by = face.pose.roll_degrees - astronaut_face.pose.roll_degrees
    assert turned_by == pytest.approx(-degrees, abs=2)


def test_grey_and_transparent_pictures(astronaut, astronaut_face):
    grey = cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY)
    face = find_face(np.repeat(grey[..., None], 3, axis=2))
    off_px = np.abs(face.landmarks - astronaut_face.landmarks)[:, :2]
    assert off_px.mean() < 0.02 * astronaut_face.width_px
    alpha = np.zeros((512, 512, 1), np.uint8)
    clear = find_face(np.concatenate([astronaut, alpha], axis=2))
    np.testing.assert_array_equal(clear.landmarks, astronaut_face.landmarks)


@pytest.mark.parametrize(("face_px", "canvas"), [(42, 0), (64, 0), (64, 1000), (100, 1600)])
def test_small_faces_even_in_large_pictures(astronaut, astronaut_face, face_px, canvas):
    factor = face_px / astronaut_face.width_px
    image, shift = resized(astronaut, factor), np.zeros(2)
    if canvas:
        image, shift = framed(image, canvas, canvas - 100, 300, 410), np.array([300.0, 410.0])
    face = find_face(image)
    expected = (astronaut_face.landmarks[:, :2] + 0.5) * factor - 0.5 + shift
    assert np.abs(face.landmarks[:, :2] - expected).mean() < 0.01 * face_px


def test_a_4k_portrait(astronaut, astronaut_face):
    large = resized(astronaut[:256, 100:356], 16)
    face = find_face(large)
    expected = (astronaut_face.landmarks[:, :2] - [100, 0] + 0.5) * 16 - 0.5
    assert face.width_px > 1400
    assert np.abs(face.landmarks[:, :2] - expected).mean() < 0.01 * face.width_px


def test_a_face_that_fills_the_picture(astronaut, astronaut_face):
    left, top, right, bottom = np.rint(astronaut_face.box_px).astype(int)
    face = find_face(np.ascontiguousarray(astronaut[top:bottom, left:right]))
    expected = astronaut_face.landmarks[:, :2] - [left, top]
    assert np.abs(face.landmarks[:, :2] - expected).mean() < 0.03 * astronaut_face.width_px


def test_a_face_too_small_is_refused_with_the_limit_named(astronaut, astronaut_face):
    tiny = resized(astronaut, 30 / astronaut_face.width_px)
    with pytest.raises(FaceError, match=rf"is (29|30|31) px wide, expected at least {MIN_FACE_PX}"):
        find_face(tiny)


def test_two_faces_are_listed_and_chosen_from(astronaut):
    both = framed(astronaut, 1100, 512, 0, 0)
    smaller = resized(astronaut, 0.8)
    both[: smaller.shape[0], 600 : 600 + smaller.shape[1]] = smaller
    with pytest.raises(SeveralFacesError) as caught:
        find_face(both)
    message = str(caught.value)
    assert "\n" not in message
    assert "found 2 faces" in message
    assert "1 at (1" in message and "2 at (7" in message
    assert "--face N or --face largest" in message
    first, second = find_face(both, 1), find_face(both, 2)
    assert first.box_px[0] == pytest.approx(180, abs=4)
    assert second.box_px[0] == pytest.approx(600 + 0.8 * 180, abs=4)
    assert find_face(both, "largest").box_px[0] == first.box_px[0]
    assert Portrait.from_image(both, 2).face.box_px[0] == second.box_px[0]


def test_faces_too_narrow_to_use_do_not_ask_for_a_choice(astronaut, astronaut_face):
    tiny = resized(astronaut, 33 / astronaut_face.width_px)
    usual = resized(astronaut, 60 / astronaut_face.width_px)
    both = framed(usual, 640, 400, 0, 0)
    both[: tiny.shape[0], 400 : 400 + tiny.shape[1]] = tiny
    assert len(find_faces(both)) == 2, "the small one is seen"
    assert find_face(both, 1).width_px == pytest.approx(60, abs=3)
    assert find_face(both).width_px == pytest.approx(60, abs=3)


@pytest.mark.parametrize("choose", [0, 2, -1])
def test_a_number_out_of_range(astronaut, choose):
    with pytest.raises(UsageError, match=f"there is no face {choose}, expected 1 to 1"):
        find_face(astronaut, choose)


@pytest.mark.parametrize("choose", ["biggest", True, 1.5])
def test_a_choice_that_is_none(astronaut, choose):
    with pytest.raises(UsageError, match="largest"):
        find_face(astronaut, choose)


def test_a_head_turned_too_far_is_refused_by_its_yaw(monkeypatch):
    """The photographer looks to the image's right by some 50 degrees."""
    camera = np.repeat(skimage.data.camera()[..., None], 3, axis=2)
    face = find_face(camera)
    assert 40 < face.pose.yaw_degrees < 60
    monkeypatch.setattr(portrait_module, "MAX_YAW_DEGREES", 40.0)
    with pytest.raises(ProfileFaceError, match=r"turned 5\d degrees .* expected at most 40"):
        find_face(camera)


@pytest.mark.skipif(not (SHARED / "portraits").is_dir(), reason="shared portraits are absent")
def test_shared_portraits_have_one_face_each():
    paths = sorted((SHARED / "portraits").glob("*.jpg"))[::12]
    counts = {path.name: len(find_faces(_read(path))) for path in paths}
    assert set(counts.values()) == {1}, counts


@pytest.mark.skipif(not (SHARED / "megc2021").is_dir(), reason="shared clips are absent")
def test_shared_clips_of_frame_filling_faces():
    for folder in sorted((SHARED / "megc2021").glob("*/frames")):
        assert len(find_faces(_read(min(folder.iterdir())))) == 1, folder


def _read(path: Path) -> np.ndarray:
    return np.ascontiguousarray(cv2.imread(str(path))[:, :, ::-1])


def test_a_nearly_black_picture_is_called_so(portrait: Portrait) -> None:
    with pytest.raises(NoFaceError, match=r"nearly black, 99 % of it below \d+ of 255"):
        find_face(np.zeros_like(portrait.image))
    with pytest.raises(NoFaceError, match="found no face in the picture"):
        find_face(np.full_like(portrait.image, 200))
