from __future__ import annotations

from dataclasses import replace

import pytest

from mien.errors import UsageError
from mien.training.motion.augmentation import EARLIER_AUGMENTATION
from mien.training.motion.recipe import MotionLossWeights, MotionRecipe
from mien.training.motion.recipes import FOMM_RECIPES, MRAA_RECIPES


def test_eighteen_points_are_the_published_ones() -> None:
    recipe = FOMM_RECIPES["ours"].with_prior("awp", 18, ours=True)
    assert recipe.network.points is None and recipe.network.measured_maps
    assert recipe.with_prior(None, 18, ours=True).network.points is None  # the recipe has a prior
    assert recipe.with_prior("awp", 19, ours=True).network.points == 19


def test_the_published_length_and_losses() -> None:
    fomm, mraa = FOMM_RECIPES["published"], MRAA_RECIPES["published"]
    # 126 videos: 50 passes are 700 batches of 9 an epoch, 75 passes 675 batches of 14.
    assert (fomm.batch_size, mraa.batch_size) == (9, 14)
    assert (fomm.total_steps(126), mraa.total_steps(126)) == (100 * 700, 100 * 675)
    assert (fomm.pairs, mraa.pairs) == ("any_two", "any_two")
    assert FOMM_RECIPES["ours"].repeats == 1 and FOMM_RECIPES["ours"].total_steps(90) == 4000
    assert fomm.has_critic and not mraa.has_critic
    assert mraa.network.prior_heat == "published"
    assert MRAA_RECIPES["ours"].network.prior_heat == "normalised"


def test_published_points_of_ewp_are_found_once_a_clip() -> None:
    published, ours = FOMM_RECIPES["published"], FOMM_RECIPES["ours"]
    assert published.with_prior("ewp", None, ours=False).prior_points == "once"
    assert published.with_prior("awp", None, ours=False).prior_points == "tracked"
    assert ours.with_prior("ewp", None, ours=True).prior_points == "tracked"
    with pytest.raises(UsageError, match="prior_points tracked or once, got 'never'"):
        replace(ours, prior_points="never")


@pytest.mark.parametrize("recipes", [FOMM_RECIPES, MRAA_RECIPES])
def test_a_recipe_of_before_keeps_its_meaning(recipes) -> None:
    now = replace(
        recipes["ours"],
        weights=replace(recipes["ours"].weights, shown=0.0),
        augmentation=EARLIER_AUGMENTATION,
        pairs="from_original",
    )
    old = now.to_json() | {"augment": True}
    del old["augmentation"], old["repeats"], old["prior_points"], old["pairs"], old["order"]
    assert MotionRecipe.from_json(old) == now
    still = MotionRecipe.from_json(old | {"augment": False}).augmentation
    assert (still.mirror, still.time_flip, still.placement, still.has_light) == (0, 0, 0, False)


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
    with pytest.raises(UsageError, match="a loss that learns the motion"):
        MotionLossWeights(perceptual=0.0)


def test_many_points_of_ours_have_no_jacobians_in_fomm_alone():
    many = FOMM_RECIPES["ours"].with_prior("awp", 40, ours=True).network
    assert (many.points, many.jacobians, many.mask_kernel, many.anchor) == (40, False, 1, 0.08)
    assert FOMM_RECIPES["published"].with_prior("awp", 40, ours=False).network.jacobians
    mraa = MRAA_RECIPES["ours"].with_prior("awp", 40, ours=True).network
    assert (mraa.points, mraa.mask_kernel) == (40, MRAA_RECIPES["ours"].network.mask_kernel)


@pytest.mark.parametrize("recipes", [FOMM_RECIPES, MRAA_RECIPES])
def test_pictures_too_small_for_the_perceptual_loss_are_refused_before_any_work(recipes):
    published = recipes["published"]
    small = replace(published, network=replace(published.network, image_px=64, hourglass_blocks=3))
    with pytest.raises(
        UsageError, match="image_px of at least 128 for the perceptual loss, got 64"
    ):
        small.check_installed()
    without = replace(small, weights=replace(small.weights, perceptual=0.0, pixels=1.0))
    without.check_installed()


def test_exact_pairs_ask_for_faces_with_the_motion_of_each_pixel() -> None:
    ours = FOMM_RECIPES["ours"]
    assert ours.moved_kind == "flow" and FOMM_RECIPES["published"].moved_kind == "rig"
    with pytest.raises(UsageError, match=r"pairs exact with weights\.shown"):
        replace(ours, pairs="any_two")
    with pytest.raises(UsageError, match="begin with the original picture"):
        ours.with_prior("ewp", None, ours=False)
