from __future__ import annotations

import json
from pathlib import Path

import pytest

from mien.cli.main import main
from tests.verify.test_clips import make


def test_one_line_a_problem_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = make(tmp_path / "good.mkv"), make(tmp_path / "bad.mkv")
    bad.write_bytes(b"")
    assert main(["verify", str(good)]) == 0
    assert capsys.readouterr().out == f"{good}: whole (clip, 1 checked)\n"
    assert main(["verify", str(good), str(bad)]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[1].startswith(f"{bad}: not the clip that bad.mkv.json")
    assert main(["verify", str(good), str(bad), "--json"]) == 2
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {"path": str(good), "kind": "clip", "checked": 1, "problems": []}
    assert second["problems"][0]["path"] == str(bad)


def test_nothing_to_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 2
    assert "expected" in capsys.readouterr().err
