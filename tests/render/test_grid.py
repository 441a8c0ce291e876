from __future__ import annotations

import numpy as np

from mien.render.grid import Grid


def test_a_part_is_upsampled_as_in_the_whole() -> None:
    grid = Grid(3, -2, 4, 9, 12)
    field = np.random.default_rng(0).normal(0, 1, (12, 9, 2)).astype(np.float32)
    whole = grid.upsample(field)
    for box in ((3, -2, 39, 46), (3, 10, 39, 20), (11, 6, 25, 29), (20, 40, 39, 46)):
        part = grid.window(box)
        left, top, right, bottom = part.box_px
        found = grid.upsample_part(field, part)
        np.testing.assert_allclose(
            found, whole[top + 2 : bottom + 2, left - 3 : right - 3], atol=1e-5
        )


def test_bands_cover_a_grid() -> None:
    grid = Grid(3, -2, 4, 9, 12)
    bands = list(grid.bands(5 * 9 * 16 + 1))
    assert [(band.top_px, band.rows) for band in bands] == [(-2, 5), (18, 5), (38, 2)]
    assert {(band.left_px, band.cols) for band in bands} == {(3, 9)}
    assert next(iter(grid.bands(1))).rows == 1 and list(grid.bands(10**9)) == [grid]
