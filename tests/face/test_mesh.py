from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mien.face import mesh

CURVES = [
    (mesh.LIPS_OUTER_UPPER, mesh.LIPS_OUTER_LOWER),
    *mesh.OPENINGS,
]
SCHEME_68_MIRROR = (
    [16 - i for i in range(17)]
    + [26 - i for i in range(10)]
    + [27, 28, 29, 30, 35, 34, 33, 32, 31]
    + [45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40]
    + [54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65]
)


def test_the_canonical_face_is_in_mien_s_frame():
    vertices = mesh.canonical_vertices()
    assert vertices.shape == (468, 3)
    assert vertices.dtype == np.float32
    assert np.ptp(vertices[:, 0]) == pytest.approx(15.49, abs=0.01)
    assert vertices[10, 1] < vertices[152, 1], "the forehead is above the chin: y is down"
    assert vertices[4, 2] < vertices[234, 2], "the nose is nearer than the ear: z is away"
    assert vertices[263, 0] > 0 > vertices[33, 0], "the subject's left eye is at the image's right"


def test_results_are_copies():
    mesh.canonical_vertices()[:] = 0
    mesh.triangles()[:] = 0
    mesh.mirror_index()[:] = 0
    assert mesh.canonical_vertices().any()
    assert mesh.triangles().any()
    assert mesh.mirror_index().any()


def test_triangles_face_outwards_and_end_at_the_oval():
    vertices, triangles = mesh.canonical_vertices(), mesh.triangles()
    assert triangles.shape == (898, 3)
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    assert (np.cross(b - a, c - a)[:, 2] < 0).mean() > 0.98  # all but the nostrils' undersides
    edges = Counter(
        frozenset((int(t[i]), int(t[(i + 1) % 3]))) for t in triangles for i in range(3)
    )
    border = {edge for edge, count in edges.items() if count == 1}
    oval = mesh.FACE_OVAL
    assert border == {frozenset(pair) for pair in zip(oval, oval[1:] + oval[:1], strict=True)}


def test_the_mirror_index_mirrors():
    vertices, mirror = mesh.canonical_vertices(), mesh.mirror_index()
    np.testing.assert_array_equal(mirror[mirror], np.arange(468))
    np.testing.assert_array_equal(vertices[mirror] * [-1, 1, 1], vertices)
    assert mirror[33] == 263
    assert mirror[4] == 4


@pytest.mark.parametrize(("upper", "lower"), CURVES)
def test_openings_run_left_to_right_with_the_upper_border_above(upper, lower):
    vertices = mesh.canonical_vertices()
    assert len(upper) == len(lower)
    assert (upper[0], upper[-1]) == (lower[0], lower[-1])
    for curve in (upper, lower):
        assert (np.diff(vertices[list(curve), 0]) > 0).all()
    middle = slice(1, -1)
    above = vertices[list(upper[middle]), 1]
    below = vertices[list(lower[middle]), 1]
    assert (above <= below).all()


def test_left_and_right_are_each_other_s_mirror():
    mirror = mesh.mirror_index()
    pairs = [
        (mesh.LEFT_EYE_UPPER, mesh.RIGHT_EYE_UPPER),
        (mesh.LEFT_EYE_LOWER, mesh.RIGHT_EYE_LOWER),
        (mesh.LEFT_BROW_UPPER, mesh.RIGHT_BROW_UPPER),
        (mesh.LEFT_BROW_LOWER, mesh.RIGHT_BROW_LOWER),
    ]
    for left, right in pairs:
        assert tuple(mirror[list(left)][::-1]) == right
        assert (mesh.canonical_vertices()[list(left), 0] > 0).all()
    for curve in (mesh.LIPS_OUTER_UPPER, mesh.LIPS_INNER_LOWER):
        assert tuple(mirror[list(curve)][::-1]) == curve


def test_the_68_landmarks_are_symmetric():
    indices = np.array(mesh.LANDMARKS_68)
    assert len(set(mesh.LANDMARKS_68)) == 68
    np.testing.assert_array_equal(mesh.mirror_index()[indices], indices[SCHEME_68_MIRROR])
