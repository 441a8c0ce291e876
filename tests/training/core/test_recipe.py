from __future__ import annotations

import pytest

from mien.errors import UsageError
from mien.training.core.recipe import check_loss_weights
from mien.training.ulme_gan.recipe import UlmeGanRecipe


@pytest.mark.parametrize("weight", [-0.1, float("inf"), float("nan")])
def test_loss_weights_that_cannot_be(weight: float):
    with pytest.raises(UsageError, match=f"weights.cycle of at least 0, got {weight}"):
        check_loss_weights({"pair": 0.0, "cycle": weight})


def test_steps_of_epochs():
    assert UlmeGanRecipe(batch_size=10, epochs=3, repeats=7).total_steps(105) == 3 * 73
    recipe = UlmeGanRecipe(batch_size=10, epochs=3)
    assert recipe.total_steps(105) == 3 * 10
    assert recipe.total_steps(105, devices=2) == 3 * 5
    assert recipe.total_steps(5) == 3  # at least one step an epoch
    assert UlmeGanRecipe(steps=7).total_steps(105) == 7
