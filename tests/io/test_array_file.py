from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from mien.errors import DatasetError
from mien.io.array_file import read_npy, read_npz
from mien.io.zip_sizes import check_zip


def npy(shape: tuple[int, ...], dtype: str = "|u1", data: bytes = b"") -> bytes:
    """A file whose header promises an array."""
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


@pytest.mark.parametrize(
    "content",
    [
        npy((10**12, 28, 28, 3)),
        npy((2**32, 2**32)),
        npy((10**400,)),
        npy((-1,)),
        npy((3,), "|O"),
        npy((1,), "<U400000000"),
        b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65_535,
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff",
        b"",
    ],
    ids=range(9),
)
def test_a_header_that_promises_too_much(tmp_path, content):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(DatasetError, match=r"a\.npy"):
        read_npy(tmp_path / "a.npy", DatasetError)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr("flow.npy", content)
    with pytest.raises(DatasetError, match=r"a\.npz") as caught:
        read_npz(tmp_path / "a.npz", ["flow"], DatasetError)
    assert "\n" not in str(caught.value)


def test_arrays_there_and_back(tmp_path):
    wanted = np.arange(12.0).reshape(3, 4)
    np.savez_compressed(tmp_path / "a.npz", a=wanted, b=np.array(["x", "yy"]))
    found = read_npz(tmp_path / "a.npz", ["b", "a"], DatasetError)
    assert np.array_equal(found["a"], wanted) and found["b"].tolist() == ["x", "yy"]
    with pytest.raises(DatasetError, match="got no c"):
        read_npz(tmp_path / "a.npz", ["a", "c"], DatasetError)
    np.save(tmp_path / "a.npy", wanted)
    assert np.array_equal(read_npy(tmp_path / "a.npy", DatasetError), wanted)


def test_a_bomb(tmp_path):
    """300 MB of zeros in 300 kB."""
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as file:
        stream = io.BytesIO()
        np.save(stream, np.zeros(300_000_000, np.uint8))
        file.writestr("flow.npy", stream.getvalue())
    with pytest.raises(DatasetError, match=r"0\.29\d MB would unpack to 300 MB"):
        check_zip(tmp_path / "a.npz", DatasetError)
    with pytest.raises(DatasetError, match="would unpack"):
        read_npz(tmp_path / "a.npz", ["flow"], DatasetError)
