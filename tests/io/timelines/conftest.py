from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mien.io.timelines.files import read_timeline
from mien.io.timelines.format import Read, ReadOptions
from tests.io.timelines.layouts import FILES


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Write a text under a name and read it; by default a format's own layout."""

    def read(text: str, name: str | None = None, **options: object) -> Read:
        name, text = FILES.get(text, (name, text))
        path = tmp_path / str(name)
        path.write_text(text, encoding="utf-8", newline="")
        return read_timeline(path, ReadOptions(**options))[1]  # type: ignore[arg-type]

    return read
