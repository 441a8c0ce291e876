from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mien.errors import UsageError
from mien.io.sample_tar import read_samples
from mien.produce.executors.local import LocalExecutor
from mien.produce.extend import extend_set
from mien.produce.frozen import read_frozen
from mien.produce.run import run_set
from mien.produce.shard import tar_path
from mien.produce.verify import verify_set
from tests.produce.sets import hashes, made


def test_a_larger_count_goes_on(people: Path, pairs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(pairs, folder)
    before = hashes(folder)
    plan_hash = read_frozen(folder).hash
    last = dict(read_samples(tar_path(folder, 2)))
    extend_set(folder, 17)
    assert read_frozen(folder).hash == plan_hash
    assert run_set(folder, LocalExecutor(2)).made == 2  # the last shard was not full
    after = hashes(folder)
    kept = [name for name in before if "shard-000002" not in name and name != "plan.json"]
    assert kept and all(after[name] == before[name] for name in kept)
    assert last.items() <= dict(read_samples(tar_path(folder, 2))).items()
    assert hashes(made(people, tmp_path / "at-once", count=17)) == after
    assert verify_set(folder, 3).problems == ()


@pytest.mark.parametrize("damage", ["byte", "end", "key"])
def test_old_samples_that_were_altered_are_made_again(
    damage: str, people: Path, pairs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    shutil.copytree(pairs, folder)
    extend_set(folder, 13)
    path = tar_path(folder, 2)
    data = bytearray(path.read_bytes())
    if damage == "byte":
        data[1000] ^= 1
    elif damage == "end":
        data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    else:
        at = data.index(b"000000011.")
        while at >= 0:
            block = data[at : at + 512]
            block[:9] = b"000000099"
            block[148:156] = b" " * 8  # the checksum counts itself as blanks
            block[148:156] = b"%06o\0 " % sum(block)
            data[at : at + 512] = block
            at = data.find(b"000000011.", at)
    path.write_bytes(data)
    assert run_set(folder, LocalExecutor(1)).made == 1
    assert hashes(made(people, tmp_path / "at-once", count=13)) == hashes(folder)


def test_a_set_does_not_shrink(pairs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(pairs, folder)
    with pytest.raises(
        UsageError, match="expected --count of 12 or more, got 11: a set only grows"
    ):
        extend_set(folder, 11)
    assert hashes(folder) == hashes(pairs)
