from __future__ import annotations

from dataclasses import replace

import pytest

from mien.errors import UsageError
from mien.training.motion.recipe import MotionLossWeights, MotionRecipe
from mien.training.motion.recipes import FOMM_RECIPES, MRAA_RECIPES


def test_eighteen_points_are_the_published_ones() -> None:
    recipe = FOMM_RECIPES["ours"].with_prior("awp", 18, ours=True)
    assert recipe.network.points is None and recipe.network.jacobians
    assert recipe.with_prior(None, 18, ours=True).network.points is None  # the recipe has a prior
    assert recipe.with_prior("awp", 19, ours=True).network.points == 19


def test_what_has_no_effect_is_refused() -> None:
    with pytest.raises(UsageError, match="fomm is not compiled"):
        replace(FOMM_RECIPES["ours"], compile=True)


def test_a_recipe_comes_back_from_json():
    for recipe in (*FOMM_RECIPES.values(), *MRAA_RECIPES.values()):
        assert MotionRecipe.from_json(recipe.to_json()) == recipe


def test_what_does_not_fit_is_refused():
    with pytest.raises(UsageError, match="paint_every"):
        replace(FOMM_RECIPES["published"], paint_every=2)
    with pytest.raises(UsageError, match="batch_size"):
        replace(FOMM_RECIPES["ours"], batch_size=1)
    with pytest.raises(UsageError, match="none, ewp or awp"):
        FOMM_RECIPES["ours"].with_prior("both", None, ours=True)
    with pytest.raises(UsageError, match="architecture fomm or mraa, got 'avd'"):
        MotionRecipe(architecture="avd")
    with pytest.raises(UsageError, match="network of mraa"):
        MotionRecipe(architecture="mraa")
    with pytest.raises(UsageError, match="of at least 0, got -1"):
        MotionLossWeights(flow=-1)
    with pytest.raises(UsageError, match="asks for the motion"):
        MotionLossWeights(perceptual=0.0)


def test_many_points_of_ours_have_no_jacobians_in_fomm_alone():
    many = FOMM_RECIPES["ours"].with_prior("awp", 40, ours=True).network
    assert (many.points, many.jacobians, many.mask_kernel, many.anchor) == (40, False, 1, 0.06)
    assert FOMM_RECIPES["ours"].with_prior("awp", 40, ours=False).network.jacobians
    mraa = MRAA_RECIPES["ours"].with_prior("awp", 40, ours=True).network
    assert (mraa.points, mraa.mask_kernel) == (40, MRAA_RECIPES["ours"].network.mask_kernel)
