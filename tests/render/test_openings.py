from __future__ import annotations

import numpy as np
import pytest

from mien.face import mesh
from mien.face.portrait import Portrait
from mien.render import openings, sheets


@pytest.mark.parametrize("kind", openings.KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("sheet", ["upper", "lower"])
def test_a_sheet_takes_the_other_border_along(kind: openings.OpeningKind, sheet: str) -> None:
    """Move the upper border alone: the upper sheet carries both borders, the lower sheet neither."""
    matrix = sheets.continuation(kind, sheet)  # type: ignore[arg-type]
    moved = np.zeros((468, 2), np.float32)
    moved[list(kind.upper[1:-1])] = (0, 1)
    result = matrix @ moved
    expected = 1.0 if sheet == "upper" else 0.0
    np.testing.assert_allclose(result[list(kind.lower[1:-1]), 1], expected, atol=1e-4)


@pytest.mark.parametrize("kind", openings.KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("sheet", ["upper", "lower"])
def test_a_sheet_is_the_skin_where_all_moves_alike(kind: openings.OpeningKind, sheet: str) -> None:
    matrix = sheets.continuation(kind, sheet)  # type: ignore[arg-type]
    np.testing.assert_allclose(matrix @ np.ones((468, 2)), 1, atol=1e-4)


@pytest.mark.parametrize("kind", openings.KINDS, ids=lambda kind: kind.name)
def test_no_triangle_lies_across_both_sheets(kind: openings.OpeningKind) -> None:
    triangles = mesh.triangles()
    own = np.isin(triangles, [*kind.upper, *kind.lower]).all(1)
    upper = sheets.continued_vertices(kind, "upper")[triangles].any(1)
    lower = sheets.continued_vertices(kind, "lower")[triangles].any(1)
    assert not (upper & lower & ~own).any()


@pytest.mark.parametrize("kind", openings.KINDS, ids=lambda kind: kind.name)
def test_borders_press_but_do_not_cross(portrait: Portrait, kind: openings.OpeningKind) -> None:
    far = np.zeros((468, 2), np.float32)
    axis = openings.down(portrait.face)
    far[list(kind.upper[1:-1])] = 50 * axis
    kept = openings.Borders.of(portrait.face, kind).keep_apart(far)
    gap = (
        openings.pair_gaps_px(portrait.face, kind)
        + (kept[list(kind.lower)] - kept[list(kind.upper)]) @ axis
    )
    assert gap[1:-1].min() > -1e-3


def test_opening_is_not_disturbed(portrait: Portrait) -> None:
    apart = np.zeros((468, 2), np.float32)
    apart[list(mesh.LIPS_INNER_LOWER)] = 9 * openings.down(portrait.face)
    assert openings.Borders.of(portrait.face, openings.MOUTH).keep_apart(apart) is apart


def test_shut_lips_are_told_from_open_ones(portrait: Portrait, shut_portrait: Portrait) -> None:
    assert not openings.is_shut(portrait.face, portrait.image)
    assert openings.is_shut(shut_portrait.face, shut_portrait.image)


def test_resampled_border_passes_through_its_vertices() -> None:
    line = np.array([(0.0, 0), (1, 1), (2, 1.5), (3, 1), (4, 0)])
    curve = openings.resample(line, points=41)
    np.testing.assert_allclose(curve[::10], line, atol=1e-9)
