from __future__ import annotations

from pathlib import Path

import numpy as np

from mien.training.clips.arrays import RowArray, arrays_of


def test_rows_are_appended_and_cut(tmp_path: Path):
    array = RowArray("aus.npy", "<f4", (1, 3))
    shard = tmp_path / "shard"
    shard.mkdir()
    array.cut(tmp_path, 0)
    rows = np.arange(12, dtype=np.float64).reshape(4, 3)
    for part in (rows[:1], rows[1:]):
        (shard / array.file).write_bytes(b"".join(array.row_bytes(row) for row in part))
        array.append(tmp_path, shard)
    array.cut(tmp_path, 4)
    read = np.load(tmp_path / "aus.npy", mmap_mode="r")
    assert read.shape == (4, 1, 3) and read.dtype == np.float32
    np.testing.assert_array_equal(read[:, 0], rows)
    array.cut(tmp_path, 2)
    np.testing.assert_array_equal(np.load(tmp_path / "aus.npy")[:, 0], rows[:2])
    assert (tmp_path / "aus.npy").stat().st_size == array.bytes_of(2)


def test_the_header_has_one_length():
    for array in arrays_of(64, 30).values():
        assert len(array.header(0)) == len(array.header(10**12))


def test_bytes_of_a_row():
    sizes = {name: array.bytes_of(1) for name, array in arrays_of(64, 30).items()}
    header = 128
    assert sizes == {
        "images": 64 * 64 * 3,
        "aus": header + 30 * 4,
        "moved": header + 468 * 2 * 2,
        "field": header + 16 * 16 * 2 * 2,
        "points": header + 468 * 2 * 4,
    }
