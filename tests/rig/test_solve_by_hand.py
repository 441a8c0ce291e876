"""The solver on a rig so small that its answers are worked out by hand.

Each unit of intensity moves one vertex by 1 cm to the right, so a frame's normal equations are the identity, and one
step of the descent is exact. Vertices that no unit moves hold what cannot be explained.
"""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mien.errors import UsageError
from mien.face.portrait import Face
from mien.rig.basis import RigBasis
from mien.rig.solve import FitSettings, RigFit, RigSolver, rarities
from tests.faces import canonical_face

SIDES = ("AU12L", "AU12R")
PLAIN = FitSettings(
    sparsity=0.0, passes=1, cauchy_width=1e9, smoothing_seconds=0.0, rarity=0.0, ridge=0.0
)
"""Plain least squares: each test switches on what it is about."""


@pytest.fixture(scope="module")
def face() -> Face:
    return canonical_face()


def basis_of(moves: dict[str, dict[int, tuple[float, float]]]) -> RigBasis:
    """A rig by name, vertex and centimetres (x, y) at intensity 1."""
    shapes = np.zeros((len(moves), 468, 3), np.float32)
    for shape, vertices in zip(shapes, moves.values(), strict=True):
        for vertex, (x, y) in vertices.items():
            shape[vertex, :2] = 5 * x, 5 * y
    return RigBasis(tuple(moves), shapes)


def one_vertex_each(*names: str) -> RigBasis:
    """The first unit moves vertex 0 by 1 cm to the right for each intensity, the second vertex 1, and so on."""
    return basis_of({name: {vertex: (1.0, 0.0)} for vertex, name in enumerate(names)})


def fit(
    basis: RigBasis,
    face: Face,
    moved: dict[int, tuple[float, float]],
    settings: FitSettings,
    believed: tuple[int, ...] = tuple(range(468)),
    free: np.ndarray | None = None,
    variants: RigBasis | None = None,
) -> RigFit:
    """Fit one frame in which the given vertices moved by (x, y) centimetres."""
    field, weights = np.zeros((1, 468, 2)), np.zeros((1, 468))
    for vertex, by in moved.items():
        field[0, vertex] = by
    weights[0, list(believed)] = 1
    free = np.zeros((468, 2, 0)) if free is None else free
    return RigSolver(basis, face, free, settings, variants).fit(field, weights, 0.005)


def test_least_squares_alone(face: Face) -> None:
    found = fit(one_vertex_each(*SIDES), face, {0: (2.0, 0), 1: (0.2, 0), 9: (0, 1.0)}, PLAIN)
    np.testing.assert_allclose(found.intensities, [[2.0, 0.2]], atol=1e-6)
    # Energy 4 + 0.04 + 1, of which 1 is left, over 468 vertices.
    assert found.explained == pytest.approx(4.04 / 5.04, rel=1e-5)
    assert found.residual_cm == pytest.approx(math.sqrt(1 / 468), rel=1e-5)


def test_the_penalty_falls_with_the_peak_and_with_the_other_sides(face: Face) -> None:
    """Residual energy 1, so a peak p beside q costs 0.15 / (p + q / 2 + 0.3); all pay it (drop at 10)."""
    settings = replace(PLAIN, sparsity=0.15, drop_intensity=10.0, faint=1.0)
    moved = {0: (2.0, 0.0), 1: (0.2, 0.0), 9: (0.0, 1.0)}
    found = fit(one_vertex_each(*SIDES), face, moved, settings).intensities[0]
    assert found == pytest.approx([2 - 0.15 / 2.4, 0.2 - 0.15 / 1.5], abs=1e-6)  # 1.9375 and 0.1
    # AU4L is nobody's twin here: 0.2 - 0.15 / 0.5 would be below 0.
    other = fit(one_vertex_each("AU12L", "AU4L", "AU12R", "AU4R"), face, moved, settings)
    assert other.intensities[0] == pytest.approx([2 - 0.15 / 2.3, 0, 0, 0], abs=1e-6)


