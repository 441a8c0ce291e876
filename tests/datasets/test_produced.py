"""Each reader of produced sets gives the same samples."""

from __future__ import annotations

import hashlib
import importlib
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from mien.au.catalog import RIG_NAMES
from mien.datasets.produced import ProducedSet
from mien.datasets.produced_torch import ProducedIterable, padded_batch
from mien.errors import DatasetError, MissingExtraError, UsageError
from mien.recognition.generated import codes_drawn_from, read_generated
from tests.produce.sets import made, write_people


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_people(tmp_path_factory.mktemp("people"), 4)


@pytest.fixture(scope="module")
def flows(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(
        people,
        tmp_path_factory.mktemp("flows") / "set",
        kind="flows",
        count=160,
        shard=20,
        turn=24,
        splits={"train": 0.75, "test": 0.25},
    )


@pytest.fixture(scope="module")
def clips(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    values = {"kind": "clips", "count": 4, "shard": 2, "rates": (25,)}
    return made(people, tmp_path_factory.mktemp("clips") / "set", **values)


def indices(batches: object) -> list[int]:
    return [int(i) for batch in batches for i in batch["index"]]  # type: ignore[attr-defined]


def test_samples_with_their_rows(flows: Path, clips: Path) -> None:
    maps = ProducedSet(flows)
    assert [sample.index for sample in maps.samples()] == list(range(160))
    train, test = (list(maps.samples(split)) for split in ("train", "test"))
    assert len(train) + len(test) == 160 and min(len(train), len(test)) >= 32
    assert not {s.row["subject"] for s in train} & {s.row["subject"] for s in test}
    first = train[0]
    assert first.flow().shape == (28, 28, 3) and first.record["label"] == first.row["label"]
    for sample in ProducedSet(clips).samples():
        frames = sample.frames()
        assert len(frames) == sample.row["frames"] and frames[0].shape == (80, 80, 3)
        assert sample.record["settings"]["index"] == sample.index


def test_flow_maps_as_recognisers_take_them(flows: Path) -> None:
    found = read_generated(str(flows))
    assert len(found.subjects) == 3 and found.flow.shape[1:] == (28, 28, 3)
    everything = ProducedSet(flows).flow_set()
    assert everything.counts == {"negative": 54, "positive": 53, "surprise": 53}
    assert set(found.clip) < set(everything.clip)
    assert everything.aus is not None
    for sample, level in zip(ProducedSet(flows).samples(), everything.aus.intensity, strict=True):
        moved = {name: level[i] for i, name in enumerate(RIG_NAMES) if level[i]}
        assert moved == pytest.approx(sample.record["intensities"])
    assert codes_drawn_from(str(flows)) == ("CAS(ME)3", "DFME")


def test_other_kinds_have_no_maps(clips: Path) -> None:
    with pytest.raises(DatasetError, match=r"expected a set of flows, got .* of clips"):
        ProducedSet(clips).flow_set()


def test_unfinished_shards_are_left_out(flows: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(flows, folder)
    (folder / "shards" / "shard-000001.json").unlink()
    assert len(list(ProducedSet(folder).samples())) == 140
    for path in (folder / "shards").glob("*.json"):
        path.unlink()
    with pytest.raises(DatasetError, match="finished shards"):
        ProducedSet(folder)
    with pytest.raises(DatasetError, match=r"plan\.json: it does not exist"):
        ProducedSet(tmp_path)


@pytest.mark.parametrize(("ranks", "workers"), [(1, 0), (1, 2), (2, 2)])
def test_each_sample_comes_once_among_all(flows: Path, ranks: int, workers: int) -> None:
    seen = []
    for rank in range(ranks):
        dataset = ProducedIterable(flows, seed=3, rank=rank, ranks=ranks)
        seen += indices(DataLoader(dataset, batch_size=5, num_workers=workers))
    assert sorted(seen) == list(range(160)) and seen != sorted(seen)


def test_the_order_is_fixed_by_seed_and_epoch(flows: Path) -> None:
    def order(seed: int | None, epoch: int = 0) -> list[int]:
        dataset = ProducedIterable(flows, seed=seed)
        dataset.start(epoch)
        return [item["index"] for item in dataset]

    assert order(None) == list(range(160))
    assert order(1) == order(1) != order(2)
    assert order(1, epoch=1) != order(1)
    # Four shards are shuffled together: neighbours are not of one shard.
    assert len({index // 20 for index in order(1)[:20]}) >= 3


@pytest.mark.filterwarnings(
    "ignore:This DataLoader will create 3"
)  # more than some machines have cores
@pytest.mark.parametrize("workers", [0, 2, 3])
def test_a_run_goes_on_where_it_was(flows: Path, workers: int) -> None:
    dataset = ProducedIterable(flows, seed=1, mix=2)

    def batches() -> list[list[int]]:
        loader = DataLoader(dataset, batch_size=8, num_workers=workers)
        return [batch["index"].tolist() for batch in loader]

    dataset.start(2)
    whole = batches()
    for done in (0, 3, 11, len(whole) - 2, len(whole)):
        dataset.start(2, batches_done=done, batch_size=8)
        assert batches() == whole[done:]
    with pytest.raises(UsageError, match="batches_done of 0 or more"):
        dataset.start(0, batches_done=-1)


@pytest.mark.parametrize(("workers", "persistent"), [(0, False), (2, False), (2, True)])
def test_a_position_holds_for_one_iteration_of_any_worker(
    flows: Path, workers: int, persistent: bool
) -> None:
    dataset = ProducedIterable(flows, seed=1, mix=2)
    loader = DataLoader(dataset, batch_size=8, num_workers=workers, persistent_workers=persistent)

    def batches() -> list[list[int]]:
        return [batch["index"].tolist() for batch in loader]

    first = batches()
    dataset.start(1)
    second = batches()
    assert second != first
    dataset.start(1, batches_done=3, batch_size=8)
    assert batches() == second[3:]
    assert batches() == second  # without start: the same epoch, from its start
    dataset.start(0)
    assert batches() == first


def test_more_workers_than_shards(clips: Path) -> None:
    with pytest.raises(DatasetError, match="a shard or more for each of 3 workers"):
        list(ProducedIterable(clips, rank=0, ranks=3))


def test_clips_as_tensors(clips: Path) -> None:
    for item in ProducedIterable(clips):
        assert item["frames"].dtype == torch.uint8 and item["frames"].shape[1:] == (3, 80, 80)
        assert item["label"] in (0, 1, 2)


def test_clips_of_other_lengths_in_one_batch(clips: Path) -> None:
    items = {item["index"]: item for item in ProducedIterable(clips)}
    loader = DataLoader(
        ProducedIterable(clips, seed=0), batch_size=2, num_workers=2, collate_fn=padded_batch
    )
    seen = []
    for batch in loader:
        assert batch["frames"].shape[1] == batch["lengths"].max()
        for number, index in enumerate(batch["index"].tolist()):
            own, length = items[index]["frames"], int(batch["lengths"][number])
            assert length == len(own) and batch["label"][number] == items[index]["label"]
            assert torch.equal(batch["frames"][number, :length], own)
            assert (batch["frames"][number, length:] == own[-1]).all()
            seen.append(index)
    assert sorted(seen) == [0, 1, 2, 3]
    assert len({len(item["frames"]) for item in items.values()}) > 1


def test_batches_that_need_no_padding_and_frames_of_two_sizes(flows: Path) -> None:
    batch = padded_batch([item for item, _ in zip(ProducedIterable(flows), "ab", strict=False)])
    assert batch["flow"].shape == (2, 3, 28, 28) and "lengths" not in batch
    frames = [{"frames": torch.zeros(2, 3, height, 96)} for height in (80, 96)]
    with pytest.raises(UsageError, match="one size in a batch, got 96x80, 96x96"):
        padded_batch(frames)


def test_without_pytorch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in ("produced_start", "produced_torch"):
        monkeypatch.delitem(sys.modules, f"mien.datasets.{name}")
    with pytest.raises(MissingExtraError, match=r"needs PyTorch, .*torch"):
        importlib.import_module("mien.datasets.produced_torch")


def test_a_network_learns_from_it(flows: Path) -> None:
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 5, 2),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(8 * 144, 3),
    )
    optimiser = torch.optim.Adam(net.parameters(), 3e-3)
    dataset, losses = ProducedIterable(flows, "train", seed=0), []
    for epoch in range(12):
        dataset.start(epoch)
        for batch in DataLoader(dataset, batch_size=32):
            loss = torch.nn.functional.cross_entropy(net(batch["flow"]), batch["label"])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    assert np.mean(losses[-4:]) < np.mean(losses[:4]) - 0.1


WEBDATASET = """
import hashlib, json, sys, webdataset
for sample in webdataset.WebDataset(sys.argv[1:], shardshuffle=False):
    assert json.loads(sample["json"])["index"] == int(sample["__key__"])
    print(sample["__key__"], hashlib.sha256(sample["npz"]).hexdigest())
"""


@pytest.mark.subprocess  # the package leaves files open, which would be a warning here
def test_the_webdataset_package_reads_the_tars(flows: Path) -> None:
    tars = sorted((flows / "shards").glob("*.tar"))
    out = subprocess.check_output([sys.executable, "-c", WEBDATASET, *tars], text=True)
    expected = [
        f"{sample.key} {hashlib.sha256(sample.members['npz']).hexdigest()}"
        for sample in ProducedSet(flows).samples()
    ]
    assert out.splitlines() == expected


def test_duckdb_reads_the_manifests(flows: Path) -> None:
    found = duckdb.sql(
        f"select label, count(*) from '{flows}/shards/*.parquet' where status = 'made' "
        "group by label order by label"
    ).fetchall()
    assert found == [("negative", 54), ("positive", 53), ("surprise", 53)]
    ((peak,),) = duckdb.sql(
        f"select max(list_max(au_peaks)) from '{flows}/shards/*.parquet'"
    ).fetchall()
    assert 1 < peak <= 5


def test_stats_that_do_not_fit_their_shard_are_left_out(flows: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(flows, folder)
    shards = folder / "shards"
    shutil.copy(
        shards / "shard-000001.json", shards / "shard-1.json"
    )  # a copy is not counted twice
    (shards / "shard-000002.json").write_text('{"plan": 3}')
    (shards / "shard-000003.parquet").write_bytes(b"")
    assert [path.stem[-1] for path in ProducedSet(folder).shards] == list("014567")
