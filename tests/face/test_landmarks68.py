from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.face import mesh
from mien.face.landmarks68 import MIRRORED_LANDMARK, VERTEX_OF_LANDMARK, landmark
from mien.face.prior_points import PAPER_LANDMARKS, PAPER_SHIFTS

ICT = Path(__file__).resolve().parents[3] / "shared" / "data" / "rig_source" / "ict_facekit.npz"


def test_every_landmark_of_the_prior_has_a_vertex():
    needed = {*PAPER_LANDMARKS, *(index for index, _ in PAPER_SHIFTS), 39, 42}
    assert set(VERTEX_OF_LANDMARK) == needed == set(MIRRORED_LANDMARK)
    assert len(set(VERTEX_OF_LANDMARK.values())) == len(needed)


def test_the_landmarks_are_symmetric():
    twin = mesh.mirror_index()
    for index, vertex in VERTEX_OF_LANDMARK.items():
        assert twin[vertex] == VERTEX_OF_LANDMARK[MIRRORED_LANDMARK[index]]


def test_the_landmarks_lie_where_their_names_say():
    face = mesh.canonical_vertices()
    x, y = ({i: float(landmark(face, i)[axis]) for i in VERTEX_OF_LANDMARK} for axis in (0, 1))
    across = [48, 59, 57, 55, 54]
    assert [x[i] for i in across] == sorted(x[i] for i in across)
    down = [19, 38, 41, 31, 48, 59]
    assert [y[i] for i in down] == sorted(y[i] for i in down)
    assert x[27] == x[57] == 0
    assert y[19] < y[27] < y[31]
    assert VERTEX_OF_LANDMARK[39] == mesh.RIGHT_EYE_UPPER[-1], "the inner corner, at the nose"
    assert VERTEX_OF_LANDMARK[42] == mesh.LEFT_EYE_UPPER[0]
    assert VERTEX_OF_LANDMARK[38] in mesh.RIGHT_EYE_UPPER
    assert VERTEX_OF_LANDMARK[46] in mesh.LEFT_EYE_LOWER
    assert {VERTEX_OF_LANDMARK[i] for i in (54, 55, 57, 59, 48)} <= set(mesh.LIPS_OUTER_LOWER)


def test_the_landmarks_are_ict_s():
    if not ICT.exists():
        pytest.skip("needs ../shared/data/rig_source")
    with np.load(ICT) as arrays:
        ict = arrays["neutral"][arrays["landmark68"]].astype(float) * [1, -1, -1]  # y, z up
    face = mesh.canonical_vertices().astype(float)
    guides = slice(17, 60)
    moved = aligned(ict, ict[guides], face[list(mesh.LANDMARKS_68[guides])])
    for index, vertex in VERTEX_OF_LANDMARK.items():
        distance_cm = np.linalg.norm(face - moved[index], axis=1)
        assert distance_cm[vertex] < 0.4, index
        assert (distance_cm < distance_cm[vertex]).sum() <= 1, index


def aligned(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Points under the similarity that takes one set to another best (Umeyama)."""
    a, b = start - start.mean(0), end - end.mean(0)
    left, sizes, right = np.linalg.svd(b.T @ a)
    signs = np.array([1, 1, np.linalg.det(left @ right)])
    scale = (sizes * signs).sum() / (a**2).sum()
    return scale * (points - start.mean(0)) @ ((left * signs) @ right).T + end.mean(0)