def test_a_midline_unit_is_its_own_twin(face: Face) -> None:
    settings = replace(PLAIN, sparsity=0.15, drop_intensity=10.0, faint=1.0)
    found = fit(one_vertex_each("AU26"), face, {0: (2.0, 0), 9: (0, 1.0)}, settings)
    assert found.intensities[0, 0] == pytest.approx(2 - 0.15 / 3.3, abs=1e-6)


def test_the_penalty_is_a_share_of_the_residual_energy(face: Face) -> None:
    """Residual 0.5 cm, energy 0.25: the penalty is a quarter of that for 1 cm. Without a residual there is none."""
    settings = replace(PLAIN, sparsity=0.15, drop_intensity=10.0, faint=1.0)
    found = fit(one_vertex_each("AU26"), face, {0: (2.0, 0), 9: (0, 0.5)}, settings)
    assert found.intensities[0, 0] == pytest.approx(2 - 0.25 * 0.15 / 3.3, abs=1e-6)
    exact = fit(one_vertex_each("AU26"), face, {0: (2.0, 0)}, settings)
    assert exact.intensities[0, 0] == pytest.approx(2, abs=1e-6)


def test_small_motion_and_none_at_all(face: Face) -> None:
    """The share explained does not depend on the size; without motion it is 0."""
    small = fit(one_vertex_each(*SIDES), face, {0: (0.02, 0), 9: (0, 0.01)}, PLAIN)
    assert small.explained[0] == pytest.approx(4 / 5, rel=1e-5)
    still = fit(one_vertex_each(*SIDES), face, {}, PLAIN)
    assert still.explained[0] == 0 and still.residual_cm[0] == 0


def test_rarity_counts_both_sides_once_and_unseen_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """AU12 was coded in 6 rows, AU4 in 2, AU1 in none; blinks are not coded, so AU45 is not rare."""
    coded = [
        SimpleNamespace(aus=("AU12L", "AU12R"), rows=4),
        SimpleNamespace(aus=("AU12", "AU4L"), rows=2),
    ]
    table = SimpleNamespace(tables={"samm": {"happiness": coded[:1], "anger": coded[1:]}})
    monkeypatch.setattr("mien.rig.solve.statistics_table", lambda: table)
    found = rarities(("AU12R", "AU4L", "AU4R", "AU1L", "AU45L"))
    # log of 6 over the count and one more, and never below 0.
    assert found == pytest.approx([0, math.log(6 / 3), math.log(6 / 3), math.log(6), 0])


def test_a_rare_unit_costs_more(face: Face) -> None:
    settings = replace(PLAIN, sparsity=0.15, drop_intensity=10.0, faint=1.0, pairing=0.0)
    names = ("AU4L", "AU38L", "AU4R", "AU38R")
    common, rare = rarities(names)[:2]
    assert common == 0 < rare
    moved = {0: (2.0, 0), 1: (2.0, 0), 9: (0, 1.0)}
    plain = fit(one_vertex_each(*names), face, moved, settings).intensities[0]
    dear = fit(one_vertex_each(*names), face, moved, replace(settings, rarity=0.3)).intensities[0]
    assert plain == pytest.approx([2 - 0.15 / 2.3, 2 - 0.15 / 2.3, 0, 0], abs=1e-6)
    rarest = 2 - 0.15 * (1 + 0.3 * rare) / 2.3
    assert dear == pytest.approx([2 - 0.15 / 2.3, rarest, 0, 0], abs=1e-6)


def test_what_stays_is_fitted_again_without_the_penalty(face: Face) -> None:
    """Two passes: the second finds 1.9375 and 0.1 as above.

    AU12L reaches 0.15 and is fitted without a penalty: 2 exactly. AU12R does not; what is left now is
    1 + 0.0625^2 + 0.1^2 = 1.01390625, and it pays a tenth of 0.15 * 1.01390625 / (0.1 + 1.9375 / 2 + 0.3).
    """
    settings = replace(PLAIN, sparsity=0.15, passes=2)
    moved = {0: (2.0, 0.0), 1: (0.2, 0.0), 9: (0.0, 1.0)}
    found = fit(one_vertex_each(*SIDES), face, moved, settings)
    assert found.intensities[0] == pytest.approx([2, 0.2 - 0.0111130], abs=2e-6)
    assert found.explained[0] == pytest.approx((4.04 - 0.0111130**2) / 5.04, rel=1e-5)


