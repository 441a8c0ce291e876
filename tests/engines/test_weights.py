from __future__ import annotations

import json
import pickle
import re
from dataclasses import replace

import pytest

from mien.engines import weights as module
from mien.engines.weights import load_weights, read_card, save_weights
from mien.engines.weights_card import WeightsCard
from mien.errors import MissingExtraError, OutputError, WeightsError
from mien.install import install_command

torch = pytest.importorskip("torch")

CARD = WeightsCard(
    architecture="ulme-gan",
    config={"width": 4, "aus": ["AU4L", "AU12"]},
    aus=("AU4L", "AU12"),
    crop="a square",
    training_data="noise",
    recipe={"steps": 3},
    metrics={"left_share": 0.25},
    commit="0123abc",
)


@pytest.fixture
def tensors() -> dict[str, torch.Tensor]:
    rng = torch.Generator().manual_seed(0)
    return {f"layer{n}.weight": torch.randn(40, 50, generator=rng) for n in range(5)}


@pytest.fixture
def folder(tmp_path, tensors, monkeypatch):
    """Weights in three shards: two tensors of 4,000 bytes each in the first two."""
    monkeypatch.setattr(module, "MAX_SHARD_BYTES", 8_500)
    save_weights(tmp_path / "weights", tensors, CARD)
    return tmp_path / "weights"


def rewrite(folder, **changes):
    path = folder / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def refused(folder, *, architecture: str = "ulme-gan") -> str:
    with pytest.raises(WeightsError) as caught:
        load_weights(folder, architecture)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_there_and_back(folder, tensors):
    read = load_weights(folder, "ulme-gan")
    assert read.tensors.keys() == tensors.keys()
    for name, tensor in read.tensors.items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, tensors[name].half().float())
    assert replace(read.card, shards={}) == CARD
    assert read.config["width"] == 4


def test_what_is_written(folder):
    assert sorted(file.name for file in folder.iterdir()) == [
        "README.md",
        "card.json",
        *(f"model-0000{n}-of-00003.safetensors" for n in (1, 2, 3)),
        "model.safetensors.index.json",
    ]
    text = (folder / "README.md").read_text()
    for part in (
        "AU4L AU12",
        "noise",
        "a square",
        "0123abc",
        "| left_share | 0.25 |",
        "- Licence: not stated",
    ):
        assert part in text


def test_the_index_says_which_file_holds_which_tensor(folder, tensors):
    index = json.loads((folder / "model.safetensors.index.json").read_text())
    assert index["metadata"]["total_size"] == 5 * 4_000
    files = [f"model-0000{n}-of-00003.safetensors" for n in (1, 1, 2, 2, 3)]
    assert index["weight_map"] == dict(zip(tensors, files, strict=True))


def test_a_tensor_larger_than_the_limit_has_a_file_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_SHARD_BYTES", 8_500)
    tensors = {"a": torch.zeros(10), "b": torch.ones(5_000), "c": torch.zeros(10)}
    card = save_weights(tmp_path / "w", tensors, CARD)
    assert len(card.shards) == 3
    assert load_weights(tmp_path / "w", "ulme-gan").tensors["b"].sum() == 5_000


def test_one_file_needs_no_index_and_may_keep_float32(tmp_path, tensors):
    save_weights(tmp_path / "w", tensors, CARD, half=False)
    assert [file.name for file in sorted((tmp_path / "w").glob("model*"))] == [
        "model-00001-of-00001.safetensors"
    ]
    read = load_weights(tmp_path / "w", "ulme-gan").tensors
    assert all(torch.equal(read[name], tensor) for name, tensor in tensors.items())


def test_weights_have_the_permissions_of_any_new_file(tmp_path, tensors):
    """Others on the same machine, such as the nodes of a cluster, may have to read them."""
    save_weights(tmp_path / "w", tensors, CARD)
    (tmp_path / "any").write_text("")
    modes = {file.stat().st_mode for file in [*(tmp_path / "w").iterdir(), tmp_path / "any"]}
    assert len(modes) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_interrupted_weights_leave_nothing(tmp_path, tensors, monkeypatch, error):
    """The old weights stay whole, and no half-written folder stands beside them."""
    monkeypatch.setattr(module, "MAX_SHARD_BYTES", 8_500)
    save_weights(tmp_path / "w", tensors, CARD)
    write_tensors = module.write_tensors

    def stopping(path, shard):
        if "00002" in path.name:
            raise error
        write_tensors(path, shard)

    monkeypatch.setattr(module, "write_tensors", stopping)
    with pytest.raises((KeyboardInterrupt, OutputError)):
        save_weights(tmp_path / "w", {k: t + 1 for k, t in tensors.items()}, CARD)
    assert [file.name for file in tmp_path.iterdir()] == ["w"]
    read = load_weights(tmp_path / "w", "ulme-gan").tensors
    assert torch.equal(read["layer4.weight"], tensors["layer4.weight"].half().float())
    with pytest.raises((KeyboardInterrupt, OutputError)):
        save_weights(tmp_path / "new", tensors, CARD)
    assert [file.name for file in tmp_path.iterdir()] == ["w"]


