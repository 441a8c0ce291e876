from __future__ import annotations

import json

import pytest

from mien.errors import UsageError
from mien.models.ulme_gan import GeneratorConfig
from mien.training.core.schedule import learning_rate
from mien.training.recipes import find_recipe
from mien.training.ulme_gan.architecture import ULME_GAN_ARCHITECTURE
from mien.training.ulme_gan.recipe import (
    OURS,
    PAINTED,
    PUBLISHED,
    SIDED_AUS,
    LossWeights,
    UlmeGanRecipe,
)


def test_published_is_the_papers():
    weights = PUBLISHED.weights
    assert (weights.adversarial, weights.penalty, weights.au, weights.cycle) == (1, 10, 160, 10)
    assert (weights.attention, weights.smoothness, weights.pair) == (0, 0, 0)
    assert (PUBLISHED.learning_rate, PUBLISHED.beta1, PUBLISHED.batch_size) == (1e-4, 0.5, 25)
    assert (PUBLISHED.critic_steps, PUBLISHED.jitter) == (5, 0.1)
    assert PUBLISHED.has_critic and not PUBLISHED.needs_pairs
    # 20 epochs at the full rate and 10 of decay
    assert PUBLISHED.total_steps(2500) == 3000
    rates = [learning_rate(PUBLISHED, step, 3000) for step in (0, 1999, 2500, 2999)]
    assert rates == pytest.approx([1e-4, 1e-4, 0.5e-4, 1e-7])


def test_ours_needs_no_critic():
    for recipe in (OURS, PAINTED):
        assert not recipe.has_critic and recipe.needs_pairs
        assert recipe.generator.aus == SIDED_AUS
    assert PAINTED.generator.aus == SIDED_AUS and "AU12L" in SIDED_AUS and "AU26" in SIDED_AUS


@pytest.mark.parametrize("recipe", [PUBLISHED, OURS, PAINTED])
def test_json_there_and_back(recipe, tmp_path):
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(recipe.to_json()), encoding="utf-8")
    assert find_recipe(str(path), ULME_GAN_ARCHITECTURE) == recipe


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 0},
        {"ema_decay": 1.0},
        {"learning_rate": 0.0},
        {"cycle_share": 1.5},
        {"generator": GeneratorConfig(image_px=64)},
        {"generator": GeneratorConfig(aus=("AU4",))},
    ],
)
def test_recipes_that_cannot_be(wrong):
    with pytest.raises(UsageError, match="expected"):
        UlmeGanRecipe(**wrong)


def test_ours_moves_pixels_of_the_tight_crop():
    assert OURS.generator.flow and OURS.generator.crop == "tight" and OURS.moved_kind == "flow"
    assert PAINTED.moved_kind == PUBLISHED.moved_kind == "rig"
    with pytest.raises(UsageError, match="flow true with"):
        UlmeGanRecipe(weights=LossWeights(flow=1.0))


def test_losses_that_ask_for_nothing():
    with pytest.raises(UsageError, match="a loss that asks for the AUs"):
        LossWeights(adversarial=0, au=0)


def test_a_recipe_with_an_unknown_field():
    with pytest.raises(UsageError, match="expected a recipe of Mien's"):
        UlmeGanRecipe.from_json({"learning_speed": 1})


def test_no_facial_prior():
    with pytest.raises(UsageError, match="no prior and no points for ulme-gan, got awp and None"):
        PAINTED.with_prior("awp", None, ours=True)