def test_a_unit_that_just_reaches_the_limit_stays(face: Face) -> None:
    settings = replace(PLAIN, sparsity=10.0, drop_intensity=0.5, faint=1.0)
    moved = {0: (0.5, 0.0), 9: (0.0, 1.0)}
    assert fit(one_vertex_each(*SIDES), face, moved, settings).intensities[0, 0] == pytest.approx(
        0.5, abs=1e-6
    )
    moved = {0: (0.49, 0.0), 9: (0.0, 1.0)}
    assert fit(one_vertex_each(*SIDES), face, moved, settings).intensities[0, 0] == 0


def test_an_outlier_counts_little(face: Face) -> None:
    """Five vertices say 1, 1, 1, 1 and 6.

    Their mean 2 leaves 1, 1, 1, 1 and 4, whose median is 1; residuals of 1 are put at the width where they count half,
    so that of 4 counts 1 / 17: (4 * 1/2 * 1 + 6/17) / (4 * 1/2 + 1/17) = 40 / 35.
    """
    basis = basis_of({"AU12L": {v: (1.0, 0.0) for v in range(5)}, "AU12R": {}})
    moved = {v: (6.0 if v == 4 else 1.0, 0.0) for v in range(5)}
    settings = replace(PLAIN, cauchy_width=1 / 1.4826)
    # Vertices that are not believed have no part in the median: with them it would be 0.
    found = fit(basis, face, moved, settings, believed=(0, 1, 2, 3, 4))
    assert found.intensities[0, 0] == pytest.approx(40 / 35, rel=1e-5)
    # What is left: 4 of (1/7)^2 at 1/2 and (34/7)^2 at 1/17, over weights of 2 + 1/17 in all.
    left = 4 * (1 / 7) ** 2 / 2 + (34 / 7) ** 2 / 17
    assert found.residual_cm[0] == pytest.approx(math.sqrt(left / (2 + 1 / 17)), rel=1e-4)
    assert found.explained[0] == pytest.approx(1 - left / (4 / 2 + 36 / 17), rel=1e-4)
    plain = fit(basis, face, moved, PLAIN, believed=(0, 1, 2, 3, 4))
    assert plain.intensities[0, 0] == pytest.approx(2, rel=1e-5)


def test_the_robust_weights_start_from_those_given_in_each_pass(face: Face) -> None:
    """A second pass weighs the first one's residuals: 8/7 leaves 1/7 four times, and 34/7.

    At the same width (the median 1/7 counts half) 34/7 counts 1 / (1 + 34^2): what comes is 1 + 10 / (2 * 1157 + 1).
    """
    basis = basis_of({"AU12L": {v: (1.0, 0.0) for v in range(5)}, "AU12R": {}})
    moved = {v: (6.0 if v == 4 else 1.0, 0.0) for v in range(5)}
    settings = replace(PLAIN, cauchy_width=1 / 1.4826, passes=2)
    found = fit(basis, face, moved, settings, believed=(0, 1, 2, 3, 4))
    weight = 1 / (1 + 34**2)
    expected = (4 * 0.5 + 6 * weight) / (4 * 0.5 + weight)
    assert found.intensities[0, 0] == pytest.approx(expected, rel=1e-5)


