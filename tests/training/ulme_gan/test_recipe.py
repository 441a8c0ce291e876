from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mien.errors import UsageError
from mien.models.ulme_gan import GeneratorConfig
from mien.training.core.schedule import learning_rate
from mien.training.faces.augmentation import Augmentation
from mien.training.recipes import find_recipe
from mien.training.ulme_gan.architecture import ULME_GAN_ARCHITECTURE
from mien.training.ulme_gan.recipe import (
    OURS,
    PAINTED,
    PUBLISHED,
    RECIPES,
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
    assert (PUBLISHED.penalty_reduction, PUBLISHED.init) == ("sum", "normal")
    assert not PUBLISHED.jitter_clip and not PUBLISHED.augmentation.has_light
    assert PUBLISHED.augmentation.mirror == 0.5


def test_the_published_learning_rate_changes_between_epochs():
    # 30 epochs of 100 steps. The 20th is the first with a lower rate, the 30th has none.
    assert PUBLISHED.total_steps(2500) == 3000
    steps = [0, 1899, 1900, 1999, 2000, 2899, 2900, 2999]  # epochs 1, 19, 20, 20, 21, 29, 30, 30
    rates = [learning_rate(PUBLISHED, step, 3000) for step in steps]
    assert rates == pytest.approx([k / 11 * 1e-4 for k in (11, 11, 10, 10, 9, 1, 0, 0)])


def test_the_published_fine_tuning_lasts_ten_epochs():
    recipe = RECIPES["published-fine-tuning"]
    rates = [learning_rate(recipe, step, 1000) for step in range(0, 1000, 100)]
    assert rates == pytest.approx([k / 11 * 1e-4 for k in (9, 8, 7, 6, 5, 4, 3, 2, 1, 0)])
    assert rates[0] == pytest.approx(8.2e-5, abs=2e-7)
    assert replace(recipe, epochs=30, decay_from=2 / 3) == PUBLISHED


def test_ours_needs_no_critic():
    for recipe in (OURS, PAINTED):
        assert not recipe.has_critic and recipe.needs_pairs
        assert recipe.generator.aus == SIDED_AUS
    assert PAINTED.generator.aus == SIDED_AUS and "AU12L" in SIDED_AUS and "AU26" in SIDED_AUS


@pytest.mark.parametrize("recipe", RECIPES.values())
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
        {"repeats": 0},
        {"order": "sorted"},
        {"penalty_reduction": "max"},
        {"init": "xavier"},
        {"decay": "step"},
        {"generator": GeneratorConfig(image_px=64)},
        {"generator": GeneratorConfig(aus=("AU4",))},
    ],
)
def test_recipes_that_cannot_be(wrong):
    with pytest.raises(UsageError, match="expected"):
        UlmeGanRecipe(**wrong)


def test_a_recipe_of_before_keeps_its_meaning():
    new = {"augmentation", "penalty_reduction", "init", "jitter_clip", "repeats", "order"}
    for recipe in (PAINTED, OURS):
        old = recipe.to_json() | {"augment": True}
        old = {name: value for name, value in old.items() if name not in new}
        assert UlmeGanRecipe.from_json(old) == recipe
        plain = UlmeGanRecipe.from_json(old | {"augment": False}).augmentation
        assert plain == Augmentation(mirror=0.0)


@pytest.mark.parametrize("name", [n for n in RECIPES if not n.startswith("published")])
def test_our_recipes_begin_and_vary_faces_as_our_weights_did(name):
    recipe = RECIPES[name]
    assert (recipe.init, recipe.order) == ("torch", "drawn")
    assert recipe.decay in ("cosine", "linear")
    assert recipe.augmentation == Augmentation(gain=0.2, tint=0.06, shift=0.15)


def test_ours_moves_pixels_of_a_tight_square():
    assert OURS.generator.flow and OURS.moved_kind == "flow"
    assert (OURS.generator.square_cm, OURS.generator.square_down_cm) == (16.5, 1.15)
    assert PAINTED.moved_kind == PUBLISHED.moved_kind == "rig"
    with pytest.raises(UsageError, match="flow true with"):
        UlmeGanRecipe(weights=LossWeights(flow=1.0))


def test_losses_that_ask_for_nothing():
    with pytest.raises(UsageError, match="a loss that learns the AUs"):
        LossWeights(adversarial=0, au=0)


def test_a_recipe_with_an_unknown_field():
    with pytest.raises(UsageError, match="expected a recipe of Mien, got"):
        UlmeGanRecipe.from_json({"learning_speed": 1})


def test_no_facial_prior():
    with pytest.raises(UsageError, match="no prior and no points for ulme-gan, got awp and None"):
        PAINTED.with_prior("awp", None, ours=True)
