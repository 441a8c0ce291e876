from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from mien.errors import OutputError, UsageError
from mien.io.images import read_image
from mien.io.used_folder import used_folder
from mien.training.core.checkpoint import newest_checkpoint
from mien.training.core.run_options import RunOptions
from mien.training.core.start_or_resume import train as learn
from mien.training.ulme_gan.batches import make_batch
from mien.training.ulme_gan.recipe import OURS
from mien.training.ulme_gan.trainer import UlmeGanTrainer
from tests.training.conftest import AUS, faces_of

CPU = RunOptions(accelerator="cpu", log_every=1, validate_every=4, save_every=2)


def lines(run: Path, kind: str) -> list[dict]:
    read = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return [line for line in read if line["kind"] == kind]


def assert_same_state(one: Path, other: Path) -> None:
    first, second = newest_checkpoint(one), newest_checkpoint(other)
    assert first is not None and second is not None
    assert first.state["step"] == second.state["step"]
    assert first.tensors.keys() == second.tensors.keys()
    differ = [n for n, t in first.tensors.items() if not torch.equal(t, second.tensors[n])]
    assert differ == []


class Killed(Exception):
    """Stands for what takes a process away between two checkpoints."""


@pytest.mark.parametrize("kind", ["ours", "published"])
def test_a_killed_run_goes_on_exactly(kind, request, pairs, singles, tmp_path):
    recipe = request.getfixturevalue(kind)
    if kind == "published":
        recipe = replace(recipe, ema_decay=0.9)
    train, held_out = pairs if kind == "ours" else singles

    def kill(done: int, total: int) -> None:
        if done == 5:
            raise Killed

    learn(UlmeGanTrainer, recipe, train, held_out, tmp_path / "whole", options=CPU)
    with pytest.raises(Killed):
        learn(UlmeGanTrainer, recipe, train, held_out, tmp_path / "cut", options=CPU, on_step=kill)
    left = newest_checkpoint(tmp_path / "cut")
    assert left is not None and left.state["step"] == 4
    result = learn(
        UlmeGanTrainer, recipe, train, held_out, tmp_path / "cut", resume=True, options=CPU
    )
    assert (result.step, result.stopped) == (6, "finished")
    assert_same_state(tmp_path / "whole", tmp_path / "cut")
    # No step is logged twice: the resumed run replaces what the killed run logged of step 5.
    told, again = (lines(tmp_path / name, "train") for name in ("whole", "cut"))
    assert told == again and [line["step"] for line in told] == [1, 2, 3, 4, 5, 6]


def test_published_trains_the_critic_always_and_the_generator_at_times(
    published, singles, tmp_path
):
    run = tmp_path / "run"
    result = learn(UlmeGanTrainer, replace(published, steps=4), *singles, run, options=CPU)
    told = lines(run, "train")
    names = [
        {"critic/au", "critic/distance", "critic/penalty", "critic/total"} <= set(line)
        for line in told
    ]
    assert names == [True] * 4
    assert ["generator/total" in line for line in told] == [True, False, True, False]
    line = told[2]
    assert line["generator/total"] == pytest.approx(
        line["generator/adversarial"] + 160 * line["generator/au"] + 10 * line["generator/cycle"],
        rel=1e-5,
    )
    assert line["critic/total"] == pytest.approx(
        line["critic/distance"] + 10 * line["critic/penalty"] + 160 * line["critic/au"], rel=1e-5
    )
    assert np.isfinite(list(result.validation.values())).all()
    checkpoint = newest_checkpoint(run)
    assert checkpoint is not None and not checkpoint.part("mean")  # the paper keeps no mean
    assert checkpoint.part("critic")["au_head.weight"].shape[0] == 17


def test_without_its_losses_no_critic_is_built(ours):
    assert UlmeGanTrainer(ours, Fabric(accelerator="cpu", devices=1), 6).critic is None


def test_the_generator_learns_nothing_from_the_critics_step(published, singles):
    fabric = Fabric(accelerator="cpu", devices=1)
    trainer = UlmeGanTrainer(replace(published, critic_steps=2), fabric, 6)
    before = {n: t.clone() for n, t in trainer.net.state_dict().items()}
    critic = {n: t.clone() for n, t in trainer.critic.state_dict().items()}
    batch = make_batch(singles[0], published.generator.aus, batch_size=3, seed=0, step=0)
    trainer.step = 1  # the second of two steps: the critic's alone
    trainer.learn(batch)
    assert all(torch.equal(before[n], t) for n, t in trainer.net.state_dict().items())
    assert any(not torch.equal(critic[n], t) for n, t in trainer.critic.state_dict().items())
    critic = {n: t.clone() for n, t in trainer.critic.state_dict().items()}
    trainer.learn(batch)
    assert any(not torch.equal(before[n], t) for n, t in trainer.net.state_dict().items())