def test_a_spike_is_smoothed_in_time(face: Face) -> None:
    """One frame of 4 among 41, 5 ms apart, through a Gaussian of 10 ms (two frames).

    Its middle is 4 / (2 sqrt(2 pi)) = 0.798, two frames away 0.798 exp(-1/2).
    """
    field = np.zeros((41, 468, 2))
    field[20, 0, 0] = 4
    settings = replace(PLAIN, smoothing_seconds=0.010)
    solver = RigSolver(one_vertex_each(*SIDES), face, np.zeros((468, 2, 0)), settings)
    course = solver.fit(field, np.ones((41, 468)), 0.005).intensities[:, 0]
    middle = 4 / (2 * math.sqrt(2 * math.pi))
    assert course[[18, 20, 22]] == pytest.approx(
        [middle * math.exp(-0.5), middle, middle * math.exp(-0.5)], rel=1e-3
    )
    assert course[0] == 0
    # The ends are held: a level from the first frame to the last is that level in all of them.
    field[:, 0, 0] = 3
    level = solver.fit(field, np.ones((41, 468)), 0.005).intensities[:, 0]
    assert level == pytest.approx(3, rel=1e-5)


def test_the_first_frame_is_held_before_the_clip(face: Face) -> None:
    """A Gaussian of one frame has 0.3989 in its middle: frame 0 gets that and the 0.3005 of all frames before it."""
    field = np.zeros((41, 468, 2))
    field[0, 0, 0] = 4
    settings = replace(PLAIN, smoothing_seconds=0.005)
    solver = RigSolver(one_vertex_each(*SIDES), face, np.zeros((468, 2, 0)), settings)
    course = solver.fit(field, np.ones((41, 468)), 0.005).intensities[:, 0]
    assert course[0] == pytest.approx(4 * 0.6995, rel=1e-3)


def test_the_default_smooths_by_eight_milliseconds(face: Face) -> None:
    field = np.zeros((41, 468, 2))
    field[20, 0, 0] = 4
    settings = FitSettings(sparsity=0.0, cauchy_width=1e9, ridge=0.0)
    solver = RigSolver(one_vertex_each(*SIDES), face, np.zeros((468, 2, 0)), settings)
    course = solver.fit(field, np.ones((41, 468)), 0.004).intensities[:, 0]
    assert course[20] == pytest.approx(4 / (2 * math.sqrt(2 * math.pi)), rel=1e-3)


def test_free_motion_costs_nothing_and_is_not_energy(face: Face) -> None:
    """All vertices drift by (0.1, 0.2), and vertex 0 by 3 more: the drift is free, in x and in y.

    A drift also takes 1 / 468 of what one vertex does, of its column and of its motion alike: 3 is found all the same.
    """
    drift = np.stack([np.ones((468, 2)) * (1, 0), np.ones((468, 2)) * (0, 1)], axis=-1)
    all_drift = {v: (0.1, 0.2) for v in range(468)}
    basis = one_vertex_each(*SIDES)
    found = fit(basis, face, all_drift | {0: (3.1, 0.2)}, PLAIN, free=drift)
    assert found.intensities[0] == pytest.approx([3, 0], abs=1e-4)
    assert found.explained[0] == pytest.approx(1, abs=1e-4)
    assert found.residual_cm[0] == pytest.approx(0, abs=1e-3)
    # Frame 0 drifts, frame 1 does not. Half of the energy of frame 1 is that of vertex 9, which nothing explains.
    field = np.full((2, 468, 2), (0.1, 0.2))
    field[0, 0, 0], field[1] = 3.1, 0
    field[1, 0, 0] = field[1, 9, 1] = 1
    both = RigSolver(basis, face, drift, PLAIN).fit(field, np.ones((2, 468)), 0.005)
    assert both.intensities[:, 0] == pytest.approx([3, 1], abs=1e-4)
    assert both.explained == pytest.approx([1, 0.5], abs=1e-4)
    nothing = fit(basis, face, all_drift, PLAIN, free=drift)
    assert nothing.intensities[0] == pytest.approx([0, 0], abs=1e-5)
    assert nothing.residual_cm[0] == pytest.approx(0, abs=1e-3)


