from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.errors import UsageError
from mien.face.portrait import Face, Portrait
from mien.face.pose import Pose
from mien.rig.basis import RigBasis, load_basis
from mien.rig.seen import (
    LIFTING,
    fingerprint,
    load_lifted_lids,
    load_seen_basis,
    seen_basis,
)
from mien.rig.solve import FitSettings, RigSolver, in_plane, rarities

STEP_SECONDS = 0.005


@pytest.fixture(scope="module")
def face(portrait: Portrait) -> Face:
    return portrait.face


@pytest.fixture(scope="module")
def basis(face: Face) -> RigBasis:
    return seen_basis(face, "full")


FREE = np.stack([np.ones((468, 2)) * (1, 0), np.ones((468, 2)) * (0, 1)], axis=-1)


def course(frames: int = 60) -> np.ndarray:
    return np.sin(np.pi * np.linspace(0, 1, frames)) ** 2


def field_of(
    basis: RigBasis, face: Face, peaks: dict[str, float], noise_cm: float = 0.0
) -> np.ndarray:
    rng = np.random.default_rng(3)
    values = np.zeros((60, len(basis.names)))
    for name, peak in peaks.items():
        values[:, basis.names.index(name)] = peak * course()
    field = np.tensordot(values / 5, in_plane(basis, face), axes=1)
    return field + rng.normal(0, noise_cm, field.shape)


def solve(
    basis: RigBasis, face: Face, field: np.ndarray, **settings: float
) -> dict[str, np.ndarray]:
    fit = RigSolver(basis, face, FREE, FitSettings(**settings)).fit(
        field, np.ones(field.shape[:2]), STEP_SECONDS
    )
    return dict(zip(basis.names, fit.intensities.T, strict=True))


@pytest.mark.parametrize(
    "peaks",
    [
        {"AU12L": 2.0},
        {"AU4L": 0.7, "AU4R": 0.7},
        {"AU1L": 1.5, "AU2L": 1.0, "AU15R": 2.0},
        {"AU9L": 1.5, "AU12R": 1.0},
        {"AU45L": 3.0, "AU45R": 3.0, "AU26": 1.0},
    ],
)
def test_a_sparse_set_is_found_and_nothing_else(
    basis: RigBasis, face: Face, peaks: dict[str, float]
) -> None:
    found = solve(basis, face, field_of(basis, face, peaks, noise_cm=0.005))
    for name, peak in peaks.items():
        assert np.abs(found[name] - peak * course()).mean() < 0.12, name
    others = {name: values.max() for name, values in found.items() if name not in peaks}
    assert max(others.values()) < 0.3, others


def test_head_motion_is_free(basis: RigBasis, face: Face) -> None:
    field = field_of(basis, face, {"AU12L": 2.0})
    moved = field + 0.3 * course()[:, None, None] * np.array([1.0, -0.5])
    still = solve(basis, face, field)
    shaken = solve(basis, face, moved)
    assert np.abs(still["AU12L"] - shaken["AU12L"]).max() < 0.02


def test_outliers_do_not_lead(basis: RigBasis, face: Face) -> None:
    """Every eleventh vertex goes 4 mm astray, more than the smile moves: plain least squares reads 1.4 of 2."""
    wild = field_of(basis, face, {"AU12L": 2.0}, noise_cm=0.003)
    wild[:, ::11] += np.array([0.4, 0.4])
    found = solve(basis, face, wild)
    assert found["AU12L"].max() == pytest.approx(2.0, abs=0.1)
    assert max(v.max() for name, v in found.items() if name != "AU12L") < 0.1
    led = solve(basis, face, wild, cauchy_width=1e9)
    assert led["AU12L"].max() < 1.6


def test_unbelieved_vertices_say_nothing(basis: RigBasis, face: Face) -> None:
    field = field_of(basis, face, {"AU12L": 2.0})
    weights = np.ones(field.shape[:2])
    weights[:, :100] = 0
    changed = field.copy()
    changed[:, :100] = 7.0
    solver = RigSolver(basis, face, FREE)
    a, b = (solver.fit(f, weights, STEP_SECONDS).intensities for f in (field, changed))
    assert np.abs(a - b).max() < 1e-3


def test_a_turned_head_is_read_through_its_own_pose(basis: RigBasis, face: Face) -> None:
    yaw = np.radians(30)
    turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    pose = Pose(turn, face.pose.scale_px_per_cm, face.pose.translation_px)
    turned = replace(face, pose=pose)
    found = solve(basis, turned, field_of(basis, turned, {"AU12L": 2.0, "AU12R": 1.0}))
    assert found["AU12L"].max() == pytest.approx(2.0, abs=0.15)
    assert found["AU12R"].max() == pytest.approx(1.0, abs=0.15)


