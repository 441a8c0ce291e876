"""An eye that opens wider leaves no copy of its lashes on the eyeball."""

from __future__ import annotations

import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.render import eyes, flow, patch
from mien.render.opening import WIDENED_CM, Opening
from mien.render.openings import LEFT_EYE, MOUTH, OpeningKind, border_px
from mien.render.region import MEASURED
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from tests.render.painted import EYES, IRIS, RADIUS, iris_centre, painted_portrait, spot_centre


def opening(portrait: Portrait, kind: OpeningKind = LEFT_EYE) -> Opening:
    grid = flow.face_grid(portrait.face, MEASURED)
    operator = flow.node_weights(portrait.face, grid, portrait.image.shape[:2], MEASURED)
    return Opening.of(portrait, kind, grid, operator, patch.cut_out(portrait.image, grid))


def along(pixels: np.ndarray, eye: Opening, line_px: np.ndarray) -> np.ndarray:
    """Return the brightness of pixels at the middle third of a line across the eye."""
    third = len(line_px) // 3
    x, y = np.rint(line_px[third:-third] - eye.window.box_px[:2]).astype(int).T
    return pixels[y, x, :3].astype(float).mean(1)


def test_the_wide_eye_has_no_lashes_and_keeps_the_rest(portrait: Portrait) -> None:
    eye = opening(portrait)
    assert eye.wide is not None
    lashes = border_px(portrait.face, LEFT_EYE, 0.03)
    middle = border_px(portrait.face, LEFT_EYE, 0.6)
    assert along(eye.wide, eye, lashes).min() > along(eye.inside, eye, lashes).min() + 10
    assert np.array_equal(along(eye.wide, eye, middle), along(eye.inside, eye, middle))
    kept = along(np.repeat(eye.kept_wide[..., None], 3, 2), eye, middle)
    assert (kept > 0.99).all() and eye.kept_wide.max() <= 1


@pytest.mark.parametrize(("raised_cm", "share"), [(-0.5, 0), (0, 0), (WIDENED_CM / 2, 0.5), (1, 1)])
def test_it_appears_as_the_lid_rises(portrait: Portrait, raised_cm: float, share: float) -> None:
    eye = opening(portrait)
    moved = np.zeros((468, 2), np.float32)
    moved[eye.borders.upper] = -eye.borders.down * raised_cm * portrait.face.pose.scale_px_per_cm
    assert eye._widened(moved) == pytest.approx(share, abs=1e-4)


def test_a_mouth_has_no_wide_eye(portrait: Portrait) -> None:
    assert opening(portrait, MOUTH).wide is None


@pytest.fixture(scope="module")
def painted() -> Portrait:
    return painted_portrait()


def moved(portrait: Portrait, au: str) -> np.ndarray:
    """Return the frame in which an AU has level E."""
    basis = personalise(load_basis(), portrait.face)
    chosen = [name.rstrip("LR") == au for name in basis.names]
    return PortraitWarper(portrait, shading=False).warp(basis.displacements_cm[chosen].sum(0))


@pytest.mark.parametrize("kind", [kind for kind, _ in EYES], ids=lambda kind: kind.name)
def test_a_wider_eye_has_one_dark_iris_in_white(painted: Portrait, kind: OpeningKind) -> None:
    """The landmarks' circle holds white beside the iris, whose mirror image was a bright rim above the iris."""
    centre = iris_centre(painted.face, kind)
    top, bottom = (border_px(painted.face, kind, share)[32, 1] for share in (-0.3, 0.6))
    y, x = np.indices(painted.image.shape[:2])
    open_ = (y > top) & (y < bottom)
    away = np.hypot(x - centre[0], y - centre[1]) / RADIUS
    spot = np.hypot(*(np.stack([x, y], -1) - spot_centre(painted.face, kind)).transpose(2, 0, 1))
    frame = moved(painted, "AU5").astype(int)
    assert np.abs(frame[open_ & (away < 0.85) & (spot > 8)] - IRIS).max() < 30
    assert frame[open_ & (away > 1.15) & (away < 1.3)].min() > 150


@pytest.mark.parametrize("kind", [kind for kind, _ in EYES], ids=lambda kind: kind.name)
def test_a_reflection_stays_on_the_iris(painted: Portrait, kind: OpeningKind) -> None:
    """Half of it lies in the strip of the opening that moves with the lashes."""
    x, y = np.rint(spot_centre(painted.face, kind)).astype(int)
    around = (slice(y - 1, y + 3), slice(x - 2, x + 3))
    at_rest, wide = painted.image[around].astype(int), moved(painted, "AU5")[around].astype(int)
    assert at_rest.min() > 200
    assert np.abs(wide - at_rest).max() < 25
    shut = moved(painted, "AU45")
    outline = border_px(painted.face, kind, 0.5)
    left, top = np.floor(outline.min(0)).astype(int) - np.array([0, 25])
    right, bottom = np.ceil(outline.max(0)).astype(int) + np.array([0, 35])
    assert (shut[top:bottom, left:right].min(2) > 215).sum() == 0
    assert (painted.image[top:bottom, left:right].min(2) > 215).sum() > 15


def test_bright_skin_that_reaches_the_edge_of_the_iris_is_no_reflection() -> None:
    away = np.hypot(*np.mgrid[-20:21, -20:21]) / 20
    bright = np.zeros(away.shape, bool)
    bright[:6] = True  # a lid over the upper edge
    bright[18:21, 22:26] = True
    spots = eyes._spots(bright, away, np.ones(away.shape))
    assert spots[18:21, 22:26].all() and spots.sum() == 12
    assert not eyes._spots(bright, away, np.zeros(away.shape)).any()
