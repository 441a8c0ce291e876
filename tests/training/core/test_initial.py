from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mien.errors import UsageError, WeightsError
from mien.training.core.checkpoint import Checkpoint, save_checkpoint
from mien.training.core.initial import check_same_config, initial_weights

STATE = {"step": 3, "recipe": {"network": {"points": 4}, "architecture": "fomm"}}


def run_at(folder: Path, *parts: str, state: dict = STATE) -> Path:
    tensors = {f"{part}.weight": torch.full((1,), float(n)) for n, part in enumerate(parts)}
    save_checkpoint(folder, Checkpoint(tensors, state))
    return folder


def test_the_mean_comes_before_the_network(tmp_path: Path):
    found = initial_weights(run_at(tmp_path, "net", "mean", "critic"), "fomm", "net", "network")
    assert found.config == {"points": 4}
    assert (found.net["weight"].item(), found.critic["weight"].item()) == (1, 2)


def test_a_run_without_mean_and_critic(tmp_path: Path):
    found = initial_weights(run_at(tmp_path, "net"), "fomm", "net", "network")
    assert found.net["weight"].item() == 0 and found.critic == {}


def test_neither_a_run_nor_weights(tmp_path: Path):
    with pytest.raises(WeightsError, match=r"card\.json"):
        initial_weights(tmp_path, "fomm", "net", "network")


@pytest.mark.parametrize(
    "recipe", [{"network": {}, "architecture": "mraa"}, {"generator": {}}], ids=["mraa", "ulme-gan"]
)
def test_a_run_of_another_network(recipe: dict, tmp_path: Path):
    run_at(tmp_path, "net", state={"step": 3, "recipe": recipe})
    with pytest.raises(UsageError, match="expected a run of fomm to start from"):
        initial_weights(tmp_path, "fomm", "net", "network")


def test_a_tuple_equals_the_list_that_json_makes_of_it():
    wanted = {"aus": ("AU4", "AU12"), "width": 8}
    check_same_config(Path("w"), {"aus": ["AU4", "AU12"], "width": 8}, wanted, "generator")
    with pytest.raises(UsageError, match=r"another aus and width: set generator\.aus to theirs"):
        check_same_config(Path("w"), {"aus": ["AU12", "AU4"]}, wanted, "generator")


def test_weights_of_another_square_can_be_fine_tuned():
    check_same_config(Path("w"), {"square_cm": 20}, {"square_cm": 13.5}, "generator")