def test_one_batch_can_be_learned_by_heart(ours, pairs):
    # Narrow, so the picture's change, not its texture, is what it has to learn.
    recipe = replace(
        ours,
        generator=replace(ours.generator, width=8),
        learning_rate=3e-3,
        warmup_steps=1,
        decay_from=0.7,
        batch_size=4,
    )
    trainer = UlmeGanTrainer(recipe, Fabric(accelerator="cpu", devices=1), 300)
    batch = make_batch(pairs[0], AUS, batch_size=4, seed=3, step=0)
    assert batch.targets is not None
    distance = (batch.targets - batch.images).abs().mean()
    for _ in range(300):
        trainer.learn(batch)
    with torch.no_grad():
        made = trainer.generate(batch.images, batch.wanted - batch.own).images
    # A generator that does nothing leaves all of it.
    assert (made - batch.targets).abs().mean() < 0.35 * distance


def test_what_a_run_leaves(ours, pairs, tmp_path):
    run = tmp_path / "run"
    result = learn(UlmeGanTrainer, ours, *pairs, run, options=CPU)
    assert json.loads((run / "recipe.json").read_text()) == json.loads(json.dumps(ours.to_json()))
    assert [line["step"] for line in lines(run, "validation")] == [4, 6]
    assert result.validation == {
        n: v for n, v in lines(run, "validation")[-1].items() if n not in ("kind", "step")
    }
    # six columns (portrait, wanted, output, attention and two changes) of 16 px
    held_out = min(len(pairs[1]), 3)
    assert read_image(run / "samples" / "step-00000006.png").shape == (16 * held_out, 96, 3)
    assert sorted(f.name for f in (run / "checkpoints").iterdir()) == [
        "step-00000004",
        "step-00000006",
    ]
    assert list((run / "tensorboard").glob("events*"))
    assert not [file for file in run.rglob("*") if file.suffix in (".pt", ".pth", ".ckpt", ".pkl")]


def test_a_run_in_use_is_refused_and_what_a_killed_one_left_goes(ours, pairs, tmp_path):
    run = tmp_path / "run"
    with used_folder(run), pytest.raises(OutputError, match="another process is writing to"):
        learn(UlmeGanTrainer, ours, *pairs, run, options=CPU)
    left = [run / ".recipe.json.0123abcd.part", run / "checkpoints" / ".step-1.0123abcd.part"]
    for folder in left:
        folder.mkdir(parents=True)
    learn(UlmeGanTrainer, ours, *pairs, run, options=CPU)
    assert not any(folder.exists() for folder in left)


def test_a_signal_saves_and_ends_in_good_order(ours, pairs, tmp_path):
    def stop(done: int, total: int) -> None:
        if done == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    handler = signal.getsignal(signal.SIGTERM)
    result = learn(UlmeGanTrainer, ours, *pairs, tmp_path / "run", options=CPU, on_step=stop)
    assert (result.step, result.stopped) == (3, "signal")
    assert signal.getsignal(signal.SIGTERM) is handler
    learn(UlmeGanTrainer, ours, *pairs, tmp_path / "run", resume=True, options=CPU)
    learn(UlmeGanTrainer, ours, *pairs, tmp_path / "whole", options=CPU)
    assert_same_state(tmp_path / "whole", tmp_path / "run")


def test_minutes_end_a_run(ours, pairs, tmp_path):
    result = learn(UlmeGanTrainer, ours, *pairs, tmp_path, options=replace(CPU, minutes=1e-6))
    assert (result.step, result.stopped) == (1, "minutes")
    left = newest_checkpoint(tmp_path)
    assert left is not None and left.state["validation"]["left_share"] > 0


def test_transfer_learning_begins_with_another_runs_weights(ours, pairs, tmp_path):
    learn(UlmeGanTrainer, ours, *pairs, tmp_path / "first", options=CPU)
    first = newest_checkpoint(tmp_path / "first")
    trainer = UlmeGanTrainer(ours, Fabric(accelerator="cpu", devices=1), 6)
    trainer.begin_with(tmp_path / "first")
    assert first is not None
    for name, tensor in trainer.net.state_dict().items():
        assert torch.equal(tensor, first.part("mean")[name])
    wider = replace(ours, generator=replace(ours.generator, width=8))
    with pytest.raises(UsageError, match="another width: set"):
        learn(UlmeGanTrainer, wider, *pairs, tmp_path / "x", init=tmp_path / "first", options=CPU)


def test_the_faces_aus_go_by_name(ours, pairs, tmp_path):
    """A set whose AUs stand in another order trains the very same network."""
    order = np.random.default_rng(1).permutation(len(pairs[0].au_names))
    shuffled = [
        replace(f, aus=f.aus[..., order], au_names=tuple(f.au_names[i] for i in order))
        for f in pairs
    ]
    short = replace(ours, steps=2)
    learn(UlmeGanTrainer, short, *pairs, tmp_path / "one", options=CPU)
    learn(UlmeGanTrainer, short, *shuffled, tmp_path / "other", options=CPU)
    assert_same_state(tmp_path / "one", tmp_path / "other")


