from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from mien.models.ulme_gan import Generator, GeneratorConfig
from mien.training.core.schedule import follow
from mien.training.ulme_gan.trainer import begin_keeping, frozen


@pytest.mark.parametrize("config", [GeneratorConfig(image_px=32, width=8, blocks=1)])
@pytest.mark.parametrize("logit", [0.0, 3.0])
def test_a_new_generator_keeps_as_much_as_asked(config, logit):
    torch.manual_seed(0)
    generators = [Generator(config)]
    if "skips" in GeneratorConfig.__dataclass_fields__:
        generators.append(Generator(replace(config, skips=True)))
    for generator in generators:
        begin_keeping(generator, logit)
        with torch.no_grad():
            kept = generator(torch.rand(2, 3, 32, 32), torch.zeros(2, 17)).attention
        assert torch.logit(kept).mean().item() == pytest.approx(logit, abs=0.5)


def test_running_mean_by_hand():
    mean, module = torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        mean.weight.fill_(1)
        module.weight.fill_(2)
    follow(mean, module, 0.5, updates=1000)
    assert mean.weight.item() == 1.5
    follow(mean, module, 0.999, updates=0)  # early, a tenth stays
    assert mean.weight.item() == pytest.approx(0.1 * 1.5 + 0.9 * 2)


def test_a_frozen_network_passes_gradients_but_gathers_none():
    layer, x = torch.nn.Linear(2, 1), torch.ones(1, 2, requires_grad=True)
    with frozen(layer):
        layer(x).sum().backward()
    assert layer.weight.grad is None and x.grad is not None
    assert layer.weight.requires_grad
