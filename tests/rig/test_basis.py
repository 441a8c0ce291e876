from __future__ import annotations

import numpy as np
import pytest

from mien.au import RIG_NAMES, AUTrack
from mien.errors import UnknownAUError
from mien.face import mesh
from mien.rig.basis import RigBasis, load_basis

BASIS = load_basis()
CANONICAL = mesh.canonical_vertices()

# The subject's left half, so +x is away from the midline; +y is down.
INNER_BROW, MIDDLE_BROW, OUTER_BROW = 336, 334, 300
UPPER_LID, LOWER_LID = 386, 374
MOUTH_CORNER, UPPER_LIP, LOWER_LIP, CHIN_BOSS, CHIN = 291, 0, 17, 199, 152
UPPER_LIP_LEFT, LOWER_LIP_LEFT = 270, 321
CHEEK, NOSTRIL = 330, 358

DIRECTIONS = [
    # AU, vertex, axis, sign: what FACS says is seen at the left half of the face.
    ("AU1L", INNER_BROW, "y", -1),
    ("AU2L", OUTER_BROW, "y", -1),
    ("AU4L", MIDDLE_BROW, "y", +1),
    ("AU4L", INNER_BROW, "y", +1),
    ("AU4L", INNER_BROW, "x", -1),
    ("AU5L", UPPER_LID, "y", -1),
    ("AU6L", CHEEK, "y", -1),
    ("AU7L", LOWER_LID, "y", -1),
    ("AU7L", UPPER_LID, "y", +1),
    ("AU9L", NOSTRIL, "y", -1),
    ("AU10L", UPPER_LIP_LEFT, "y", -1),
    ("AU12L", MOUTH_CORNER, "y", -1),
    ("AU12L", MOUTH_CORNER, "x", +1),
    ("AU14L", MOUTH_CORNER, "z", +1),
    ("AU15L", MOUTH_CORNER, "y", +1),
    ("AU16L", LOWER_LIP_LEFT, "y", +1),
    ("AU17", LOWER_LIP, "y", -1),
    ("AU17", CHIN_BOSS, "y", -1),
    ("AU18", MOUTH_CORNER, "x", -1),
    ("AU20L", MOUTH_CORNER, "x", +1),
    ("AU20L", MOUTH_CORNER, "y", +1),
    ("AU22", MOUTH_CORNER, "x", -1),
    ("AU22", UPPER_LIP, "y", -1),
    ("AU22", LOWER_LIP, "y", +1),
    ("AU23", MOUTH_CORNER, "x", -1),
    ("AU24", LOWER_LIP, "y", -1),
    ("AU25", 14, "y", +1),
    ("AU25", 13, "y", -1),
    ("AU26", CHIN, "y", +1),
    ("AU26", LOWER_LIP, "y", +1),
    ("AU28", LOWER_LIP, "y", -1),
    ("AU28", UPPER_LIP, "y", +1),
    ("AU38L", NOSTRIL, "x", +1),
    ("AU43L", UPPER_LID, "y", +1),
    ("AU45L", UPPER_LID, "y", +1),
]


@pytest.mark.parametrize(("name", "vertex", "axis", "sign"), DIRECTIONS)
def test_each_au_moves_as_facs_describes_it(name: str, vertex: int, axis: str, sign: int) -> None:
    moved = BASIS.shape(name)[vertex, "xyz".index(axis)] * sign
    assert moved > 0.04  # centimetres at intensity 5


def test_every_au_is_covered_by_a_direction() -> None:
    midline = {name for name in RIG_NAMES if not name.endswith(("L", "R"))}
    left = {name for name in RIG_NAMES if name.endswith("L")}
    assert {name for name, *_ in DIRECTIONS} == midline | left


@pytest.mark.parametrize("name", [name for name in RIG_NAMES if name.endswith("L")])
def test_left_and_right_are_mirror_images(name: str) -> None:
    mirrored = BASIS.shape(name)[mesh.mirror_index()] * (-1, 1, 1)
    np.testing.assert_allclose(BASIS.shape(f"{name[:-1]}R"), mirrored, atol=2e-3)


@pytest.mark.parametrize("name", [name for name in RIG_NAMES if not name.endswith(("L", "R"))])
def test_midline_aus_are_symmetric(name: str) -> None:
    shape = BASIS.shape(name)
    np.testing.assert_allclose(shape, shape[mesh.mirror_index()] * (-1, 1, 1), atol=2e-3)


@pytest.mark.parametrize("name", [name for name in RIG_NAMES if name.endswith("L")])
def test_a_one_sided_au_leaves_the_other_side(name: str) -> None:
    other_side = CANONICAL[:, 0] < -0.6
    assert np.abs(BASIS.shape(name)[other_side]).max() < 1e-3


@pytest.mark.parametrize("name", RIG_NAMES)
def test_shapes_are_smooth_over_the_skin(name: str) -> None:
    """Neighbours move alike: no vertex differs from the mean of its neighbours by half of the largest motion."""
    triangles = mesh.triangles()
    for upper, lower in mesh.OPENINGS:
        border = [*upper, *lower]
        triangles = triangles[~np.isin(triangles, border).all(1)]
    neighbours = np.zeros((468, 468))
    for a, b in ((0, 1), (1, 2), (2, 0)):
        neighbours[triangles[:, a], triangles[:, b]] = neighbours[
            triangles[:, b], triangles[:, a]
        ] = 1
    shape = BASIS.shape(name).astype(np.float64)
    mean = neighbours @ shape / neighbours.sum(1, keepdims=True)
    largest = np.linalg.norm(shape, axis=1).max()
    assert np.linalg.norm(shape - mean, axis=1).max() < 0.5 * largest


def test_displacement_is_linear_in_intensity() -> None:
    track = AUTrack(
        ("AU12L", "AU26"), np.float32([[0, 0], [2.5, 0], [5, 5]]), np.array([0, 0.1, 0.2])
    )
    moved = BASIS.displace(track)
    assert moved.shape == (3, 468, 3)
    assert not moved[0].any()
    np.testing.assert_allclose(moved[1], BASIS.shape("AU12L") / 2, atol=1e-6)
    np.testing.assert_allclose(moved[2], BASIS.shape("AU12L") + BASIS.shape("AU26"), atol=1e-6)


def test_an_unsided_au_moves_both_sides() -> None:
    both = AUTrack.constant({"AU12": 5.0}, 0.1, 10)
    np.testing.assert_allclose(
        BASIS.displace(both)[0], BASIS.shape("AU12L") + BASIS.shape("AU12R"), atol=1e-6
    )


def test_unknown_shape_and_wrong_size_are_refused() -> None:
    with pytest.raises(UnknownAUError, match="AU12L"):
        BASIS.shape("AU12")
    with pytest.raises(ValueError, match=r"\(1, 468, 3\)"):
        RigBasis(("AU26",), np.zeros((1, 400, 3), np.float32))


def test_asset_is_small() -> None:
    from importlib.resources import files

    assert (files("mien") / "assets" / "rig_basis.npz").stat().st_size < 2_000_000  # type: ignore[attr-defined]
