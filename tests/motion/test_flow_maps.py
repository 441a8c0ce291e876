from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.motion.flow_maps import flow_maps, many_flow_maps, resized, strain_magnitude


def bump(side: int, centre: tuple[float, float], width: float) -> np.ndarray:
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    return np.exp(-((rows - centre[0]) ** 2 + (columns - centre[1]) ** 2) / (2 * width**2))


def test_a_lifted_corner_is_dark_in_v_where_it_is() -> None:
    flow = np.zeros((140, 140, 2), np.float32)
    flow[..., 1] = -2 * bump(140, (100, 30), 9)
    maps = flow_maps(flow)
    assert maps.shape == (28, 28, 3) and maps.dtype == np.uint8
    assert np.unravel_index(maps[..., 1].argmin(), (28, 28)) == (20, 6)
    assert maps[0, 27, 1] == 255, "nothing moves there, and up is negative"
    assert not maps[..., 0].any(), "a channel that is the same all over is 0"
    # Strain is largest where the motion changes, not where it is largest.
    assert maps[20, 6, 2] < 0.5 * maps[..., 2].max()


def test_size_and_zero_are_lost() -> None:
    flow = np.stack([bump(56, (20, 20), 6), bump(56, (40, 30), 4)], axis=-1)
    np.testing.assert_array_equal(flow_maps(flow), flow_maps(7 * flow + np.float32(3)))


def test_strain_of_a_stretch_and_of_a_turn() -> None:
    rows, columns = np.mgrid[:30, :30].astype(np.float32)
    stretch = np.stack([0.1 * columns, 0.05 * rows])[None]
    np.testing.assert_allclose(strain_magnitude(stretch), np.hypot(0.1, 0.05), rtol=1e-4)
    shear = np.stack([0.1 * rows, 0 * rows])[None]
    np.testing.assert_allclose(strain_magnitude(shear), 0.1 / np.sqrt(2), rtol=1e-4)
    turn = np.stack([-0.1 * rows, 0.1 * columns])[None]
    np.testing.assert_allclose(strain_magnitude(turn), 0, atol=1e-6)


def test_a_map_is_the_mean_of_what_it_covers() -> None:
    fine = np.random.default_rng(0).normal(size=(3, 84, 56)).astype(np.float32)
    np.testing.assert_allclose(
        resized(fine, 28), fine.reshape(3, 28, 3, 28, 2).mean((2, 4)), atol=1e-5
    )
    odd = resized(np.ones((45, 61), np.float32), 28)
    np.testing.assert_allclose(odd, 1, atol=1e-5)


def test_many_are_as_each_alone() -> None:
    flows = np.random.default_rng(1).normal(size=(4, 50, 50, 2)).astype(np.float32)
    together = many_flow_maps(np.moveaxis(flows, 3, 1))
    np.testing.assert_array_equal(together, np.stack([flow_maps(one) for one in flows]))


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        (np.zeros((27, 40, 2), np.float32), "28 pixels or more, got \\(27, 40, 2\\)"),
        (np.zeros((40, 40), np.float32), "height, width, 2"),
        (np.full((40, 40, 2), np.nan, np.float32), "finite flow"),
    ],
)
def test_refusals(flow: np.ndarray, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        flow_maps(flow)
