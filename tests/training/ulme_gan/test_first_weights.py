from __future__ import annotations

import pytest
import torch

from mien.models.ulme_gan import Discriminator, DiscriminatorConfig, Generator, GeneratorConfig
from mien.training.ulme_gan.first_weights import begin_weights


@pytest.mark.parametrize(
    "network",
    [
        Generator(GeneratorConfig(image_px=16, width=16, blocks=1)),
        Discriminator(DiscriminatorConfig(image_px=16, width=16, layers=2)),
    ],
)
def test_published_weights_are_normal_and_biases_zero(network):
    torch.manual_seed(0)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    begin_weights(network, "torch")
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    begin_weights(network, "normal")
    for name, value in network.state_dict().items():
        if name.endswith("bias"):
            assert not value.any(), name
        else:
            assert value.std().item() == pytest.approx(0.02, rel=0.2), name
            assert abs(value.mean().item()) < 0.003, name
