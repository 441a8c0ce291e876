from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mien.models.warping import warp
from mien.training.faces.face_set import FaceSet
from mien.training.faces.rig_moved import build_rig_faces
from mien.training.motion.batches import make_motion_batch


@pytest.fixture(scope="module")
def faces(face_file: Path, tmp_path_factory: pytest.TempPathFactory) -> FaceSet:
    out = tmp_path_factory.mktemp("rig") / "set"
    build_rig_faces(face_file.parent, out, views=4, size=64, seed=1)
    return FaceSet.open(out)


def test_view_0_shows_no_change_and_each_other_view_some(faces: FaceSet):
    assert faces.images.shape == (1, 4, 64, 64, 3) and faces.identities == ("face",)
    assert not faces.aus[0, 0].any() and (faces.aus[0, 1:].max(1) > 0).all()
    assert faces.motion is not None
    assert not faces.motion.moved[0, 0].any() and not faces.motion.field[0, 0].any()
    changes = abs(faces.images[0, 1:].astype(int) - faces.images[0, 0]).mean((1, 2, 3))
    assert (changes > 0.1).all()
    facts = {name: faces.facts[name] for name in ("kind", "seed", "views", "size")}
    assert facts == {"kind": "rig", "seed": 1, "views": 4, "size": 64}


def test_the_stored_motion_leads_each_view_back_to_the_first(faces: FaceSet):
    for step in range(30):
        batch = make_motion_batch(
            faces, points=None, with_points=False, batch_size=1, seed=0, step=step
        )
        inner = (..., slice(8, -8), slice(8, -8))
        before = (batch.source - batch.driving)[inner].abs().mean()
        back = warp(batch.source, batch.displacement)
        after = (back - batch.driving)[inner].abs().mean()
        assert after <= before + 1e-4  # float16, and the same view twice
        if before > 0.01:
            assert after < 0.75 * before


def test_the_mesh_moves_as_the_picture_does(faces: FaceSet):
    motion = faces.motion
    assert motion is not None
    points = torch.from_numpy(np.array(motion.points[0]))[None, :, None]
    field = torch.from_numpy(np.asarray(motion.field[0, 1:], np.float32)).permute(0, 3, 1, 2)
    at_points = torch.nn.functional.grid_sample(
        field, points.expand(3, -1, -1, -1), align_corners=False
    )[..., 0].movedim(1, -1)
    moved = np.asarray(motion.moved[0, 1:], np.float32)
    error = np.linalg.norm(at_points.numpy() - moved, axis=-1)
    length = np.linalg.norm(moved, axis=-1)
    # Lips and lids move against each other within one cell.
    assert error.mean() < 0.35 * length.mean()
