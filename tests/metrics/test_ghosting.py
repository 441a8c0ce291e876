from __future__ import annotations

import cv2
import numpy as np
import pytest

from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.metrics.face_flow import vertex_motion, vertices_in_square
from mien.metrics.ghosting import Residual, face_residual, ghosting, residual_after_flow
from tests.faces import canonical_face

SIDE = 120
EVERYWHERE = np.zeros((SIDE, SIDE), bool)
EVERYWHERE[12:-12, 12:-12] = True


def texture(side: int = SIDE, seed: int = 0) -> np.ndarray:
    """Blobs some 8 px wide, grey levels 0 to 255."""
    noise = np.random.default_rng(seed).normal(size=(side, side)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.float32(255) * (smooth - smooth.min()) / np.ptp(smooth)


def shifted(picture: np.ndarray, x_px: float) -> np.ndarray:
    matrix = np.array([[1, 0, x_px], [0, 1, 0]], np.float32)
    height, width = picture.shape[:2]
    return cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


@pytest.mark.parametrize("method", ["dis", "tvl1"])
def test_a_warp_leaves_nothing_and_a_double_exposure_much(method):
    if method == "tvl1":
        pytest.importorskip("skimage")
    first = texture()
    moved = residual_after_flow(first, shifted(first, 3), EVERYWHERE, method)
    double = (shifted(first, 6) + shifted(first, -6)) / 2
    ghost = residual_after_flow(first, double, EVERYWHERE, method)
    assert moved.before > 10 and ghost.before > 10
    assert moved.ratio < 0.1 and ghost.ratio > 0.5


def test_the_ratio_of_the_differences():
    assert Residual(before=8, after=2).ratio == 0.25
    assert Residual(before=0, after=0).ratio == 0
    # A brighter picture of one colour: no flow explains it, and the difference stays.
    flat = np.full((SIDE, SIDE), 100, np.float32)
    assert residual_after_flow(flat, flat + 20, EVERYWHERE) == Residual(20, 20)


@pytest.fixture
def portrait() -> Portrait:
    grey = texture(200).astype(np.uint8)
    return Portrait(np.repeat(grey[..., None], 3, 2), canonical_face())


def test_only_the_face_counts(portrait: Portrait):
    frame = portrait.image.copy()
    frame[:, :15] = frame[:, -15:] = 0
    assert ghosting(portrait, frame) == 0 and face_residual(portrait, frame).before == 0
    frame[100:104, 100:104] += 20
    assert face_residual(portrait, frame).before > 0
    clear = np.dstack([portrait.image, np.zeros((200, 200), np.uint8)])
    assert ghosting(portrait, clear) == 0, "alpha is ignored"


def test_ghosting_of_a_face(portrait: Portrait):
    one, other = shifted(portrait.image, 3), shifted(portrait.image, -3)
    double = (one.astype(np.float32) / 2 + other / 2).astype(np.uint8)
    assert ghosting(portrait, one) < 0.15 < 0.5 < ghosting(portrait, double)


def test_vertices_move_with_the_picture(portrait: Portrait):
    # 10 px of the picture are a canonical centimetre, 16 px of the square too.
    motion = vertex_motion(portrait, shifted(portrait.image, 2), "dis")
    inside = np.abs(portrait.face.landmarks[:468, :2] - 100).max(1) < 60
    assert np.median(motion[inside], axis=0) == pytest.approx([3.2, 0], abs=0.1)
    places = vertices_in_square(portrait.face)
    assert np.ptp(places, 0) == pytest.approx(1.6 * np.ptp(portrait.face.landmarks[:468, :2], 0))


def test_bad_input_is_refused(portrait: Portrait):
    with pytest.raises(UsageError, match="of one size, got 200x200 and 100x200"):
        ghosting(portrait, portrait.image[:, :100])
