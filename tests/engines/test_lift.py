from __future__ import annotations

import numpy as np
import pytest

from mien.engines.lift import EDGE_CM, REACH, Lift
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
