"""Teeth that show between lips that are hardly apart stay where they are."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.render import flow, patch, sheets
from mien.render.openings import MOUTH, is_shut, lip_gap_cm, seam_px
from mien.render.region import MEASURED
from mien.render.seen_teeth import SeenTeeth, seen_teeth
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from tests.render.painted import TOOTH, painted_portrait, rolled

ROW = (-60, -14, 60, 0)
"""The teeth lie above the line that the landmarks draw between the lips, as on many portraits."""


@pytest.fixture(scope="module")
def painted() -> Portrait:
    return painted_portrait(0.1, ROW)


def found(portrait: Portrait) -> tuple[SeenTeeth | None, tuple[int, int]]:
    """Return the teeth, and the middle of the lips' line in the window (x, y)."""
    grid = flow.face_grid(portrait.face, MEASURED)
    window = sheets.opening_window(portrait.face, MOUTH, grid)
    image = patch.view(patch.cut_out(portrait.image, grid), grid, window)
    x, y = np.rint(seam_px(portrait.face)).astype(int) - window.box_px[:2]
    return seen_teeth(image, portrait.face, window), (int(x), int(y))


def test_the_painted_row_is_found_with_the_gap_between_its_teeth(painted: Portrait) -> None:
    teeth, (x, y) = found(painted)
    assert teeth is not None
    left, top, right, bottom = ROW
    rows, cols = np.nonzero(teeth.mask > 0.5)
    assert (cols.min() - x, cols.max() + 1 - x) == pytest.approx((left, right), abs=3)
    assert (rows.min() - y, rows.max() + 1 - y) == pytest.approx((top, bottom), abs=2)
    assert teeth.mask[y - 7, x - 50 : x + 50].min() > 0.9  # across the gap
    assert teeth.edge_px == pytest.approx(y + bottom, abs=1.5)


@pytest.mark.parametrize("degrees", [0, 25, -25])
def test_teeth_beside_a_gap_are_found_also_if_the_head_is_tilted(degrees: float) -> None:
    portrait = painted_portrait(0.1, (-30, -14, 30, 0))
    x, y = np.rint(seam_px(portrait.face)).astype(int)
    image = portrait.image.copy()
    image[y - 12 : y - 2, [*range(x - 74, x - 52), *range(x + 52, x + 74)]] = TOOTH
    image = cv2.GaussianBlur(image, (0, 0), 0.7).astype(np.uint8)
    teeth, _ = found(rolled(replace(portrait, image=image), degrees))
    assert teeth is not None
    assert teeth.columns == pytest.approx(148, abs=4)


@pytest.mark.parametrize("row", [None, (-8, -14, 8, 0), (-60, 40, 60, 54)])
def test_lips_alone_and_their_highlights_are_no_teeth(row: tuple[int, int, int, int]) -> None:
    assert found(painted_portrait(0.1, row))[0] is None


@pytest.mark.parametrize("au", ["AU10", "AU26"])
def test_moving_lips_leave_the_teeth_and_nothing_is_drawn_over_them(
    painted: Portrait, au: str
) -> None:
    basis = load_basis()
    chosen = [name.rstrip("LR") == au for name in basis.names]
    frame = PortraitWarper(painted, shading=False).warp(
        0.8 * basis.displacements_cm[chosen].sum(0).astype(np.float32)
    )
    x, y = np.rint(seam_px(painted.face)).astype(int)
    row = (slice(y - 8, y - 4), slice(x - 50, x + 51))  # their edges are under the moved lips
    difference = np.abs(frame[row].astype(int) - painted.image[row]).max(2)
    assert (difference <= 3).mean() > 0.9
    if au == "AU10":
        # Above them the same teeth go on, and no second row hangs from the lip.
        above = frame[y - 28 : y - 18, x - 40 : x + 41]
        assert np.abs(above.astype(int) - TOOTH).mean() < 45


def test_lips_are_shut_where_the_landmarks_part_but_lip_lies_between() -> None:
    shut = painted_portrait(0.4)
    assert 0.35 < lip_gap_cm(shut.face) < 0.4
    assert is_shut(shut.face, shut.image)
    x, y = np.rint(seam_px(shut.face)).astype(int)
    image = shut.image.copy()
    image[y - 6 : y + 6, x - 90 : x + 90] = (30, 15, 15)
    assert not is_shut(shut.face, image)
    assert not is_shut(painted_portrait(0.5).face, shut.image)
