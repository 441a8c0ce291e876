from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from mien.errors import OutputError
from mien.studio.encoded import EncodedPictures
from mien.studio.memory import held_bytes


def test_pictures_come_back_in_order_and_hold_no_memory():
    wanted = [bytes([number]) * (number * 10_000) for number in range(30)]
    pictures = EncodedPictures()
    for picture in wanted:
        pictures.append(picture)
    assert len(pictures) == 30 and list(pictures) == wanted
    for one, other in zip(pictures, pictures, strict=True):  # two readers at once
        assert one == other
    assert held_bytes(pictures) < 10_000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line(monkeypatch):
    full = Path("/dev/full")
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: full.open("r+b", buffering=0))
    with pytest.raises(OutputError, match="cannot keep temporary data"):
        EncodedPictures().append(b"picture")
