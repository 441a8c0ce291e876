from __future__ import annotations

import cv2
import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from mien.rig.personal import personalise


def shape(portrait: Portrait, au: str, share: float) -> np.ndarray:
    basis = personalise(load_basis(), portrait.face)
    names = [name for name in basis.names if name in (au, f"{au}L", f"{au}R")]
    return sum(basis.shape(name) for name in names) * np.float32(share)  # type: ignore[return-value]


@pytest.mark.parametrize(("au", "left"), [("AU4", 0.35), ("AU12", 0.35), ("AU26", 0.35)])
def test_the_portrait_moved_by_the_way_back_is_the_rendered_frame(
    portrait: Portrait, au: str, left: float
) -> None:
    warper = PortraitWarper(portrait, shading=False)
    displacement = shape(portrait, au, 0.6)
    way = warper.way_back(displacement)
    y, x = np.indices(way.drawn.shape, np.float32)
    place = (x + way.flow_px[..., 0], y + way.flow_px[..., 1])
    moved = cv2.remap(portrait.image, *place, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    frame = warper.warp(displacement)[..., :3]
    known = (way.drawn < 0.05) & (way.flow_px.any(-1))
    error = np.abs(frame.astype(float) - moved[..., :3])[known].mean()
    change = np.abs(frame.astype(float) - portrait.image[..., :3])[known].mean()
    assert error < left * change


def test_nothing_moves_without_a_displacement(portrait: Portrait) -> None:
    way = PortraitWarper(portrait).way_back(np.zeros((468, 3), np.float32))
    assert not way.flow_px.any() and not way.drawn.any()


def test_the_inside_of_a_shut_mouth_is_drawn(shut_portrait: Portrait) -> None:
    drawn = PortraitWarper(shut_portrait).way_back(shape(shut_portrait, "AU26", 0.8)).drawn
    rows, columns = np.nonzero(drawn > 0.9)
    lips = shut_portrait.face.landmarks[[13, 14], :2].mean(0)
    scale = shut_portrait.face.pose.scale_px_per_cm
    assert len(rows) > 20
    assert np.hypot(rows.mean() - lips[1], columns.mean() - lips[0]) < 2 * scale
