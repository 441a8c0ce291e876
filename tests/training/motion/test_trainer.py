from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from lightning_fabric import Fabric

from mien.engines.motion_net.networks import motion_weights
from mien.engines.weights import load_weights
from mien.errors import UsageError, WeightsError
from mien.models.fomm import FommConfig
from mien.training.core.checkpoint import newest_checkpoint
from mien.training.core.start_or_resume import train as learn
from mien.training.motion.batches import MotionBatch
from mien.training.motion.recipe import MotionRecipe
from mien.training.motion.recipes import FOMM_RECIPES, MRAA_RECIPES
from mien.training.motion.spline import SplineNoise, random_deformation
from mien.training.motion.steps import critic_loss, motion_losses
from mien.training.motion.trainer import MotionTrainer
from tests.training.motion.conftest import CPU, TINY, moved_faces, recipe_of


def trainer(recipe: MotionRecipe) -> MotionTrainer:
    return MotionTrainer(recipe, Fabric(accelerator="cpu"), 1)


def test_a_run_begins_with_exported_weights(tmp_path: Path) -> None:
    folder = motion_weights("fomm", prior="awp")
    recipe = FOMM_RECIPES["ours"].with_prior("awp", None, ours=True)
    run = trainer(recipe)
    run.begin_with(folder)
    learned = load_weights(folder, "fomm").tensors
    own = run.kept.state_dict()
    assert all(torch.equal(own[name], tensor) for name, tensor in learned.items())
    with pytest.raises(UsageError, match="weights of the recipe's network"):
        trainer(recipe.with_prior("awp", 128, ours=True)).begin_with(folder)
    with pytest.raises(WeightsError, match="those of fomm"):
        trainer(MRAA_RECIPES["ours"].with_prior("awp", None, ours=True)).begin_with(folder)
    with pytest.raises(WeightsError, match=r"card\.json"):
        run.begin_with(tmp_path)


def test_a_critic_for_whom_the_pictures_are_too_small_is_refused() -> None:
    small = FommConfig(image_px=32, hourglass_blocks=2, generator_width=8, motion_width=8)
    with pytest.raises(UsageError, match="larger picture, got 32 px"):
        trainer(replace(FOMM_RECIPES["published"], network=small))


class Killed(Exception):
    pass


@pytest.mark.parametrize("kind", ["fomm-awp", "fomm-none", "fomm-points", "mraa-awp"])
def test_a_killed_run_goes_on_exactly(kind, tmp_path):
    recipe = recipe_of(kind)
    faces = moved_faces().split(0.25)

    def kill(done: int, total: int) -> None:
        if done == 3:
            raise Killed

    learn(MotionTrainer, recipe, *faces, tmp_path / "whole", options=CPU)
    with pytest.raises(Killed):
        learn(MotionTrainer, recipe, *faces, tmp_path / "cut", options=CPU, on_step=kill)
    learn(MotionTrainer, recipe, *faces, tmp_path / "cut", resume=True, options=CPU)
    whole, cut = (newest_checkpoint(tmp_path / run) for run in ("whole", "cut"))
    assert whole is not None and cut is not None
    assert whole.state == cut.state
    for name, tensor in whole.tensors.items():
        assert torch.equal(tensor, cut.tensors[name]), name


def test_one_batch_can_be_learned_by_heart():
    recipe = replace(recipe_of("fomm-awp"), learning_rate=5e-3, warmup_steps=0, batch_size=6)
    trainer = MotionTrainer(recipe, Fabric(accelerator="cpu"), 60)
    batch = trainer.draw(trainer.recipe, moved_faces(), 0)
    losses = [float(trainer.learn(batch)["net/relative_flow"]) for _ in range(60)]
    assert losses[-1] < 0.5 * losses[0]


def test_a_few_steps_lower_the_published_losses_together():
    small = replace(FOMM_RECIPES["published"], batch_size=2, steps=100)
    weights = replace(small.weights, perceptual=0.0, pixels=1.0)
    network = replace(small.network, **(TINY | {"image_px": 64}))
    recipe = replace(small, weights=weights, network=network)
    trainer = MotionTrainer(recipe, Fabric(accelerator="cpu"), 100)
    image = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1
    batch = MotionBatch(image, image.flip(-1), None, None, torch.zeros(2, 2, 16, 16))
    # The steps' critic learns and their deformations are drawn again: losses that can be compared are those
    # before one critic and by one deformation.
    critic = copy.deepcopy(trainer.critic)
    known = random_deformation(2, SplineNoise(), torch.Generator().manual_seed(1), image)

    @torch.no_grad()
    def losses() -> dict[str, float]:
        net = copy.deepcopy(trainer.net).train()
        terms, made = motion_losses(
            recipe, net, batch, painted=True, critic=critic, deformation=known
        )
        judged = critic_loss(trainer.critic, made, batch.driving)
        return {name: float(loss) for name, loss in (terms | {"critic": judged["total"]}).items()}

    before = losses()
    for _ in range(8):
        said = trainer.learn(batch)
    after = losses()
    names = ("adversarial", "features", "point_equivariance", "linear_equivariance", "pixels")
    assert before.keys() == after.keys() == {*names, "total", "critic"}
    assert said.keys() >= {f"net/{name}" for name in (*names, "total")} | {"critic/total"}
    weighted = sum(getattr(weights, name) * before[name] for name in names)
    assert before["total"] == pytest.approx(weighted, rel=1e-5)
    assert after["total"] < 0.99 * before["total"]
    assert after["critic"] < 0.8 * before["critic"]


def test_faces_that_do_not_fit(tmp_path):
    faces = moved_faces().split(0.25)
    still = replace(moved_faces(), motion=None).split(0.25)
    with pytest.raises(UsageError, match="motion of its views"):
        learn(MotionTrainer, recipe_of("fomm-awp"), *still, tmp_path, options=CPU)
    with pytest.raises(UsageError, match="128 px"):
        learn(MotionTrainer, FOMM_RECIPES["ours"], *faces, tmp_path, options=CPU)
