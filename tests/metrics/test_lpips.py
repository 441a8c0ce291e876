from __future__ import annotations

import numpy as np
import pytest
import torch

from mien.errors import MissingExtraError, UsageError
from mien.metrics.lpips import Lpips, lpips_of_maps
from mien.metrics.vgg_weights import find_vgg16, read_vgg16


@pytest.fixture(scope="module")
def lpips() -> Lpips:
    try:
        return Lpips.load()
    except MissingExtraError as error:
        pytest.skip(str(error))


def maps(*values: list[list[float]]) -> tuple[torch.Tensor, ...]:
    """One map of two channels and one row of pixels for each list of pixels."""
    return tuple(torch.tensor(pixels).T[None, :, None, :] for pixels in values)


def test_the_distance_by_hand():
    # Unit vectors (1, 0) and (0, 1) differ by 1 in both channels; (3, 4) and (6, 8) have one direction.
    a, b = maps([[2.0, 0.0], [3.0, 4.0]]), maps([[0.0, 5.0], [6.0, 8.0]])
    heads = [torch.tensor([0.5, 0.25])]
    assert lpips_of_maps(a, b, heads).item() == pytest.approx((0.75 + 0) / 2)
    left = torch.tensor([[1.0, 0.0]])
    assert lpips_of_maps(a, b, heads, left).item() == pytest.approx(0.75)
    # Layers add up, each the mean over its own pixels.
    assert lpips_of_maps(a + a, b + b, heads * 2).item() == pytest.approx(0.75)


def test_the_published_network_as_numpy_computes_it(lpips: Lpips):
    weights = read_vgg16(find_vgg16())
    rng = np.random.default_rng(0)
    pair = rng.integers(0, 256, (2, 16, 16, 3), dtype=np.uint8)
    seen = (pair / 127.5 - 1 - [-0.030, -0.088, -0.188]) / [0.458, 0.448, 0.450]
    total, block = 0.0, 0
    for index, (kernel, bias) in enumerate(weights.convolutions):
        padded = np.pad(seen, ((0, 0), (1, 1), (1, 1), (0, 0)))
        height, width = seen.shape[1:3]
        seen = sum(
            padded[:, row : row + height, column : column + width] @ kernel[row, column]
            for row in range(3)
            for column in range(3)
        )
        seen = (seen + bias).clip(0)
        if index in (1, 3, 6, 9, 12):
            one, other = seen / np.linalg.norm(seen, axis=-1, keepdims=True)
            total += (((one - other) ** 2) @ weights.heads[block]).mean()
            block += 1
            if index == 6:
                features = seen.mean((1, 2))
        if index in (1, 3, 6, 9):
            seen = seen.reshape(2, height // 2, 2, width // 2, 2, -1).max((2, 4))
    got = lpips.compare(*pair)
    assert total > 0.1 and got.distance == pytest.approx(total, rel=1e-4)
    np.testing.assert_allclose([got.features_a, got.features_b], features, rtol=1e-4, atol=1e-4)


def test_more_blur_is_farther_and_the_mask_limits_it(lpips: Lpips, small_face: np.ndarray):
    import cv2

    face = small_face[64:128, 48:112].copy()
    soft, softer = (cv2.GaussianBlur(face, (0, 0), sigma) for sigma in (0.8, 2))
    assert lpips.compare(face, face).distance == 0
    assert 0.02 < lpips.compare(face, soft).distance < lpips.compare(face, softer).distance < 1
    spoiled, top = face.copy(), np.zeros((64, 64), bool)
    spoiled[48:], top[:16] = 0, True
    everywhere = lpips.compare(face, spoiled).distance
    assert lpips.compare(face, spoiled, top).distance < 0.2 * everywhere


def test_sizes_must_agree(lpips: Lpips):
    a, b = np.zeros((32, 40, 3), np.uint8), np.zeros((32, 32, 3), np.uint8)
    with pytest.raises(UsageError, match="of one size, got 40x32 and 32x32"):
        lpips.compare(a, b)
