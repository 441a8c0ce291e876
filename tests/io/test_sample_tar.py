from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from mien.errors import DatasetError
from mien.io.sample_tar import SampleIndex, TarWriter, read_samples

SAMPLES = {
    "000000000": {"json": b"{}", "png": b"x" * 1000},
    "000000002": {"json": b"", "aus.csv": b"a" * 512},
}


def write(path: Path) -> bytes:
    with path.open("wb") as file:
        tar = TarWriter(file)
        for key, members in SAMPLES.items():
            tar.add(key, members)
        tar.end()
    return path.read_bytes()


def test_samples_come_back_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    write(path)
    assert dict(read_samples(path)) == SAMPLES
    index = SampleIndex(path)
    for key in reversed(SAMPLES):
        assert index.members(key) == SAMPLES[key]
    with pytest.raises(DatasetError, match="expected the sample 000000001"):
        index.members("000000001")


def test_the_bytes_are_those_of_a_plain_tar(tmp_path: Path) -> None:
    data = write(tmp_path / "a.tar")
    assert data == write(tmp_path / "b.tar") and len(data) % tarfile.RECORDSIZE == 0
    with tarfile.open(tmp_path / "a.tar", "r:") as tar:
        found = tar.getmembers()
        assert [info.name for info in found] == [
            f"{key}.{name}" for key, members in SAMPLES.items() for name in sorted(members)
        ]
        assert {(info.mtime, info.uid, info.gid, info.uname, info.mode) for info in found} == {
            (0, 0, 0, "", 0o644)
        }


@pytest.mark.parametrize("damage", [lambda data: data[:700], lambda data: b"x" * 2000, None])
def test_damaged_tars(damage, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "a.tar"
    data = write(path)
    path.unlink()
    if damage is not None:
        path.write_bytes(damage(data))
    with pytest.raises(DatasetError, match=r"a\.tar"):
        list(read_samples(path))


def test_a_tar_that_was_cut_after_it_was_indexed(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    data = write(path)
    index = SampleIndex(path)
    path.write_bytes(data[:1600])
    with pytest.raises(DatasetError, match="ends within the sample 000000000"):
        index.members("000000000")
