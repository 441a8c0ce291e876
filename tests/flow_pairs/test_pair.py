from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.flow_pairs.pair import FlowPair, render_pair
from mien.render.film import Film
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from mien.rig.personal import personalise

STILL = Film((0, 0, 0, 0), 0.0, 0.5, 0.0, 7)
AT_REST = np.zeros((468, 3), np.float32)


@pytest.fixture(scope="module")
def warper(portrait: Portrait) -> PortraitWarper:
    return PortraitWarper(portrait, shading=False)


def smile(warper: PortraitWarper, *names: str) -> np.ndarray:
    basis = personalise(load_basis(), warper.portrait.face)
    return sum(basis.shape(name) for name in names) * np.float32(0.6)  # type: ignore[return-value]


def brought(source: np.ndarray, flow_px: np.ndarray) -> np.ndarray:
    y, x = np.indices(flow_px.shape[:2], np.float32)
    return cv2.remap(source, x + flow_px[..., 0], y + flow_px[..., 1], cv2.INTER_CUBIC)


def unlikeness(pair: FlowPair, flow_px: np.ndarray, where: np.ndarray) -> float:
    """Mean difference of the apex, brought back, from the onset; grey levels of 255."""
    return float(np.abs(brought(pair.apex, flow_px) - pair.onset.astype(float))[where].mean())


@pytest.mark.parametrize("drift", [None, (0.0, 0.0, 0.0, 0.0), (0.12, -0.08, 0.2, 0.15)])
def test_the_apex_brought_back_by_the_flow_is_the_onset(warper: PortraitWarper, drift) -> None:
    film = None if drift is None else replace(STILL, drift_cm=drift)
    pair = render_pair(warper, smile(warper, "AU12L", "AU12R", "AU4L", "AU4R"), film)
    left, top, right, bottom = np.rint(warper.portrait.face.box_px).astype(int)
    face = np.zeros(pair.hidden.shape, bool)
    face[top:bottom, left:right] = True
    seen = face & ~pair.hidden
    error = unlikeness(pair, pair.flow_px, seen)
    assert error < 2.0
    assert error < 0.3 * unlikeness(pair, np.zeros_like(pair.flow_px), seen)
    # Neither its opposite nor x and y exchanged would do.
    for wrong in (-pair.flow_px, pair.flow_px[..., ::-1]):
        assert unlikeness(pair, np.ascontiguousarray(wrong), seen) > 2 * error


def test_a_drift_to_the_right_and_down_is_positive_everywhere(warper: PortraitWarper) -> None:
    pixels = warper.portrait.face.pose.scale_px_per_cm
    pair = render_pair(warper, AT_REST, replace(STILL, drift_cm=(0.3, 0.1, 0, 0)))
    expected = np.broadcast_to(pixels * np.array([0.3, 0.1]), pair.flow_px.shape)
    np.testing.assert_allclose(pair.flow_px, expected, atol=1e-3)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grey = [cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in (pair.onset, pair.apex)]
    left, top, right, bottom = np.rint(warper.portrait.face.box_px).astype(int)
    measured = flow.calc(grey[0], grey[1], None)[top:bottom, left:right].reshape(-1, 2)
    np.testing.assert_allclose(np.median(measured, 0), expected[0, 0], atol=0.1)
    moved_columns = int(np.ceil(expected[0, 0, 0] - 0.5))
    assert pair.hidden[:, -moved_columns:].all() and not pair.hidden[100, 100]
    assert pair.uncovered[:, :moved_columns].all() and not pair.uncovered[100, 100]


def test_a_turn_is_clockwise(warper: PortraitWarper) -> None:
    pair = render_pair(warper, AT_REST, replace(STILL, drift_cm=(0, 0, 0.3, 0)))
    face = warper.portrait.face
    x, y = np.rint((face.box_px[:2] + face.box_px[2:]) / 2).astype(int)
    reach = round(3 * face.pose.scale_px_per_cm)
    assert pair.flow_px[y, x + reach, 1] > 0.1 and pair.flow_px[y, x - reach, 1] < -0.1


def test_a_smile_of_the_persons_left_is_on_the_right_and_goes_up(warper: PortraitWarper) -> None:
    pair = render_pair(warper, smile(warper, "AU12L"))
    y, x = np.unravel_index(np.hypot(*np.moveaxis(pair.flow_px, -1, 0)).argmax(), pair.hidden.shape)
    nose_x = warper.portrait.face.landmarks[1, 0]
    assert x > nose_x and pair.flow_px[y, x, 1] < -1
    assert pair.flow_px[y, x, 0] > 0  # outwards


def test_an_eye_that_shuts_hides_and_one_that_opens_uncovers(warper: PortraitWarper) -> None:
    shut = render_pair(warper, smile(warper, "AU45L", "AU45R") / np.float32(0.6))
    wide = render_pair(warper, smile(warper, "AU5L", "AU5R") / np.float32(0.6))
    assert shut.hidden.sum() > 4 * shut.uncovered.sum()
    # A strip of eyeball, which lay under the lashes, is drawn instead of kept, so it is hidden.
    assert wide.uncovered.sum() > 3 * wide.hidden.sum() and wide.uncovered.any()


def test_noise_and_light_do_not_change_the_flow(portrait: Portrait) -> None:
    plain = PortraitWarper(portrait, shading=False)
    lit = PortraitWarper(portrait)
    moved = smile(plain, "AU12L", "AU12R")
    first = render_pair(plain, moved, STILL)
    second = render_pair(lit, moved, replace(STILL, noise_levels=2.0, flicker=0.01))
    np.testing.assert_array_equal(first.flow_px, second.flow_px)
    np.testing.assert_array_equal(first.hidden, second.hidden)
    assert np.abs(second.onset.astype(float) - first.onset).mean() > 1
