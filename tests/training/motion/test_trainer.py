from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from lightning_fabric import Fabric

from mien.engines.motion_net.networks import motion_weights
from mien.engines.weights import load_weights
from mien.errors import UsageError, WeightsError
from mien.models.fomm import FommConfig
from mien.training.motion.recipe import FOMM_RECIPES, MRAA_RECIPES, MotionRecipe, with_prior
from mien.training.motion.trainer import MotionTrainer


def trainer(recipe: MotionRecipe) -> MotionTrainer:
    return MotionTrainer(recipe, Fabric(accelerator="cpu"), 1)


def test_a_run_begins_with_exported_weights(tmp_path: Path) -> None:
    folder = motion_weights("fomm", prior="awp")
    recipe = with_prior(FOMM_RECIPES["ours"], "awp", None, ours=True)
    run = trainer(recipe)
    run.begin_with(folder)
    learned = load_weights(folder, "fomm").tensors
    own = run.kept.state_dict()
    assert all(torch.equal(own[name], tensor) for name, tensor in learned.items())
    with pytest.raises(UsageError, match="weights of the recipe's network"):
        trainer(with_prior(recipe, "awp", 128, ours=True)).begin_with(folder)
    with pytest.raises(WeightsError, match="those of fomm"):
        trainer(with_prior(MRAA_RECIPES["ours"], "awp", None, ours=True)).begin_with(folder)
    with pytest.raises(WeightsError, match=r"card\.json"):
        run.begin_with(tmp_path)


def test_a_critic_for_whom_the_pictures_are_too_small_is_refused() -> None:
    small = FommConfig(image_px=32, hourglass_blocks=2, generator_width=8, motion_width=8)
    with pytest.raises(UsageError, match="larger picture, got 32 px"):
        trainer(replace(FOMM_RECIPES["published"], network=small))


def test_eighteen_points_are_the_published_ones() -> None:
    recipe = with_prior(FOMM_RECIPES["ours"], "awp", 18, ours=True)
    assert recipe.network.points is None and recipe.network.jacobians
    assert with_prior(recipe, None, 18, ours=True).network.points is None  # the recipe has a prior
    assert with_prior(recipe, "awp", 19, ours=True).network.points == 19


def test_what_has_no_effect_is_refused() -> None:
    with pytest.raises(UsageError, match="fomm is not compiled"):
        replace(FOMM_RECIPES["ours"], compile=True)
