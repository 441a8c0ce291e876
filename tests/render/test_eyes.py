"""An eye that opens wider leaves no copy of its lashes on the eyeball."""

from __future__ import annotations

import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.render import flow, patch
from mien.render.opening import WIDENED_CM, Opening
from mien.render.openings import LEFT_EYE, MOUTH, OpeningKind, border_px
from mien.render.region import MEASURED


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
