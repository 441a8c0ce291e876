from __future__ import annotations

import numpy as np
import pytest

from mien.engines.lift import EDGE_CM, REACH, Lift, Paint, distortion
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Portrait
from mien.render.region import CHIN_MARGIN_CM


@pytest.mark.parametrize("chin_cm", [0.0, 2.0])
def test_a_change_dies_away_softly(portrait: Portrait, chin_cm: float) -> None:
    # The square's lower edge crosses the neck: where a change stops within a few pixels there, a collar gets a kink.
    share = Lift(portrait, 128, chin_cm=chin_cm).enlarge(np.ones((128, 128), np.float32))
    assert share.max() > 0.999 and share.min() == 0
    px_per_cm = portrait.face.pose.scale_px_per_cm
    narrowest_cm = min(REACH.side_margin_cm, EDGE_CM, CHIN_MARGIN_CM - chin_cm)
    steepest = 1.5 / (narrowest_cm * px_per_cm)  # of a cubic with level ends
    for axis in (0, 1):
        assert np.abs(np.diff(share, axis=axis)).max() < 1.3 * steepest


def test_a_painted_jaw_may_drop_onto_the_neck_and_moved_pixels_leave_it(portrait: Portrait) -> None:
    face = portrait.face
    moved, painted = (
        Lift(portrait, 128, chin_cm=chin_cm).enlarge(np.ones((128, 128), np.float32))
        for chin_cm in (0.0, 2.0)
    )
    chin = face.landmarks[152, :2]
    left, top = np.rint(chin - face.pose.scale_px_per_cm * np.array([1, 0])).astype(int)
    right, bottom = np.rint(chin + face.pose.scale_px_per_cm * np.array([1, 2])).astype(int)
    below = (slice(top, bottom), slice(left, right))
    assert (painted >= moved).all() and painted[below].sum() > 1.02 * moved[below].sum()
    x, y = np.rint(chin).astype(int)
    assert moved[y, x] > 0.9  # the chin itself moves whole
    cheek = face.landmarks[:VERTEX_COUNT, 0].argmax()  # beside it hair and background begin
    x, y = np.rint(face.landmarks[cheek, :2]).astype(int)
    beyond = x + int(np.ceil(1.1 * REACH.side_margin_cm * face.pose.scale_px_per_cm))
    assert moved[y, beyond] == 0 == painted[y, beyond]


