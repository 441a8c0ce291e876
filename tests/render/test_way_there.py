from __future__ import annotations

import cv2
import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.render.warp import PortraitWarper
from mien.render.way_there import way_there
from tests.render.test_way_back import shape


def brought_back(frame: np.ndarray, flow_px: np.ndarray) -> np.ndarray:
    """The first picture, from the second: each pixel from where the flow says that it went."""
    y, x = np.indices(flow_px.shape[:2], np.float32)
    place = (x + flow_px[..., 0], y + flow_px[..., 1])
    return cv2.remap(frame[..., :3], *place, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize("au", ["AU1", "AU4", "AU12", "AU26", "AU45"])
def test_the_frame_brought_back_is_the_portrait_where_nothing_hides_it(
    portrait: Portrait, au: str
) -> None:
    warper = PortraitWarper(portrait, shading=False)
    displacement = shape(portrait, au, 0.6)
    there = warper.way_there(displacement)
    frame = warper.warp(displacement)
    seen = ~there.hidden & (np.hypot(*np.moveaxis(there.flow_px, -1, 0)) > 0.1)
    picture = portrait.image[..., :3].astype(float)
    error = np.abs(brought_back(frame, there.flow_px) - picture)[seen].mean()
    unmoved = np.abs(frame[..., :3] - picture)[seen].mean()
    assert seen.sum() > 1000
    assert error < 2.0  # grey levels of 255
    assert error < 0.2 * unmoved


def test_there_and_back_is_the_same_place(portrait: Portrait) -> None:
    warper = PortraitWarper(portrait)
    displacement = shape(portrait, "AU12", 0.6)
    back = warper.way_back(displacement)
    there = warper.way_there(displacement, back)
    y, x = np.indices(back.drawn.shape, np.float32)
    place = (x + there.flow_px[..., 0], y + there.flow_px[..., 1])
    again = there.flow_px + cv2.remap(back.flow_px, *place, cv2.INTER_LINEAR)
    missed = np.hypot(*np.moveaxis(again, -1, 0))[~there.hidden & there.flow_px.any(-1)]
    assert missed.mean() < 0.02 and np.percentile(missed, 99) < 0.2  # pixels


def test_a_shut_eye_hides_the_eyeball_and_nothing_far_from_it(portrait: Portrait) -> None:
    there = PortraitWarper(portrait).way_there(shape(portrait, "AU45", 1.0))
    pupils = portrait.face.landmarks[[468, 473], :2]
    for x, y in np.rint(pupils).astype(int):
        assert there.hidden[y, x]
        np.testing.assert_array_equal(there.flow_px[y, x], 0)  # behind the lid it stays
    y, x = np.nonzero(there.hidden)
    distance = np.hypot(*(np.stack([x, y], -1)[:, None] - pupils[None]).T).min(0)
    assert distance.max() < 2.5 * portrait.face.pose.scale_px_per_cm


def test_the_vertices_go_where_the_flow_says(portrait: Portrait) -> None:
    """Right and down are positive: the flow at a mouth's corner is the corner's own displacement."""
    warper = PortraitWarper(portrait)
    displacement = shape(portrait, "AU12", 0.6)
    moved = warper.displacement_px(displacement)
    flow_px = warper.way_there(displacement).flow_px
    cheeks = [205, 425]  # beside the mouth, away from its seam
    for vertex in cheeks:
        x, y = np.rint(portrait.face.landmarks[vertex, :2]).astype(int)
        assert np.hypot(*moved[vertex]) > 1
        np.testing.assert_allclose(flow_px[y, x], moved[vertex], atol=0.25)


def test_what_leaves_the_picture_or_is_covered_is_hidden() -> None:
    """A known shift by (2.25, -1): right and up."""
    size = (20, 30)
    there = np.full((*size, 2), (2.25, -1.0), np.float32)
    found = way_there(there, -there, np.zeros(size, np.float32))
    assert found.hidden[0].all() and found.hidden[:, -2:].all()
    assert not found.hidden[1:, :-2].any()
    covered = -there.copy()
    covered[8:12, 12:16] = 0  # the second picture shows something there that did not move
    hidden = way_there(there, covered, np.zeros(size, np.float32)).hidden
    assert hidden[10:12, 11:13].all()
    drawn = np.zeros(size, np.float32)
    drawn[8:12, 12:16] = 1
    assert way_there(there, -there, drawn).hidden[10:12, 11:13].all()


def test_nothing_moves_without_a_displacement(portrait: Portrait) -> None:
    there = PortraitWarper(portrait).way_there(np.zeros((468, 3), np.float32))
    assert not there.flow_px.any() and not there.hidden.any()
