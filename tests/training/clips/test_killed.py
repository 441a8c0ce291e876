"""A training run on clips that is killed outright goes on as if nothing had happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from mien.cli.main import main
from mien.training.core.checkpoint import newest_checkpoint
from tests.training.clips.test_true_layouts import SIZE, SMALL_GAN, casme2

STEPS, SAVE_EVERY = 80, 4
SECONDS = 120
"""More than the start of a process takes on a busy computer."""


@pytest.mark.subprocess
def test_a_killed_run_ends_with_the_weights_of_one_that_was_not(
    moving_face: tuple[np.ndarray, ...], tmp_path: Path
) -> None:
    casme2(tmp_path / "CASME2", moving_face)
    made = ("--clips", f"casme2:{tmp_path / 'CASME2'}", "--crop", "published", "--size", SIZE)
    command("train", "faces", *made, "--out", tmp_path / "set")
    small = [f"--set={change}" for change in SMALL_GAN]
    often = ("--accelerator", "cpu", "--save-every", SAVE_EVERY)
    asked = ("--data", tmp_path / "set", "--recipe", "published", *small, "--steps", STEPS, *often)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    command("train", "ulme-gan", *asked, "--out", whole)

    words = [str(word) for word in ("train", "ulme-gan", *asked, "--out", cut)]
    killed = subprocess.Popen(
        [sys.executable, "-m", "mien", *words],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + SECONDS
        while not list((cut / "checkpoints").glob("step-*")):
            assert killed.poll() is None and time.monotonic() < until
            time.sleep(0.005)
    finally:
        killed.kill()
    assert killed.wait(SECONDS) == -signal.SIGKILL
    left = newest_checkpoint(cut)
    assert left is not None and SAVE_EVERY <= left.state["step"] < STEPS
    command("train", "ulme-gan", "--data", tmp_path / "set", "--resume", *often, "--out", cut)

    one, other = (newest_checkpoint(run) for run in (whole, cut))
    assert one is not None and other is not None and one.state["step"] == STEPS
    assert one.state == other.state and one.tensors.keys() == other.tensors.keys()
    for name, tensor in one.tensors.items():
        assert torch.equal(tensor, other.tensors[name]), name
    # It did learn: the weights that were saved at the kill are others.
    names = [name for name in one.tensors if name.startswith(("generator.", "critic."))]
    assert any(not torch.equal(one.tensors[name], left.tensors[name]) for name in names)


def command(*words: object) -> None:
    assert main([str(word) for word in words]) == 0