def stretched(down: float, size: int = 32) -> np.ndarray:
    """Return a backward displacement whose content is this many times as tall, in the middle third."""
    rows = np.zeros(size, np.float32)
    middle = slice(size // 3, 2 * size // 3)
    rows[middle] = (1 / down - 1) * (2 / size)
    away = np.zeros((size, size, 2), np.float32)
    away[..., 1] = np.cumsum(rows)[:, None]
    return away


@pytest.mark.parametrize(
    ("down", "wanted"), [(1.0, 0), (1.3, 0), (1.7, 0.5), (2.5, 1), (1 / 1.7, 0.5), (1 / 2.5, 1)]
)
def test_what_is_stretched_or_squeezed_is_distorted(down: float, wanted: float) -> None:
    found = distortion(stretched(down))
    assert found[16] == pytest.approx(np.full(32, wanted), abs=1e-4)
    assert not found[2].any() and not found[-2].any()


@pytest.mark.parametrize("slope", [-0.5, -1.0, -1.3])
def test_a_folded_picture_is_distorted(slope: float) -> None:
    # A backward slope below 0 shows the picture the wrong way round.
    assert distortion(stretched(1 / slope))[16] == pytest.approx(np.ones(32))


def test_a_turned_picture_is_not_distorted() -> None:
    y, x = np.mgrid[-1:1:32j, -1:1:32j]
    turned = np.stack([-0.5 * x - 0.8 * y, 0.8 * x - 0.5 * y], -1).astype(np.float32)
    turned *= np.float32(31 / 32)  # from centre to centre of the cells
    assert distortion(turned).max() < 1e-3


def test_a_network_s_picture_replaces_distorted_pixels_where_it_paints(portrait: Portrait) -> None:
    lift = Lift(portrait, 32)
    grey = np.full((32, 32, 3), 0.2, np.float32)
    none = np.zeros((32, 32, 3), np.float32)
    x, y = lift.square.to_image(32) @ (15.5, 15.5, 1)
    there = slice(int(y) - 2, int(y) + 3), slice(int(x) - 2, int(x) + 3)

    def moved(times: float, share: float) -> np.ndarray:
        paint = Paint(none, grey, np.full((32, 32), share, np.float32))
        return np.asarray(lift.move(stretched(times), paint))[there][..., :3].astype(float)

    assert moved(2.5, 0.8) == pytest.approx(np.full((5, 5, 3), 1.2 * 127.5), abs=1)
    for times, share in ((2.5, 0.05), (1.2, 0.8)):  # hardly painted; hardly distorted
        plain = np.asarray(lift.move(stretched(times)))[there][..., :3]
        assert np.array_equal(moved(times, share), plain)


def brows_squeezed(portrait: Portrait, above_cm: float) -> tuple[Lift, np.ndarray]:
    """Return how much taller the portrait's content is than the moved one, least, in each row above the eyes.

    The square ends on the forehead, and all of it moves up by 1 cm.
    """
    lift = Lift(portrait, 128, side_cm=16.5, down_cm=1.15, above_cm=above_cm)
    up = np.zeros((128, 128, 2), np.float32)
    up[..., 1] = 2 * 1.0 / 16.5
    away = lift.displacement_px(up, finer=1)[..., 1]
    x = int(portrait.face.landmarks[168, 0]) - lift.box_px[0]
    y = int(portrait.face.landmarks[168, 1]) - lift.box_px[1]
    return lift, 1 + np.diff(away[:y, x - 5 : x + 6], axis=0).min(1)


def test_motion_at_the_forehead_goes_on_above_the_square(portrait: Portrait) -> None:
    _, at_edge = brows_squeezed(portrait, 0.0)
    lift, above = brows_squeezed(portrait, 2.2)
    down, up = np.abs(at_edge - 1).max(), np.abs(above - 1).max()
    assert down > 1.6 and up < 0.95  # more than 1: rows of pixels are lost or come twice
    # Beside and below the square, motion ends as before.
    without = Lift(portrait, 128, side_cm=16.5, down_cm=1.15)
    y = int(portrait.face.landmarks[1, 1]) - lift.box_px[1]
    assert np.allclose(lift._motion_weight[y:], without._motion_weight[y:], atol=1e-5)
    assert without._motion_weight is without._weight


def test_the_picture_s_edge_stays_when_the_forehead_moves(portrait: Portrait) -> None:
    face = portrait.face
    top = int(face.landmarks[10, 1])
    cut = Portrait.from_image(np.ascontiguousarray(portrait.image[top - 2 :]))
    lift = Lift(cut, 128, side_cm=16.5, down_cm=1.15, above_cm=2.2)
    lowered = np.zeros((128, 128, 2), np.float32)
    lowered[..., 1] = -2 * 1.0 / 16.5
    made = lift.move(lowered, finer=1)
    still = int(0.3 * cut.face.pose.scale_px_per_cm)
    assert np.array_equal(made[:still], cut.image[:still])
    assert not np.array_equal(made, cut.image)


def test_a_change_remains_whole_at_the_face_s_middle_and_fades_at_the_square_s_edge(
    portrait: Portrait,
) -> None:
    lift = Lift(portrait, 128, side_cm=16.5, down_cm=1.15)
    share = lift.vertex_share
    assert share[[1, 61, 291, 105, 334]] == pytest.approx(1, abs=1e-3)  # nose, mouth corners, brows
    x, y = np.abs(lift.square.normalised(portrait.face.landmarks[:VERTEX_COUNT, :2])).T
    outside = np.maximum(x, y) > 1
    assert outside.any()
    assert share[outside] == pytest.approx(0, abs=1e-3)
