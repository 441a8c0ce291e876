from __future__ import annotations

import pytest
import torch

from mien.errors import MissingExtraError
from mien.models.vgg import Vgg16Features
from mien.training.motion.losses import perceptual_pyramid
from mien.training.motion.perceptual import load_perceptual


@pytest.fixture(scope="module")
def trunk() -> Vgg16Features:
    try:
        return load_perceptual()
    except MissingExtraError as error:
        pytest.skip(str(error))


def test_the_pyramid_draws_a_picture_towards_the_real_one(trunk: Vgg16Features):
    real = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert perceptual_pyramid(trunk, real, real, (1, 2)).item() == 0
    made = (0.5 * real).requires_grad_(True)
    loss = perceptual_pyramid(trunk, made, real, (1, 2))
    loss.backward()
    step = made.detach() - 0.02 * made.grad / made.grad.abs().max()
    assert perceptual_pyramid(trunk, step, real, (1, 2)) < 0.999 * loss
