from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from lightning_fabric import Fabric

from mien.engines.motion_net.avd import load_avd
from mien.engines.weights import load_weights
from mien.errors import UsageError
from mien.training.avd.recipe import OURS, AvdRecipe
from mien.training.avd.trainer import AvdTrainer
from mien.training.core.checkpoint import newest_checkpoint
from mien.training.core.start_or_resume import train as learn
from mien.training.export import export_run
from tests.engines.motion_net.nets import motion_weights
from tests.training.motion.conftest import CPU, SIZE, moved_faces


def recipe_of(folder: Path, **changes: object) -> AvdRecipe:
    recipe = OURS.after(folder)
    small = replace(recipe.network, widths=(16,), identity_size=8, pose_size=8)
    return replace(recipe, network=small, batch_size=4, steps=4, **changes)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return motion_weights(tmp_path / "mraa", "mraa", prior="awp", root="symmetric")


def test_one_batch_can_be_learned_by_heart(weights: Path):
    recipe = recipe_of(weights, learning_rate=1e-2, random_scale=0.0)
    trainer = AvdTrainer(recipe, Fabric(accelerator="cpu"), 60)
    mraa = {name: value.clone() for name, value in trainer._mraa.state_dict().items()}
    batch = trainer.draw(trainer.recipe, moved_faces(), 0)
    losses = [trainer.learn(batch) for _ in range(60)]
    assert losses[0].keys() == {"net/shift", "net/affine", "net/total"}
    assert losses[-1]["net/total"] < 0.3 * losses[0]["net/total"]
    assert losses[0]["net/total"] == losses[0]["net/shift"] + losses[0]["net/affine"]
    # MRAA itself does not learn.
    assert all(torch.equal(mraa[name], t) for name, t in trainer._mraa.state_dict().items())


def test_stretches_are_a_function_of_seed_and_step(weights: Path):
    trainer = AvdTrainer(recipe_of(weights), Fabric(accelerator="cpu"), 4)
    factors = trainer._factors(500)
    assert factors.shape == (500, 2) and torch.equal(factors, trainer._factors(500))
    assert 0.75 <= factors.min() < 0.76 and 1.24 < factors.max() <= 1.25
    trainer.step = 1
    assert not torch.equal(factors, trainer._factors(500))


def test_validation_measures_places(weights: Path):
    trainer = AvdTrainer(recipe_of(weights), Fabric(accelerator="cpu"), 4)
    batches = trainer.draw_held_out(moved_faces())
    said = trainer.validate(batches)
    assert said.keys() == {"shift", "affine", "shift_left"}
    # A new network's places are near the centre, far from where the regions are.
    assert said["shift_left"] > 1
    sheet = trainer.sample_sheet(batches[0])
    assert sheet.shape == (len(batches[0].source) * SIZE, 3 * SIZE, 3)


@pytest.mark.parametrize("prior", ["awp", "none"])
def test_a_run_is_resumed_exported_and_read(tmp_path: Path, prior: str):
    folder = motion_weights(tmp_path / "mraa", "mraa", prior=prior)
    recipe, faces = recipe_of(folder), moved_faces().split(0.25)
    learn(AvdTrainer, recipe, *faces, tmp_path / "whole", options=CPU)
    stopped = replace(CPU, minutes=1e-7)
    learn(AvdTrainer, recipe, *faces, tmp_path / "cut", options=stopped)
    learn(AvdTrainer, recipe, *faces, tmp_path / "cut", resume=True, options=CPU)
    whole, cut = (newest_checkpoint(tmp_path / run) for run in ("whole", "cut"))
    assert whole is not None and cut is not None and whole.state == cut.state
    assert all(torch.equal(tensor, cut.tensors[name]) for name, tensor in whole.tensors.items())

    export_run(tmp_path / "whole", tmp_path / "w")
    card = load_weights(tmp_path / "w", "avd").card
    assert card.recipe["mraa"] == "mraa" and "shift_left" in card.metrics
    net = load_avd(tmp_path / "w", recipe.regions)
    own = whole.part("net")["pose.0.weight"]
    torch.testing.assert_close(net.pose[0].weight, own.half().float())
    learn(AvdTrainer, recipe, *faces, tmp_path / "more", init=tmp_path / "w", options=CPU)


def test_other_weights_of_mraa_are_refused(weights: Path):
    recipe = recipe_of(weights)
    motion_weights(weights, "mraa", prior="awp", root="symmetric", motion_width=2)
    with pytest.raises(UsageError, match="the weights of MRAA with which the recipe was made"):
        AvdTrainer(recipe, Fabric(accelerator="cpu"), 1)


def test_faces_of_another_size_are_refused(weights: Path, tmp_path: Path):
    recipe = recipe_of(weights)
    large = replace(recipe, regions=replace(recipe.regions, image_px=64))
    with pytest.raises(UsageError, match="64 px"):
        learn(AvdTrainer, large, *moved_faces().split(0.25), tmp_path / "r", options=CPU)
