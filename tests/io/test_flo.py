from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from mien.errors import DatasetError
from mien.io.flo import flo_bytes, read_flo

FLOW = np.arange(12, dtype=np.float32).reshape(2, 3, 2) / 8


def test_the_bytes_are_those_of_the_published_layout() -> None:
    """Tag, width, height, then u and v of each pixel, row by row, all little-endian."""
    header = struct.pack("<f", 202021.25) + struct.pack("<ii", 3, 2)
    assert flo_bytes(FLOW) == header + struct.pack("<12f", *(i / 8 for i in range(12)))


def test_it_reads_what_it_writes(tmp_path: Path) -> None:
    (tmp_path / "a.flo").write_bytes(flo_bytes(FLOW))
    np.testing.assert_array_equal(read_flo(tmp_path / "a.flo"), FLOW)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PIEG" + flo_bytes(FLOW)[4:], "begins with PIEH"),
        (b"PIEH", "begins with PIEH"),
        (flo_bytes(FLOW)[:-1], "expected 60 bytes of a flow of 3 x 2 pixels"),
        (flo_bytes(FLOW)[:4] + struct.pack("<ii", -3, -2) + flo_bytes(FLOW)[12:], "-3 x -2"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "a.flo").write_bytes(data)
    with pytest.raises(DatasetError, match=says):
        read_flo(tmp_path / "a.flo")
