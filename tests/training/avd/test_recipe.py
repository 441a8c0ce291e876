from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mien.errors import UsageError, WeightsError
from mien.training.avd.recipe import OURS, PUBLISHED, AvdLossWeights, AvdRecipe
from mien.training.core.schedule import learning_rate
from tests.engines.motion_net.nets import motion_weights


def test_published_is_the_code_of_mraa():
    assert (PUBLISHED.learning_rate, PUBLISHED.beta1, PUBLISHED.batch_size) == (1e-3, 0.5, 256)
    # 512 clips: 30 epochs of 2000 passes.
    assert PUBLISHED.total_steps(512) == 30 * 2000 * 2
    # Epochs count from 1; the milestones 20 and 25 are met after them, and hold one epoch later.
    rates = [learning_rate(PUBLISHED, epoch - 1, 30) for epoch in (1, 21, 22, 26, 27, 30)]
    assert rates == pytest.approx([1e-3, 1e-3, 1e-4, 1e-4, 1e-5, 1e-5])


def test_a_recipe_takes_the_regions_of_the_weights(tmp_path: Path):
    folder = motion_weights(tmp_path / "w", "mraa", prior="awp")
    recipe = OURS.after(folder)
    assert (recipe.image_px, recipe.network.points, recipe.regions.prior) == (32, 18, "awp")
    assert Path(recipe.mraa) == folder.resolve() and len(recipe.mraa_digest) == 16
    assert AvdRecipe.from_json(recipe.to_json()) == recipe
    assert recipe.for_card() == recipe.to_json() | {"mraa": "w"}
    again = motion_weights(tmp_path / "again", "mraa", prior="awp")
    assert OURS.after(again).mraa_digest == recipe.mraa_digest  # the same tensors
    other = motion_weights(tmp_path / "other", "mraa", prior="none")
    assert OURS.after(other).mraa_digest != recipe.mraa_digest
    assert OURS.after(other).network.points == 10
    with pytest.raises(WeightsError, match=r"weights of mraa, .* those of fomm"):
        OURS.after(motion_weights(tmp_path / "fomm"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"random_scale": 1.0}, r"random_scale in \[0, 1\)"),
        ({"batch_size": 1}, "batch norm"),
        ({"compile": True}, "not compiled"),
        ({"architecture": "mraa"}, "architecture avd"),
        ({"network": replace(PUBLISHED.network, points=18)}, "network.points of 10"),
    ],
)
def test_recipes_that_cannot_be(wrong, says):
    with pytest.raises(UsageError, match=says):
        AvdRecipe(**wrong)


def test_losses_that_ask_for_nothing():
    with pytest.raises(UsageError, match="over 0, got 0 and 0"):
        AvdLossWeights(shift=0, affine=0)
    with pytest.raises(UsageError, match="expected a recipe of Mien, got"):
        AvdRecipe.from_json({"speed": 1})


def test_without_weights_of_mraa_nothing_begins():
    with pytest.raises(UsageError, match="expected --mraa FOLDER"):
        PUBLISHED.check_installed()