def test_a_drift_does_not_make_outliers(face: Face) -> None:
    """Robust weights judge what is left without the drift: with it, no outlier would stand out.

    Of 40 vertices of a unit 30 say 1 and 10 say 6; all 468 are noisy, so that the spread is the noise's.
    """
    drift = np.stack([np.ones((468, 2)) * (1, 0), np.ones((468, 2)) * (0, 1)], axis=-1)
    basis = basis_of({"AU12L": {v: (1.0, 0.0) for v in range(40)}, "AU12R": {}})
    noise = np.random.default_rng(0).normal(0, 0.05, (468, 2))
    still = {v: (float(x), float(y)) for v, (x, y) in enumerate(noise)}
    still |= {v: (still[v][0] + (6.0 if v < 10 else 1.0), still[v][1]) for v in range(40)}
    drifting = {v: (x + 2.0, y - 1.0) for v, (x, y) in still.items()}
    settings = replace(PLAIN, cauchy_width=4.0, passes=3)
    found = [fit(basis, face, m, settings, free=drift) for m in (still, drifting)]
    assert found[0].intensities[0, 0] == pytest.approx(1, abs=0.03)
    assert found[1].intensities[0, 0] == pytest.approx(found[0].intensities[0, 0], abs=1e-3)


def test_the_scale_ends_at_five_and_at_nothing(face: Face) -> None:
    found = fit(one_vertex_each(*SIDES), face, {0: (9.0, 0), 1: (-2.0, 0)}, PLAIN)
    assert found.intensities[0] == pytest.approx([5, 0], abs=1e-6)
    # Energy 81 + 4, left 4^2 + 2^2.
    assert found.explained[0] == pytest.approx(1 - 20 / 85, rel=1e-5)


def test_a_ridge_takes_its_share(face: Face) -> None:
    settings = replace(PLAIN, ridge=0.25)
    found = fit(one_vertex_each(*SIDES), face, {0: (2.0, 0), 1: (1.0, 0)}, settings)
    assert found.intensities[0] == pytest.approx([2 / 1.25, 1 / 1.25], rel=1e-6)


def test_a_ridge_is_a_share_of_each_unit_s_own_size(face: Face) -> None:
    """A unit that moves its vertex by 3 cm for each intensity: 9 on the diagonal, 9 * 1.25 with the ridge."""
    basis = basis_of({"AU12L": {0: (3.0, 0.0)}, "AU12R": {1: (1.0, 0.0)}})
    found = fit(basis, face, {0: (6.0, 0), 1: (1.0, 0)}, replace(PLAIN, ridge=0.25))
    assert found.intensities[0] == pytest.approx([2 / 1.25, 1 / 1.25], rel=1e-6)


def test_shapes_that_are_much_alike_are_told_apart_in_few_steps(face: Face) -> None:
    """At a cosine of 0.95, plain gradient steps would still be 0.18 off after 40; accelerated ones are 0.011 off."""
    along, across = 0.95, math.sqrt(1 - 0.95**2)
    basis = basis_of({"AU12L": {0: (1.0, 0.0)}, "AU12R": {0: (along, across)}})
    moved = {0: (2 + along, across)}  # intensities 2 and 1
    found = fit(basis, face, moved, replace(PLAIN, passes=0, steps=40))
    assert found.intensities[0] == pytest.approx([2, 1], abs=0.02)


def test_a_variant_adds_to_its_units_intensity(face: Face) -> None:
    """AU2L moves vertex 0, its variant vertex 1: the two columns' 1.5 and 1 make 2.5 of AU2L."""
    variants = basis_of({"AU2L": {2: (1.0, 0.0)}})
    moved = {0: (1.5, 0.0), 1: (0.4, 0.0), 2: (1.0, 0.0)}
    basis = one_vertex_each("AU2L", "AU2R")
    found = fit(basis, face, moved, PLAIN, variants=variants)
    assert found.intensities[0] == pytest.approx([2.5, 0.4], abs=1e-6)
    # The penalty is on the sum: 9 leaves 1; 0.15 / (2.5 + 0.4 / 2 + 0.3) is taken from both columns.
    settings = replace(PLAIN, sparsity=0.15, drop_intensity=10.0, faint=1.0)
    dear = fit(basis, face, moved | {9: (0.0, 1.0)}, settings, variants=variants)
    expected = [2.5 - 2 * 0.15 / 3.0, 0.4 - 0.15 / (0.4 + 1.25 + 0.3)]
    assert dear.intensities[0] == pytest.approx(expected, abs=1e-6)


