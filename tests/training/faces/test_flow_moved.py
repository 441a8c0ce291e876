from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.errors import UsageError
from mien.face.crop import FaceCrop
from mien.face.prior_points import in_pixels
from mien.render.warp import WayBack
from mien.training.faces.face_set import FaceSet
from mien.training.faces.flow_moved import build_flow_faces, way_back_in


@pytest.fixture(scope="module")
def faces(face_file: Path, tmp_path_factory: pytest.TempPathFactory) -> FaceSet:
    out = tmp_path_factory.mktemp("flow") / "set"
    build_flow_faces(face_file.parent, out, views=4, size=64, seed=2)
    return FaceSet.open(out)


def test_the_stored_flow_leads_each_view_back_to_the_first(faces: FaceSet) -> None:
    assert faces.way_back is not None and faces.facts["square_down_cm"] == 1.15
    assert not faces.way_back[0, 0].any()
    y, x = np.indices((64, 64), np.float32)
    first = faces.images[0, 0].astype(np.float32)
    for view in range(1, 4):
        flow = faces.way_back[0, view].astype(np.float32)
        moved = cv2.remap(first, x + flow[..., 0], y + flow[..., 1], cv2.INTER_CUBIC)
        known = (flow[..., 2] < 0.05) & (np.abs(flow[..., :2]).max(-1) > 0.1)
        after = np.abs(moved - faces.images[0, view])[known].mean()
        before = np.abs(first - faces.images[0, view])[known].mean()
        assert after < 0.6 * before


def test_the_stored_motion_of_vertices_and_cells_agrees_with_the_way_back(faces: FaceSet) -> None:
    motion, way = faces.motion, faces.way_back
    assert motion is not None and way is not None
    for view in range(1, 4):
        field = motion.field[0, view].astype(np.float32)
        back = way[0, view].astype(np.float32)
        # A vertex of the skin that went to q came from q plus the way back there.
        at = in_pixels(motion.points[0] + motion.moved[0, view], 64).astype(np.float32)
        there = cv2.remap(back, *(np.ascontiguousarray(c) for c in at.T[:, None]), cv2.INTER_LINEAR)
        there = there[0]
        inside = ((at > 2) & (at < 61)).all(1) & (there[:, 2] < 0.05)
        moved_px = motion.moved[0, view].astype(np.float32) * 32
        error = np.linalg.norm(there[:, :2] + moved_px, axis=1)[inside]
        assert np.median(error) < 0.1 and np.abs(moved_px).max() > 0.5
        cells = cv2.remap(
            field * 32,
            *(
                np.ascontiguousarray(c)
                for c in in_pixels(motion.points[0], 16).astype(np.float32).T[:, None]
            ),
            cv2.INTER_LINEAR,
        )[0]
        assert np.median(np.linalg.norm(cells - moved_px, axis=1)[inside]) < 0.2


def test_a_way_back_turns_with_its_square() -> None:
    flow = np.zeros((40, 40, 2), np.float32)
    flow[..., 0] = 4  # to the right
    way = WayBack(flow, np.full((40, 40), 0.25, np.float32))
    cut = way_back_in(FaceCrop(20, 20, 16, np.radians(90)), way, 8)
    # The square is drawn at half the size; its own axes are turned by 90 degrees: right is now up.
    assert np.allclose(cut[2:6, 2:6], [0, -2, 0.25], atol=1e-5)


def test_flow_of_another_shape_is_refused(faces: FaceSet) -> None:
    with pytest.raises(UsageError, match="way_back of shape"):
        FaceSet(
            faces.images, faces.aus, faces.au_names, faces.identities, {},
            way_back=np.zeros((1, 4, 32, 32, 3), np.float16),
        )  # fmt: skip


def test_the_last_two_of_five_views_shut_both_eyes(face_file: Path, tmp_path: Path) -> None:
    build_flow_faces(face_file.parent, tmp_path / "set", views=5, size=64, seed=2)
    changes = FaceSet.open(tmp_path / "set").aus[0]
    eyes = [RIG_NAMES.index(side) for side in ("AU45L", "AU45R")]
    assert (changes[-2, eyes] >= 1).all() and (changes[-1, eyes] >= 3.5).all()
    assert (changes[-2:, eyes[0]] == changes[-2:, eyes[1]]).all()
