from __future__ import annotations

import cv2
import numpy as np
import pytest

from mien.errors import FaceError
from mien.face import mesh
from mien.face.crop import FaceCrop
from mien.face.landmarker import crop_around, rgb


def jitter_px(points: list[np.ndarray]) -> float:
    """RMS second difference in time."""
    second = np.diff(np.array(points)[:, :468, :2], n=2, axis=0)
    return float(np.sqrt((second**2).sum(axis=-1).mean()))


def test_presence_tells_a_face_from_a_rocket(landmarker, astronaut, astronaut_face):
    _, face = landmarker.landmarks_and_presence(astronaut, astronaut_face.crop)
    _, rocket = landmarker.landmarks_and_presence(astronaut, FaceCrop(430, 230, 160))
    assert face > 0.99
    assert rocket < 0.01


def test_irises_lie_between_their_own_eye_s_corners(astronaut_face):
    points = astronaut_face.landmarks[:, :2]
    for iris, (inner, *_, outer) in (
        (mesh.RIGHT_IRIS, mesh.RIGHT_EYE_UPPER),
        (mesh.LEFT_IRIS, mesh.LEFT_EYE_UPPER),
    ):
        centre, right, top, left, bottom = points[list(iris)]
        assert points[inner, 0] < centre[0] < points[outer, 0]
        assert left[0] < centre[0] < right[0]
        assert top[1] < centre[1] < bottom[1]


def test_iris_centres_lie_on_the_pupils(landmarker, astronaut, astronaut_face):
    """A pupil is the darkest spot of its eye."""
    found = astronaut_face.landmarks[[468, 473], :2]
    darkest = []
    grey = cv2.GaussianBlur(cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
    for x, y in np.rint(found).astype(int):
        part = grey[y - 3 : y + 4, x - 5 : x + 6]
        row, column = np.unravel_index(part.argmin(), part.shape)
        darkest.append((x - 5 + column, y - 3 + row))
    assert np.linalg.norm(found - darkest, axis=1).max() < 3


def test_a_mirrored_picture_gives_mirrored_landmarks(landmarker, astronaut, astronaut_face):
    """Up to the net's own asymmetry, which is within half a pixel here."""
    width = astronaut.shape[1]
    crop = astronaut_face.crop
    mirrored_crop = FaceCrop(width - 1 - crop.x_px, crop.y_px, crop.side_px, -crop.roll_radians)
    mirrored = landmarker.landmarks(np.ascontiguousarray(astronaut[:, ::-1]), mirrored_crop)
    back = mirrored[mesh.mirror_index()]
    back[:, 0] = width - 1 - back[:, 0]
    off = back[:, :2] - astronaut_face.landmarks[:468, :2]
    assert abs(off[:, 0].mean()) < 0.5
    assert np.abs(off).mean() < 0.8


@pytest.mark.parametrize("factor", [2, 5])
def test_landmarks_scale_with_the_picture(landmarker, astronaut, astronaut_face, factor):
    large = cv2.resize(astronaut, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    crop = astronaut_face.crop
    large_crop = FaceCrop(
        (crop.x_px + 0.5) * factor - 0.5,
        (crop.y_px + 0.5) * factor - 0.5,
        crop.side_px * factor,
        crop.roll_radians,
    )
    found = landmarker.landmarks(large, large_crop)
    expected = astronaut_face.landmarks * factor
    expected[:, :2] += factor / 2 - 0.5
    off = (found - expected) / factor
    assert np.abs(off).mean() < 0.15
    assert np.abs(off.mean(axis=0)).max() < 0.1


def test_a_fixed_crop_jitters_less_than_crops_from_each_frame(
    landmarker, astronaut, astronaut_face
):
    rng = np.random.default_rng(0)
    fixed, followed = [], []
    for _ in range(16):
        noisy = astronaut + rng.normal(0, 3, astronaut.shape)
        frame = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
        fixed.append(landmarker.landmarks(frame, astronaut_face.crop))
        crop = next(landmarker.detect(frame))[0].crop()
        followed.append(landmarker.landmarks(frame, crop))
    assert jitter_px(fixed) < 0.85 * jitter_px(followed)


def test_crop_around_follows_a_turn():
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[:468] = mesh.canonical_vertices() * 10
    level = crop_around(landmarks)
    assert level.roll_radians == pytest.approx(0)
    assert level.side_px == pytest.approx(1.5 * 10 * np.ptp(mesh.canonical_vertices()[:, 1]))
    turned = landmarks.copy()
    turned[:, 0], turned[:, 1] = -landmarks[:, 1], landmarks[:, 0]
    on_its_side = crop_around(turned)
    assert on_its_side.roll_radians == pytest.approx(np.pi / 2)
    assert on_its_side.side_px == pytest.approx(level.side_px)
    assert (on_its_side.x_px, on_its_side.y_px) == pytest.approx((-level.y_px, level.x_px))


@pytest.mark.parametrize(
    "image", [np.zeros((8, 8), np.uint8), np.zeros((8, 8, 3)), np.zeros((8, 8, 2), np.uint8)]
)
def test_what_is_no_picture_is_refused(image):
    with pytest.raises(FaceError, match="expected an RGB"):
        rgb(image)
