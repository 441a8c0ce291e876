from __future__ import annotations

from pathlib import Path

import pytest

from mien.produce.shard import tar_path
from mien.verify import verify
from tests.produce.sets import made, write_people

pytest.importorskip("pyarrow")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people").mkdir()
    return made(write_people(tmp_path / "people"), tmp_path / "set", count=6, shard=3)


def test_a_produced_set_is_checked(folder: Path) -> None:
    report = verify(folder)
    assert (report.kind, report.checked, report.problems) == ("produced set", 2, [])


def test_a_changed_byte_is_found(folder: Path) -> None:
    place = tar_path(folder, 1)
    content = bytearray(place.read_bytes())
    content[2000] ^= 1
    place.write_bytes(content)
    problems = [str(problem) for problem in verify(folder).problems]
    assert "shard-000001.tar was altered" in problems[0]


def test_a_missing_shard_is_found(folder: Path) -> None:
    tar_path(folder, 0).unlink()
    assert any("shard-000000" in str(problem) for problem in verify(folder).problems)
