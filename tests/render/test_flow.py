from __future__ import annotations

import cv2
import numpy as np
import pytest

from mien.au import PRESETS, RIG_NAMES, preset
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.render import flow
from mien.render.grid import Grid
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from mien.rig.personal import personalise


@pytest.fixture(scope="module")
def warper(portrait: Portrait) -> PortraitWarper:
    return PortraitWarper(portrait)


def test_window_covers_its_box_on_the_same_nodes() -> None:
    grid = Grid(10, 20, 4, 30, 40)
    window = grid.window((33, 51, 60, 77))
    left, top, right, bottom = window.box_px
    assert left <= 33 < right and right >= 61 and top <= 51 and bottom >= 78
    np.testing.assert_array_equal(window.nodes_px, grid.nodes_px[window.slices_in(grid)])


def test_upsampling_puts_nodes_at_the_centre_of_their_squares() -> None:
    grid = Grid(3, 5, 4, 12, 10)
    dense = grid.upsample(grid.nodes_px)
    left, top, _, _ = grid.box_px
    # Away from the border a linear function is reproduced exactly: pixel (x, y) holds (x, y).
    np.testing.assert_allclose(dense[10, 17], (left + 17, top + 10), atol=1e-4)


def test_active_part_holds_all_that_moves() -> None:
    grid = Grid(0, 0, 3, 20, 20)
    magnitude = np.zeros((20, 20))
    assert grid.active(magnitude, 0.5) is None
    magnitude[7, 11] = 1
    part = grid.active(magnitude, 0.5)
    assert part == Grid(27, 15, 3, 5, 5)


def test_operator_reproduces_vertex_displacements(portrait: Portrait) -> None:
    """A displacement linear in the picture's plane comes back linear inside the face."""
    grid = flow.face_grid(portrait.face)
    operator = flow.node_weights(portrait.face, grid, portrait.image.shape[:2])
    points = portrait.face.landmarks[:468, :2]
    dense = (operator @ points).reshape(grid.rows, grid.cols, 2)
    centre = points[4]
    col, row = ((centre - grid.nodes_px[0, 0]) / grid.step_px).round().astype(int)
    around = (slice(row - 8, row + 9), slice(col - 8, col + 9))
    error = np.linalg.norm(dense[around] - grid.nodes_px[around], axis=-1)
    assert np.median(error) < 1e-3 * grid.step_px
    assert (
        error.max() < 2 * grid.step_px
    )  # where one triangle hides another, the nearest point of the front one


def test_inversion_undoes_the_forward_field(warper: PortraitWarper, portrait: Portrait) -> None:
    shape = load_basis().shape("AU12L") + load_basis().shape("AU12R")
    grid = warper.grid
    forward = warper.forward_field(warper.displacement_px(shape))
    backward = flow.invert(forward, grid)
    arrived = grid.node_indices + backward / grid.step_px
    there = cv2.remap(forward, arrived.astype(np.float32), None, cv2.INTER_LINEAR)
    assert np.abs(there + backward).max() < 0.1  # pixels


def test_inversion_holds_where_skin_is_stretched_threefold() -> None:
    """A low brow rises far over a lid that stays: the strip between is stretched, and still found everywhere."""
    grid = Grid(0, 0, 4, 40, 60)
    y = grid.node_indices[..., 1]
    forward = np.zeros((60, 40, 2), np.float32)
    # Full motion above row 25, none below row 30, and dying away again towards the top.
    forward[..., 1] = -44 * np.clip((30 - y) / 5, 0, 1) * np.clip(y / 20, 0, 1)
    assert np.abs(np.gradient(forward[..., 1] / 4, axis=0)).max() > 2
    arrived = grid.node_indices + flow.invert(forward, grid) / 4
    missed = arrived + flow.sample(forward / 4, arrived.astype(np.float32), 1) - grid.node_indices
    assert np.abs(missed).max() < 0.15  # nodes


@pytest.mark.parametrize("name", RIG_NAMES)
def test_no_au_folds_the_face(warper: PortraitWarper, portrait: Portrait, name: str) -> None:
    basis = personalise(load_basis(), portrait.face)
    for sheet_field in _fields(warper, basis.shape(name)):
        assert flow.smallest_jacobian(*sheet_field) > 0.02


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_no_preset_folds_the_face_at_full_strength(
    warper: PortraitWarper, portrait: Portrait, name: str
) -> None:
    track = preset(name, 5.0).track(200)
    basis = personalise(load_basis(), portrait.face)
    for sheet_field in _fields(warper, basis.displace(track)[track.apex_index]):
        assert flow.smallest_jacobian(*sheet_field) > 0.02


def _fields(warper: PortraitWarper, displacement_cm: np.ndarray) -> list[tuple[flow.Field, Grid]]:
    moved = warper.displacement_px(displacement_cm)
    skin = warper.forward_field(moved)
    # Between lids and lips the skin's own field is never shown: their sheets are.
    for upper, lower in mesh.OPENINGS:
        ring = warper.portrait.face.landmarks[[*upper, *lower[::-1]], :2]
        at_nodes = (ring - warper.grid.nodes_px[0, 0]) / warper.grid.step_px
        hidden = np.zeros(skin.shape[:2], np.uint8)
        cv2.fillPoly(hidden, [np.round(at_nodes).astype(np.int32)], 1)
        skin = np.where(cv2.dilate(hidden, np.ones((7, 7), np.uint8))[..., None] > 0, np.nan, skin)
    return [(skin, warper.grid), *warper.sheet_fields(moved)]


def test_motion_ends_at_the_regions_edge(warper: PortraitWarper) -> None:
    forward = warper.forward_field(warper.displacement_px(load_basis().shape("AU26")))
    edge = np.concatenate([forward[0], forward[-1], forward[:, 0], forward[:, -1]])
    assert np.abs(edge).max() < flow.STILL_PX
