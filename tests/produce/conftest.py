from __future__ import annotations

from pathlib import Path

import pytest

from tests.produce.sets import made, write_people


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_people(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="session")
def pairs(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pairs in three shards; tests that change it take a copy."""
    return made(people, tmp_path_factory.mktemp("pairs") / "set")


@pytest.fixture(scope="session")
def flows(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seventy flow maps in three shards; tests that change it take a copy."""
    return made(
        people, tmp_path_factory.mktemp("flows") / "set", kind="flows", count=70, shard=30, turn=24
    )
