from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mien.datasets.produced import ProducedSet
from mien.errors import DatasetError
from mien.io.clip_hash import sha256_file
from mien.io.sample_tar import TarWriter, read_samples
from mien.produce.frozen import read_frozen
from mien.produce.rows import members_hash, read_manifest, write_manifest
from mien.produce.shard import (
    StoredFile,
    manifest_path,
    read_stats,
    stats_path,
    tar_path,
)
from mien.produce.stored_portraits import square_name
from mien.produce.verify import verify_set
from tests.produce.sets import made


@pytest.fixture
def copy(pairs: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    shutil.copytree(pairs, folder)
    return folder


def fit_stats(folder: Path, shard: int) -> None:
    """Make a shard's stats fit its files, as somebody would who edits all of them."""
    stats = read_stats(folder, shard)
    assert stats is not None
    files = [
        StoredFile(path.name, path.stat().st_size, sha256_file(path))
        for path in (tar_path(folder, shard), manifest_path(folder, shard))
    ]
    stats_path(folder, shard).write_text(
        json.dumps(asdict(replace(stats, tar=files[0], manifest=files[1])))
    )


def edit_row(folder: Path, place: int, **values: object) -> None:
    rows = read_manifest(manifest_path(folder, 0))
    rows[place] |= values
    write_manifest(manifest_path(folder, 0), rows)


def test_a_whole_set(pairs: Path) -> None:
    report = verify_set(pairs, 12)
    assert report.problems == () and report.summary.startswith(
        "whole: 3 of 3 shards checked, 12 samples"
    )
    assert (report.made, report.failed, report.compared) == (12, 0, 12)
    assert set(report.counts) == {"split", "label", "emotion", "engine", "camera", "size_px"}
    assert report.counts["label"] == {"negative": 4, "positive": 4, "surprise": 4}
    # Movements are measured by optical flow, and fit their own labels better than those of others.
    assert report.own_cosine is not None and report.other_cosine is not None
    assert report.own_cosine > report.other_cosine + 0.2


def test_whole_flow_maps(flows: Path) -> None:
    report = verify_set(flows, 5)
    assert report.problems == () and report.compared == 5 and report.own_cosine is None
    assert report.made == 70 and report.counts["label"]["negative"] == 24


def test_an_altered_byte_is_found(copy: Path) -> None:
    data = bytearray(tar_path(copy, 0).read_bytes())
    data[1000] ^= 1
    tar_path(copy, 0).write_bytes(data)
    report = verify_set(copy, 0)
    assert report.problems == (
        "shard-000000.tar was altered after it was made (1 sample damaged, such as 000000000): "
        "remove shard-000000.json, then mien produce run",
    )
    assert report.summary.startswith("1 problem: 3 of 3 shards checked")


@pytest.mark.parametrize("place", [0, 1536])
def test_a_damaged_tar_is_one_problem(copy: Path, place: int) -> None:
    data = bytearray(tar_path(copy, 0).read_bytes())
    data[place : place + 400] = b"x" * 400
    tar_path(copy, 0).write_bytes(data)
    (problem,) = verify_set(copy, 0).problems
    assert problem.startswith("shard-000000.tar was altered")
    assert problem.endswith("remove shard-000000.json, then mien produce run")


def test_a_manifest_edited_by_hand_is_found(copy: Path) -> None:
    edit_row(copy, 1, label="surprise")
    problems = verify_set(copy, 0).problems
    assert "shard-000000" in problems[0]
    assert "do not fit its stats" in problems[0] or "parquet was altered" in problems[0]
    fit_stats(copy, 0)
    report = verify_set(copy, 12)  # with stats that fit, the sample itself tells
    assert any(
        "its label in the manifest are not as planned: expected 'positive'" in p
        for p in report.problems
    )
    assert any(
        "expected classes of equal size, got 4 negative, 3 positive, 5 surprise" in p
        for p in report.problems
    )


def test_a_subject_in_two_splits_is_found(copy: Path) -> None:
    edit_row(copy, 1, split="test")
    fit_stats(copy, 0)
    assert any("is in the splits train and test" in each for each in verify_set(copy, 0).problems)


def test_rows_that_are_missing_or_twice_are_found(copy: Path) -> None:
    rows = read_manifest(manifest_path(copy, 0))
    write_manifest(manifest_path(copy, 0), [rows[0], *rows[:-1]])
    fit_stats(copy, 0)
    problems = verify_set(copy, 0).problems
    assert any(
        "expected one row for each of the samples 0 to 4, in order" in each for each in problems
    )
    assert any("sample 000000004: in the tar, but not once" in each for each in problems)


def rewrite_tar(folder: Path, key: str, name: str, data: bytes) -> None:
    """Replace a member, in the tar, the manifest and the stats."""
    samples = list(read_samples(tar_path(folder, 0)))
    rows = read_manifest(manifest_path(folder, 0))
    with tar_path(folder, 0).open("wb") as file:
        tar = TarWriter(file)
        for row, (this, members) in zip(rows, samples, strict=True):
            if this == key:
                members[name] = data
                row["sha256"] = members_hash(members)
            tar.add(this, members)
        tar.end()
    write_manifest(manifest_path(folder, 0), rows)
    fit_stats(folder, 0)


def test_an_unreadable_member_is_found(copy: Path) -> None:
    rewrite_tar(copy, "000000002", "apex.png", b"no picture")
    problems = verify_set(copy, 12).problems
    assert problems == (
        "sample 000000002: a member cannot be read: a frame cannot be read as a PNG",
    )


def test_another_picture_is_found(copy: Path) -> None:
    other = dict(read_samples(tar_path(copy, 0)))["000000003"]
    rewrite_tar(copy, "000000002", "apex.png", other["apex.png"])
    (problem,) = verify_set(copy, 12).problems
    assert problem.startswith("sample 000000002: its sha256 in the manifest are not as planned")


def test_copies_are_found_by_their_looks(people: Path, tmp_path: Path) -> None:
    """A plan that hardly varies: two AUs at one level and duration, by a camera without noise."""
    folder = made(
        people,
        tmp_path / "set",
        count=24,
        shard=24,
        aus=("AU4", "AU12"),
        levels=("C",),
        durations_seconds=(0.2, 0.2),
        cameras=("still",),
    )
    report = verify_set(folder, 0)
    assert len(report.duplicates) >= 10
    assert not report.problems  # the plan may be meant so
    assert ["look like another one" in each for each in report.notes] == [True]


def test_a_missing_shard_and_a_missing_portrait(copy: Path) -> None:
    stats_path(copy, 2).unlink()
    (copy / square_name(1, 80)).unlink()
    problems = verify_set(copy, 0).problems
    assert any("portraits/000001-80.npz is missing" in each for each in problems)
    assert "shard-000002 is not finished: mien produce run" in problems


def test_a_manifest_that_is_no_parquet(copy: Path) -> None:
    manifest_path(copy, 0).write_bytes(b"x" * manifest_path(copy, 0).stat().st_size)
    problems = verify_set(copy, 0).problems
    assert any("cannot read the manifest shard-000000.parquet" in each for each in problems)
    with pytest.raises(DatasetError, match="shard-000000"):
        read_manifest(manifest_path(copy, 0))


def test_the_manifest_says_all_that_a_row_has(pairs: Path) -> None:
    table = pq.read_table(manifest_path(pairs, 0))
    assert table.num_rows == 5 and table.schema.field("au_peaks").type == pa.list_(pa.float64())
    assert read_frozen(pairs).hash == read_stats(pairs, 0).plan  # type: ignore[union-attr]


def test_a_class_that_can_be_told_by_the_face_is_found(copy: Path) -> None:
    """The classes stay as large in all, but each person shows one or two of them only."""
    rows = {shard: read_manifest(manifest_path(copy, shard)) for shard in range(3)}
    everything = [row for shard in range(3) for row in rows[shard]]
    labels = ["negative"] * 4 + ["positive"] * 4 + ["surprise"] * 4
    everything.sort(key=lambda row: str(row["subject"]))
    for row, label in zip(everything, labels, strict=True):
        row["label"] = label
    for shard in range(3):
        write_manifest(manifest_path(copy, shard), rows[shard])
        fit_stats(copy, shard)
    problems = verify_set(copy, 0).problems
    assert any("for each person, got 2 of 2 people" in each for each in problems), problems


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"onset": 7}, "its onset in the manifest are not as planned: expected 0, got 7"),
        ({"apex": None}, "its apex in the manifest are not as planned: expected 1, got None"),
        ({"au_peaks": [1.0] * 9}, "its au_peaks in the manifest are not as planned"),
    ],
)
def test_numbers_edited_in_a_row_are_found(
    copy: Path, values: dict[str, object], says: str
) -> None:
    edit_row(copy, 0, **values)
    fit_stats(copy, 0)
    (problem,) = verify_set(copy, 12).problems
    assert says in problem


def test_a_manifest_with_other_columns_is_found(copy: Path) -> None:
    for table in (pa.table({"x": [1]}), pq.read_table(manifest_path(copy, 0)).drop(["bytes"])):
        pq.write_table(table, manifest_path(copy, 0))
        fit_stats(copy, 0)
        problems = verify_set(copy, 0).problems
        assert any("shard-000000.parquet has other columns" in each for each in problems)


@pytest.mark.parametrize("engine", ["mesh", "ulme-gan"])
def test_a_set_of_another_engine_is_made_and_verified(
    people: Path, tmp_path: Path, engine: str
) -> None:
    """One carries the motion of another person's clip, one paints with a network."""
    if find_spec("torch") is None and engine == "ulme-gan":
        pytest.skip("needs the extra nets")
    folder = made(people, tmp_path / "set", engines=(engine,), count=2, shard=2, turn=1)
    report = verify_set(folder, 1)
    assert not report.problems and (report.made, report.failed, report.compared) == (2, 0, 1)
    for sample in ProducedSet(folder).samples():
        onset, apex = sample.frames()
        assert sample.row["engine"] == engine and (onset != apex).any()
        assert (sample.row["driver"] is not None) == (engine == "mesh")
        assert sample.row["driver"] != sample.row["subject"]
