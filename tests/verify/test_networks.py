"""Faults in weights, checkpoints and face sets."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from mien.engines.weights import load_weights, save_weights
from mien.errors import UsageError, WeightsError
from mien.training.faces.face_set_writer import write_face_set
from mien.verify import verify
from tests.engines.test_weights import CARD

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers(tmp_path: Path, value: float) -> None:
    """As a training that diverged leaves them: their hash is right."""
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "weights"
    save_weights(folder, {"stem.weight": torch.ones(3, 4)}, CARD)
    assert verify(folder).problems == []
    (shard,) = folder.glob("*.safetensors")
    tensors = load_file(shard)
    tensors["stem.weight"][1, 2] = value
    save_file(tensors, shard)
    assert "does not match its card" in str(verify(folder).problems[0])
    card = json.loads((folder / "card.json").read_text())
    card["shards"] = {shard.name: hashlib.sha256(shard.read_bytes()).hexdigest()}
    (folder / "card.json").write_text(json.dumps(card))
    said = "got NaN or infinite values in stem.weight"
    with pytest.raises(WeightsError, match=said):
        load_weights(folder, CARD.architecture)
    assert said in str(verify(folder).problems[0])


def test_a_checkpoint_that_is_no_numbers(tmp_path: Path) -> None:
    from mien.training.core.checkpoint import Checkpoint, newest_checkpoint, save_checkpoint

    (tmp_path / "recipe.json").write_text("{}")
    assert "has no checkpoint" in str(verify(tmp_path).problems[0])
    save_checkpoint(tmp_path, Checkpoint({"net.weight": torch.ones(2)}, {"step": 1}))
    assert verify(tmp_path).problems == []
    save_checkpoint(tmp_path, Checkpoint({"net.weight": torch.full((2,), torch.nan)}, {"step": 2}))
    with pytest.raises(UsageError, match=r"net\.weight has values that are NaN or infinite"):
        newest_checkpoint(tmp_path)
    assert len(verify(tmp_path).problems) == 1


def test_a_face_set_cut_short(tmp_path: Path) -> None:
    from mien.au.catalog import RIG_NAMES

    folder = tmp_path / "faces"
    with write_face_set(folder, views=1, size=32, facts={"kind": "still"}) as writer:
        writer.add("ann", np.zeros((1, 32, 32, 3), np.uint8), np.zeros((1, len(RIG_NAMES))))
    assert verify(folder).problems == []
    images = folder / "images.uint8"
    images.write_bytes(images.read_bytes()[:-1])
    assert "is damaged" in str(verify(folder).problems[0])


def test_notes_in_a_face_set_stay(tmp_path: Path) -> None:
    from mien.training.faces.face_set import is_own_face_set

    for name in ("faces.json", "images.uint8", "motion_field.npy"):
        (tmp_path / name).touch()
    assert is_own_face_set(tmp_path)
    (tmp_path / "notes.txt").touch()
    assert not is_own_face_set(tmp_path)