def test_faces_that_do_not_fit(ours, published, pairs, singles, tmp_path):
    def refused(recipe, faces, match, **more):
        with pytest.raises(UsageError, match=match):
            learn(UlmeGanTrainer, recipe, *faces, tmp_path / "x", options=CPU, **more)

    refused(ours, singles, "face set with pairs")
    refused(OURS, pairs, "expected faces of 128 px, got 16")
    few = [replace(f, aus=f.aus[..., :4].copy(), au_names=f.au_names[:4]) for f in pairs]
    refused(ours, few, "without AU4L AU4R AU12L AU12R AU26")
    refused(ours, pairs, "leave out --resume", resume=True)
    assert not (tmp_path / "x").exists()
    learn(UlmeGanTrainer, replace(ours, steps=1), *pairs, tmp_path / "x", options=CPU)
    refused(ours, pairs, "already holds a run")
    refused(ours, pairs, "expected the recipe that the run", resume=True)


def test_a_run_is_not_resumed_with_other_faces(ours, pairs, tmp_path):
    learn(UlmeGanTrainer, ours, *pairs, tmp_path / "run", options=replace(CPU, minutes=1e-6))
    images = pairs[0].images.copy()
    images[pairs[0].rows[0], 0, 0, 0] ^= 1
    others = {
        "pixels": (replace(pairs[0], images=images), pairs[1]),
        "people": faces_of(3, seed=1).split(0.25),
        "number": faces_of(3, count=20).split(0.25),
        "held out": (pairs[0], replace(pairs[1], rows=pairs[1].rows[1:])),
        "sides": pairs[::-1],
    }
    for name, faces in others.items():
        with pytest.raises(
            UsageError, match=r"expected the faces that the run .* kind rig, fingerprint"
        ):
            learn(UlmeGanTrainer, ours, *faces, tmp_path / "run", resume=True, options=CPU)
            pytest.fail(name)
    again = faces_of(3).split(0.25)  # the same content from another place
    result = learn(UlmeGanTrainer, ours, *again, tmp_path / "run", resume=True, options=CPU)
    assert result.step == 6


def edit_state(run: Path, **changes: object) -> None:
    """Change the newest checkpoint's facts; None removes one."""
    file = max(run.glob("checkpoints/*/state.json"))
    state = json.loads(file.read_text()) | changes
    file.write_text(json.dumps({n: v for n, v in state.items() if v is not None}))


@pytest.mark.parametrize("length", [{"steps": 6}, {"steps": None, "epochs": 1}])
def test_a_run_is_not_resumed_on_another_number_of_devices(ours, pairs, tmp_path, length):
    recipe, run = replace(ours, **length), tmp_path / "run"
    learn(UlmeGanTrainer, recipe, *pairs, run, options=replace(CPU, minutes=1e-6))
    edit_state(run, devices=2)
    with pytest.raises(UsageError, match=r"expected 2 devices, .*, got 1: set --devices"):
        learn(UlmeGanTrainer, recipe, *pairs, run, resume=True, options=CPU)


def test_a_checkpoint_of_before_fingerprints_is_resumed(ours, pairs, tmp_path):
    learn(UlmeGanTrainer, ours, *pairs, tmp_path, options=replace(CPU, minutes=1e-6))
    state = newest_checkpoint(tmp_path).state
    old = {n: v for n, v in state["faces"].items() if n != "fingerprint"}
    edit_state(tmp_path, faces=old, devices=None, total_steps=7)
    with pytest.raises(UsageError, match=r"expected a run of 7 steps, .* got 6: epochs have fewer"):
        learn(UlmeGanTrainer, ours, *pairs, tmp_path, resume=True, options=CPU)
    edit_state(tmp_path, total_steps=6)
    with pytest.raises(UsageError, match="expected the faces that the run"):
        few = faces_of(3, count=20).split(0.25)
        learn(UlmeGanTrainer, ours, *few, tmp_path, resume=True, options=CPU)
    result = learn(UlmeGanTrainer, ours, *pairs, tmp_path, resume=True, options=CPU)
    assert result.step == 6


@pytest.mark.parametrize("wrong", [{"devices": 0}, {"minutes": 0.0}, {"save_every": 0}])
def test_wrong_options(wrong):
    with pytest.raises(UsageError, match="expected"):
        RunOptions(**wrong)


def test_bfloat16_keeps_weights_and_output_in_float32(ours, pairs, tmp_path):
    recipe = replace(ours, steps=2, precision="bf16-mixed")
    result = learn(UlmeGanTrainer, recipe, *pairs, tmp_path, options=CPU)
    left = newest_checkpoint(tmp_path)
    assert left is not None
    assert {t.dtype for t in left.tensors.values()} == {torch.float32}
    assert np.isfinite(list(result.validation.values())).all()
