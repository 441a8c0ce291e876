from __future__ import annotations

import numpy as np
import pytest

from mien.face import mesh
from mien.face.portrait import Portrait
from mien.rig.basis import load_basis
from mien.rig.personal import lid_openings_cm, personalise


@pytest.mark.parametrize("side", ["L", "R"])
@pytest.mark.parametrize("au", ["AU43", "AU45"])
def test_a_full_blink_just_closes_this_face(portrait: Portrait, au: str, side: str) -> None:
    basis = personalise(load_basis(), portrait.face)
    shape = basis.shape(f"{au}{side}")
    upper, lower = (
        (mesh.LEFT_EYE_UPPER, mesh.LEFT_EYE_LOWER)
        if side == "L"
        else (mesh.RIGHT_EYE_UPPER, mesh.RIGHT_EYE_LOWER)
    )
    closed = portrait.face.pose.project_vectors(shape)
    gap = (
        portrait.face.landmarks[list(lower), :2]
        + closed[list(lower)]
        - portrait.face.landmarks[list(upper), :2]
        - closed[list(upper)]
    )
    assert np.abs(gap).max() < 0.02 * portrait.face.pose.scale_px_per_cm


def test_a_squint_takes_the_same_share_of_any_eye(portrait: Portrait) -> None:
    average, own = load_basis(), personalise(load_basis(), portrait.face)
    canonical = mesh.canonical_vertices()
    opening = canonical[mesh.LEFT_EYE_LOWER[4], 1] - canonical[mesh.LEFT_EYE_UPPER[4], 1]
    own_opening = lid_openings_cm(portrait.face, "L")[4, 1]

    def narrowing(shape: np.ndarray) -> float:
        return float(shape[mesh.LEFT_EYE_UPPER[4], 1] - shape[mesh.LEFT_EYE_LOWER[4], 1])

    assert narrowing(own.shape("AU7L")) / own_opening == pytest.approx(
        narrowing(average.shape("AU7L")) / opening, rel=0.15
    )


def test_other_aus_are_left_alone(portrait: Portrait) -> None:
    average, own = load_basis(), personalise(load_basis(), portrait.face)
    for name in ("AU12L", "AU4R", "AU26"):
        np.testing.assert_array_equal(own.shape(name), average.shape(name))
