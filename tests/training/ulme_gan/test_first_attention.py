from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from mien.models.ulme_gan import Generator, GeneratorConfig
from mien.training.ulme_gan.first_attention import begin_keeping


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
