from __future__ import annotations

import cv2
import numpy as np
import pytest
import skimage.data

from mien.errors import UsageError
from mien.metrics.gmsd import STABILITY, gmsd


@pytest.fixture
def astronaut() -> np.ndarray:
    return skimage.data.astronaut()


def test_alike_is_zero_and_worse_is_more(astronaut: np.ndarray) -> None:
    assert gmsd(astronaut, astronaut) == 0
    blurs = [
        gmsd(astronaut, cv2.GaussianBlur(astronaut, (0, 0), sigma)) for sigma in (0.7, 1.5, 4.0)
    ]
    assert 0 < blurs[0] < blurs[1] < blurs[2] < 0.35
    # Brighter all over is no other picture: edges are what counts.
    darker = (astronaut // 2).astype(np.uint8)
    assert gmsd(darker, darker + 60) == pytest.approx(0, abs=1e-12)


def test_one_step_edge_as_the_paper_has_it() -> None:
    """An edge of height h has a gradient of h beside it; against a flat picture its likeness is c / (h^2 + c)."""
    flat = np.full((16, 16, 3), 100, np.uint8)
    edge = flat.copy()
    edge[:, 8:] = 160
    likeness = np.ones(8)
    likeness[3:5] = STABILITY / (60.0**2 + STABILITY)
    assert gmsd(flat, edge) == pytest.approx(likeness.std(), rel=1e-6)
    assert gmsd(edge, flat) == gmsd(flat, edge)
    across = gmsd(flat.transpose(1, 0, 2), edge.transpose(1, 0, 2))
    assert across == pytest.approx(gmsd(flat, edge))


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("last", [False, True])
def test_the_border_goes_on(across: bool, last: bool) -> None:
    """Half size, 9 columns: 100 and 160 in the last (or first) one. Its gradient and its neighbour's are 60.

    At full size there are 17 columns, and the last of them alone makes a column of half size.
    """
    flat = np.full((17, 17, 3), 100, np.uint8)
    edge = flat.copy()
    edge[:, -1 if last else slice(0, 2)] = 160
    likeness = np.ones(9)
    likeness[[-1, -2] if last else [0, 1]] = STABILITY / (60.0**2 + STABILITY)
    if across:
        flat, edge = flat.transpose(1, 0, 2), edge.transpose(1, 0, 2)
    assert gmsd(flat, edge) == pytest.approx(likeness.std(), rel=1e-6)


def test_a_half_size_pixel_is_the_mean_of_four() -> None:
    """One pixel of 255 among 100: its block of 2 x 2 is (255 - 100) / 4 brighter, whichever of the four it is."""
    flat = np.full((12, 12, 3), 100, np.uint8)
    found = []
    for row, column in ((4, 4), (4, 5), (5, 4), (5, 5)):
        dot = flat.copy()
        dot[row, column] = 255
        found.append(gmsd(flat, dot))
    assert found[0] > 0 and found == pytest.approx([found[0]] * 4)
    # Prewitt's filter takes a third of that: beside, above and below it; at the corners both ways.
    step = 155 / 4 / 3
    likeness = np.ones(36)
    for size, count in ((step, 4), (np.hypot(step, step), 4)):
        start = int((likeness < 1).sum())
        likeness[start : start + count] = STABILITY / (size**2 + STABILITY)
    assert found[0] == pytest.approx(likeness.std(), rel=1e-6)


def test_only_the_mask_counts(astronaut: np.ndarray) -> None:
    spoiled = astronaut.copy()
    spoiled[:100] = 0
    mask = np.zeros(astronaut.shape[:2], bool)
    mask[110:] = True
    assert gmsd(astronaut, spoiled, mask) == 0 < gmsd(astronaut, spoiled)


def test_sizes_must_agree(astronaut: np.ndarray) -> None:
    says = r"^expected pictures, and a mask, of one size, got \(512, 512, 3\) and \(511, 512, 3\)$"
    with pytest.raises(UsageError, match=says):
        gmsd(astronaut, astronaut[:-1])
    with pytest.raises(UsageError, match=r"\(512, 512, 3\) and \(512, 512, 3\) and \(511, 512\)$"):
        gmsd(astronaut, astronaut, np.ones((511, 512), bool))
    says = "^expected a mask that leaves something to compare, got an empty one$"
    with pytest.raises(UsageError, match=says):
        gmsd(astronaut, astronaut, np.zeros(astronaut.shape[:2], bool))
