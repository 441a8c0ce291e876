from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from mien.training.core.schedule import follow, learning_rate
from mien.training.motion.recipes import FOMM_RECIPES
from mien.training.ulme_gan.recipe import OURS


def test_warmup_and_cosine():
    recipe = replace(OURS, learning_rate=1.0, warmup_steps=4, decay_from=0.5, decay="cosine")
    found = [learning_rate(recipe, step, 16) for step in (0, 1, 7, 12)]
    assert found == pytest.approx([0.25, 0.5, 1.0, 0.5])


def test_milestones_divide_the_rate_by_ten():
    recipe = FOMM_RECIPES["published"]
    found = [learning_rate(recipe, step, 100) for step in (0, 59, 60, 89, 90, 99)]
    assert found == pytest.approx([2e-4, 2e-4, 2e-5, 2e-5, 2e-6, 2e-6])


def test_running_mean_by_hand():
    mean, module = torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        mean.weight.fill_(1)
        module.weight.fill_(2)
    follow(mean, module, 0.5, updates=1000)
    assert mean.weight.item() == 1.5
    follow(mean, module, 0.999, updates=0)  # early, a tenth stays
    assert mean.weight.item() == pytest.approx(0.1 * 1.5 + 0.9 * 2)


def test_a_running_mean_copies_buffers():
    mean, module = torch.nn.BatchNorm1d(1), torch.nn.BatchNorm1d(1)
    module.running_mean.fill_(3)
    module.num_batches_tracked.fill_(7)
    follow(mean, module, 0.9, updates=0)
    assert mean.running_mean.item() == 3 and mean.num_batches_tracked.item() == 7