def test_au43_is_not_fitted_beside_au45(face: Face) -> None:
    """Both would share the motion: all of it is AU45's, and each name keeps its own column."""
    basis = basis_of(
        {
            "AU43L": {0: (1.0, 0.0)},
            "AU43R": {1: (1.0, 0.0)},
            "AU45L": {0: (1.0, 0.0)},
            "AU45R": {1: (1.0, 0.0)},
        }
    )
    found = fit(basis, face, {0: (2.0, 0), 1: (1.0, 0)}, PLAIN)
    assert found.intensities[0] == pytest.approx([0, 0, 2, 1], abs=1e-6)


def test_up_and_down_are_seen_as_well_as_left_and_right(face: Face) -> None:
    basis = basis_of({"AU12L": {0: (0.6, 0.8)}, "AU12R": {1: (0.0, -1.0)}})
    found = fit(basis, face, {0: (1.2, 1.6), 1: (0.0, -3.0)}, PLAIN)
    assert found.intensities[0] == pytest.approx([2, 3], abs=1e-6)


def test_weights_are_per_frame_and_vertex(face: Face) -> None:
    """Two vertices of one unit say 1 and 3: weights 3 to 1 give 1.5, weights 1 to 3 give 2.5."""
    basis = basis_of({"AU12L": {0: (1.0, 0.0), 1: (1.0, 0.0)}, "AU12R": {}})
    field, weights = np.zeros((2, 468, 2)), np.ones((2, 468))
    field[:, 0, 0], field[:, 1, 0] = 1, 3
    weights[:, :2] = [[3, 1], [1, 3]]
    solver = RigSolver(basis, face, np.zeros((468, 2, 0)), PLAIN)
    found = solver.fit(field, weights, 0.005)
    assert found.intensities[:, 0] == pytest.approx([1.5, 2.5], abs=1e-6)
    # (3 * 0.5^2 + 1 * 1.5^2) = 3 is left in either, over weights of 466 + 4.
    assert found.residual_cm == pytest.approx([math.sqrt(3 / 470)] * 2, rel=1e-5)


def test_every_frame_of_a_long_clip_has_its_own_fit(face: Face) -> None:
    """300 frames, more than are computed together at a time: each is read as what it shows."""
    course = np.random.default_rng(0).uniform(0, 4, (300, 2))
    field = np.zeros((300, 468, 2))
    field[:, :2, 0] = course
    solver = RigSolver(one_vertex_each(*SIDES), face, np.zeros((468, 2, 0)), PLAIN)
    found = solver.fit(field, np.ones((300, 468)), 0.005)
    np.testing.assert_allclose(found.intensities, course, atol=1e-5)
    np.testing.assert_allclose(found.explained, 1, atol=1e-5)


@pytest.mark.parametrize("which", ["field", "weights"])
def test_refusals_say_what_was_expected_and_what_came(face: Face, which: str) -> None:
    solver = RigSolver(one_vertex_each(*SIDES), face, np.zeros((468, 2, 0)))
    field, weights = np.zeros((3, 468, 2)), np.ones((3, 468))
    short = (field[:, :9], weights) if which == "field" else (field, weights[:, :9])
    with pytest.raises(UsageError) as caught:
        solver.fit(*short, 0.005)
    assert str(caught.value) == (
        "expected a field (3, 468, 2) and weights (3, 468), "
        f"got {short[0].shape} and {short[1].shape}"
    )
    (field if which == "field" else weights)[1, 5] = np.inf
    with pytest.raises(UsageError) as caught:
        solver.fit(field, weights, 0.005)
    assert str(caught.value) == ("expected a finite field and finite weights, got NaN or infinity")
