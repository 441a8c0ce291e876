"""Ray, on a cluster of three node processes; only where Ray is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from mien.errors import MissingExtraError, UsageError
from mien.produce.executors import ray as ray_module
from mien.produce.executors.ray import RayExecutor

ROOT = Path(__file__).parents[2]


@pytest.mark.subprocess
@pytest.mark.skipif(find_spec("ray") is None, reason="needs the extra ray")
def test_a_node_that_is_killed_changes_no_byte() -> None:
    command = [sys.executable, "-m", "tests.produce.ray_cluster", "--kill"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    line = json.loads(ended.stdout.splitlines()[-1])
    assert line["same"] and (line["nodes"], line["killed"], line["broken"]) == (3, 1, 0)


@pytest.mark.parametrize("name", ["mien.whl", "other-1.0-py3-none-any.whl", "mien-1.0.tar.gz"])
def test_a_wheel_has_the_name_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(ray_module, "find_spec", lambda name: object())
    (tmp_path / name).touch()
    with pytest.raises(UsageError, match=r"expected --wheel FILE named mien-\*\.whl"):
        RayExecutor(wheel=tmp_path / name)
    with pytest.raises(UsageError, match="expected --wheel FILE"):
        RayExecutor(wheel=tmp_path / "mien-1.0-py3-none-any.whl")


def test_without_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_module, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="--executor ray needs ray, which is not installed"):
        RayExecutor()
