"""What all trainers share: precision of updates, checkpoints and first weights."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch
from lightning_fabric import Fabric

from mien.errors import UsageError
from mien.models.patch_discriminator import PatchDiscriminator, PatchDiscriminatorConfig
from mien.training.core.base_trainer import BaseTrainer
from mien.training.core.checkpoint import Checkpoint, save_checkpoint
from mien.training.core.schedule import learning_rate
from mien.training.motion.recipe import MotionRecipe
from mien.training.motion.recipes import FOMM_RECIPES
from mien.training.motion.steps import critic_loss, motion_losses
from mien.training.motion.trainer import MotionTrainer
from mien.training.ulme_gan.trainer import UlmeGanTrainer
from tests.training.conftest import faces_of
from tests.training.motion.conftest import TINY, moved_faces, recipe_of


def fabric(precision: str = "32-true") -> Fabric:
    return Fabric(accelerator="cpu", devices=1, precision=precision)


class SmallMotionTrainer(MotionTrainer):
    """A critic that takes pictures of 32 px, which the published one does not."""

    @staticmethod
    def build_critic(recipe: MotionRecipe) -> PatchDiscriminator:
        return PatchDiscriminator(
            PatchDiscriminatorConfig(image_px=recipe.image_px, width=2, max_width=8, blocks=2)
        )


def motion_trainer(precision: str = "32-true", **changes: object) -> SmallMotionTrainer:
    """FOMM's published recipe, tiny, without VGG's weights: with a critic and equivariance."""
    recipe = FOMM_RECIPES["published"]
    small = replace(
        recipe,
        network=replace(recipe.network, **TINY),
        weights=replace(recipe.weights, perceptual=0.0, pixels=1.0),
        batch_size=2,
        precision=precision,
        **changes,
    )
    return SmallMotionTrainer(small, fabric(precision), 10)


@pytest.fixture(params=["ulme-gan", "fomm"])
def adversarial(request, published):
    """A trainer with a critic in mixed precision, and a batch; its first step updates both."""
    if request.param == "fomm":
        trainer = motion_trainer("bf16-mixed", ema_decay=0.9)
        return trainer, trainer.draw(trainer.recipe, moved_faces(), 0)
    recipe = replace(published, critic_steps=1, ema_decay=0.9, precision="bf16-mixed")
    made = UlmeGanTrainer(recipe, fabric("bf16-mixed"), 10)
    return made, made.draw(made.recipe, faces_of(1), 0)


def test_the_backward_pass_is_outside_autocast(adversarial: tuple[BaseTrainer, object]):
    trainer, batch = adversarial
    seen: dict[str, set[bool]] = {"net": set(), "critic": set()}

    def watch(name: str, module: torch.nn.Module) -> None:
        for parameter in module.parameters():
            parameter.register_hook(lambda _: seen[name].add(torch.is_autocast_enabled("cpu")))

    watch("net", trainer.net)
    watch("critic", trainer.critic)
    trainer.learn(batch)
    assert seen == {"net": {False}, "critic": {False}}


def test_a_step_in_float32_is_the_plain_one():
    """The same weights, bit for bit, as two optimisers without Fabric and without a trainer."""
    trainer = motion_trainer(max_gradient_norm=1.0)
    batch = trainer.draw(trainer.recipe, moved_faces(), 0)
    recipe, deformation = trainer.recipe, trainer._deformation(batch)
    net, critic = copy.deepcopy(trainer.net).train(), copy.deepcopy(trainer.critic)
    rate = learning_rate(recipe, 0, 10)
    adams = [
        torch.optim.Adam(m.parameters(), rate, (recipe.beta1, recipe.beta2)) for m in (net, critic)
    ]
    losses = trainer.learn(batch)

    critic.requires_grad_(False)
    terms, images = motion_losses(
        recipe, net, batch, painted=True, critic=critic, deformation=deformation
    )
    terms["total"].backward()
    critic.requires_grad_(True)
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    adams[0].step()
    judged = critic_loss(critic, images, batch.driving)["total"]
    judged.backward()
    torch.nn.utils.clip_grad_norm_(critic.parameters(), 1.0)
    adams[1].step()

    assert losses.keys() == {f"net/{name}" for name in terms} | {"critic/total"}
    assert losses["net/total"] == terms["total"] and losses["critic/total"] == judged
    for own, plain in ((trainer.net, net), (trainer.critic, critic)):
        wanted = plain.state_dict()
        assert all(torch.equal(t, wanted[name]) for name, t in own.state_dict().items())


def test_the_names_in_checkpoints_stay(adversarial: tuple[BaseTrainer, object]):
    """Runs that were saved before must stay readable."""
    trainer, batch = adversarial
    trainer.learn(batch)
    saved = trainer.checkpoint({"total_steps": 10})
    own = "generator" if isinstance(trainer, UlmeGanTrainer) else "net"
    parts = {name.split(".")[0] for name in saved.tensors}
    assert parts == {own, f"{own}_adam", "mean", "critic", "critic_adam"}
    assert saved.part(f"{own}_adam").keys() >= {"0.step", "0.exp_avg", "0.exp_avg_sq"}
    assert saved.part(own).keys() == trainer.net.state_dict().keys()
    assert saved.part("mean").keys() == trainer.net.state_dict().keys()
    assert saved.state == {"step": 1, "recipe": trainer.recipe.to_json(), "total_steps": 10}


def test_a_restored_trainer_learns_the_same(adversarial: tuple[BaseTrainer, object]):
    trainer, batch = adversarial
    trainer.learn(batch)
    saved = trainer.checkpoint({})
    again = type(trainer)(trainer.recipe, trainer.fabric, trainer.total_steps)
    again.restore(Checkpoint({n: t.clone() for n, t in saved.tensors.items()}, saved.state))
    assert again.step == 1
    trainer.learn(batch), again.learn(batch)
    one, other = trainer.checkpoint({}).tensors, again.checkpoint({}).tensors
    assert all(torch.equal(tensor, other[name]) for name, tensor in one.items())


def test_a_run_can_start_from_another_with_its_critic(
    adversarial: tuple[BaseTrainer, object], tmp_path
):
    trainer, batch = adversarial
    trainer.learn(batch)
    save_checkpoint(tmp_path, trainer.checkpoint({}))
    other = type(trainer)(replace(trainer.recipe, seed=1), trainer.fabric, 10)
    other.begin_with(tmp_path)
    assert other.step == 0
    kept, critic = trainer.kept.state_dict(), trainer.critic.state_dict()
    for module, wanted in ((other.net, kept), (other.mean, kept), (other.critic, critic)):
        assert all(torch.equal(t, wanted[name]) for name, t in module.state_dict().items())


def test_a_run_of_another_network_is_no_start(ours, tmp_path):
    fomm = MotionTrainer(recipe_of("fomm-none"), fabric(), 4)
    mraa = MotionTrainer(recipe_of("mraa-none"), fabric(), 4)
    gan = UlmeGanTrainer(ours, fabric(), 4)
    for source, others in ((fomm, (mraa, gan)), (gan, (fomm, mraa))):
        folder = tmp_path / source.recipe.architecture
        save_checkpoint(folder, source.checkpoint({}))
        for other in others:
            with pytest.raises(UsageError, match=f"expected a run of {other.recipe.architecture}"):
                other.begin_with(folder)


def test_the_kept_network_is_the_mean(ours):
    with_mean = UlmeGanTrainer(ours, fabric(), 4)
    assert with_mean.kept is with_mean.mean is not with_mean.net
    without = UlmeGanTrainer(replace(ours, ema_decay=0.0), fabric(), 4)
    assert without.kept is without.net and without.mean is None
    assert without.parameter_count() == sum(p.numel() for p in without.net.parameters())