def test_files_that_come_with_mien_are_small():
    from importlib.resources import files
    from pathlib import Path

    shipped = list(Path(str(files("mien") / "assets")).glob("*/*.safetensors"))
    assert len(shipped) >= 5 and max(file.stat().st_size for file in shipped) < 15_000_000


def test_another_architecture(folder):
    said = refused(folder, architecture="fomm")
    assert said.startswith("expected weights of fomm, got") and "ulme-gan" in said


def test_a_truncated_shard(folder):
    shard = folder / "model-00002-of-00003.safetensors"
    shard.write_bytes(shard.read_bytes()[:-1])
    assert "model-00002-of-00003.safetensors" in refused(folder)


def test_an_altered_shard(folder):
    shard = folder / "model-00003-of-00003.safetensors"
    data = bytearray(shard.read_bytes())
    data[-1] ^= 1
    shard.write_bytes(data)
    assert "cut short or altered" in refused(folder)


def test_a_missing_shard(folder):
    (folder / "model-00001-of-00003.safetensors").unlink()
    assert "no readable model-00001-of-00003.safetensors" in refused(folder)


class Explosive:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was read",))


@pytest.mark.parametrize("name", ["model.pt", "model.PTH", "model.ckpt", "model.bin"])
def test_a_pickle_is_refused_unread(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(pickle.dumps(Explosive()))
    for given in (path, tmp_path):
        said = refused(given)
        assert "a pickle can run any program" in said and name in said


def test_a_pickle_that_calls_itself_a_shard(folder):
    import hashlib

    data = pickle.dumps(Explosive())
    name = "model-00001-of-00003.safetensors"
    (folder / name).write_bytes(data)
    rewrite(folder, shards={name: hashlib.sha256(data).hexdigest()})
    assert "not a safetensors file" in refused(folder)


def test_no_card(folder, tmp_path):
    (folder / "card.json").unlink()
    assert "card.json" in refused(folder)
    assert "card.json" in refused(tmp_path / "nowhere")


def test_a_damaged_card(folder):
    (folder / "card.json").write_text("{")
    assert "it is not JSON" in refused(folder)
    (folder / "card.json").write_text("[]")
    assert "expected a card with the fields of Mien's cards" in refused(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"aus": ["AU4L", "AU99"]}, "AU99"),
        ({"aus": ["AU4", "au04"]}, "different AUs"),
        ({"aus": "AU4"}, "expected aus in the card as list"),
        ({"architecture": 3}, "expected architecture in the card as str"),
        ({"shards": {}}, "names no files"),
        ({"shards": {"../model-00001-of-00001.safetensors": "0" * 64}}, "expected shards like"),
        ({"extra": 1}, "differs in extra"),
    ],
)
def test_a_wrong_card(folder, change, said):
    rewrite(folder, **change)
    assert said in refused(folder)


def test_weights_that_float16_cannot_hold(tmp_path):
    with pytest.raises(WeightsError, match="within float16, got larger values or NaN in big"):
        save_weights(tmp_path / "w", {"big": torch.tensor([1e6])}, CARD)
    assert not (tmp_path / "w").exists()


def test_other_files_stay(tmp_path, tensors):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError):
        save_weights(tmp_path, tensors, CARD)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]
    save_weights(tmp_path / "w", tensors, CARD)
    save_weights(tmp_path / "w", tensors, CARD)  # Mien's own are replaced
    (tmp_path / "w" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="other files"):
        save_weights(tmp_path / "w", tensors, CARD)
    assert (tmp_path / "w" / "notes.txt").read_text() == "mine"


def test_without_torch_the_extra_is_named(folder, monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(
        MissingExtraError, match="torch is not installed: " + re.escape(install_command("torch"))
    ):
        load_weights(folder, "ulme-gan")
    assert read_card(folder).aus == ("AU4L", "AU12")  # a card needs none