def test_intensities_stay_on_the_scale(basis: RigBasis, face: Face) -> None:
    found = solve(basis, face, 3 * field_of(basis, face, {"AU12L": 4.0}))
    assert max(v.max() for v in found.values()) <= 5 + 1e-5
    assert min(v.min() for v in found.values()) >= 0


def test_nothing_moves_nothing_is_read(basis: RigBasis, face: Face) -> None:
    fit = RigSolver(basis, face, FREE).fit(np.zeros((5, 468, 2)), np.ones((5, 468)), STEP_SECONDS)
    assert not fit.intensities.any()
    assert not fit.explained.any()


def test_a_clip_longer_than_a_chunk_is_the_same(basis: RigBasis, face: Face) -> None:
    field = np.tile(field_of(basis, face, {"AU12L": 2.0}), (5, 1, 1))
    fit = RigSolver(basis, face, FREE).fit(field, np.ones(field.shape[:2]), STEP_SECONDS)
    column = fit.intensities[:, basis.names.index("AU12L")].reshape(5, -1)
    assert np.abs(column[1:-1] - column[1]).max() < 0.02
    assert fit.explained[30] > 0.98


@pytest.mark.parametrize("bad", ["shape", "nan"])
def test_bad_fields_are_refused(basis: RigBasis, face: Face, bad: str) -> None:
    field, weights = np.zeros((5, 468, 2)), np.ones((5, 468))
    if bad == "shape":
        field = field[:, :400]
    else:
        field[2, 3, 1] = np.nan
    with pytest.raises(UsageError, match="expected a"):
        RigSolver(basis, face, FREE).fit(field, weights, STEP_SECONDS)


def test_flow_sees_less_than_there_is_and_on_both_sides_alike() -> None:
    true = load_basis()
    full, fast = load_seen_basis("full"), load_seen_basis("fast")
    index = true.names.index("AU12L")
    for seen in (full, fast):
        a, b = seen.displacements_cm[index].ravel(), true.displacements_cm[index].ravel()
        assert a @ b / np.linalg.norm(a) / np.linalg.norm(b) > 0.9
    gain = [
        float(
            (seen.displacements_cm * true.displacements_cm).sum() / (true.displacements_cm**2).sum()
        )
        for seen in (full, fast)
    ]
    assert 0.5 < gain[1] < gain[0] < 1.0
    assert fingerprint(true) == fingerprint(load_basis())


def test_a_brow_that_takes_the_lid_along_is_a_raised_brow(basis: RigBasis, face: Face) -> None:
    lifted = load_lifted_lids("full")
    assert lifted.names == LIFTING
    shape = in_plane(lifted, face)[LIFTING.index("AU2L")] / 5
    field = 1.5 * course()[:, None, None] * shape
    given = np.ones(field.shape[:2])
    fits = [
        RigSolver(basis, face, FREE, variants=variants).fit(field, given, STEP_SECONDS).intensities
        for variants in (None, lifted)
    ]
    brow, lid = (basis.names.index(name) for name in ("AU2L", "AU5L"))
    assert fits[0][:, lid].max() > 0.5
    # Not 0: the lifted shape is nearly the sum of the two, and both are explanations.
    assert fits[1][:, lid].max() < 0.6 * fits[0][:, lid].max()
    assert fits[1][:, brow].max() == pytest.approx(1.5, abs=0.15)
    assert fits[1][:, lid].max() < 0.4 * fits[1][:, brow].max()


def test_a_lid_that_rises_alone_is_no_brow(basis: RigBasis, face: Face) -> None:
    field = field_of(basis, face, {"AU5L": 1.5})
    solver = RigSolver(basis, face, FREE, variants=load_lifted_lids("full"))
    found = dict(
        zip(
            basis.names,
            solver.fit(field, np.ones(field.shape[:2]), STEP_SECONDS).intensities.T,
            strict=True,
        )
    )
    assert found["AU5L"].max() == pytest.approx(1.5, abs=0.3)
    assert max(found["AU1L"].max(), found["AU2L"].max()) < 0.3


def test_faint_motion_beside_strong_is_small_rather_than_nothing(
    basis: RigBasis, face: Face
) -> None:
    field = field_of(basis, face, {"AU4L": 2.0, "AU4R": 2.0, "AU15L": 0.12}, noise_cm=0.004)
    dropped, kept = (
        solve(basis, face, field, drop_intensity=0.2, faint=share)["AU15L"] for share in (100, 0.1)
    )
    assert dropped.max() == 0
    assert 0.02 < kept.max() < 0.15
    assert np.corrcoef(kept, course())[0, 1] > 0.8


def test_a_unit_that_is_hardly_ever_seen_costs_more() -> None:
    brow, smile, nostril, blink = rarities(["AU4L", "AU12R", "AU38L", "AU45L"])
    assert brow == blink == 0
    assert 0.5 < smile < 2 < nostril
