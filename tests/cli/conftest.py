from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mien.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line in this process."""

    def run(*arguments: object) -> Ran:
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


HEADER = "portrait,expression,sample,aus,intensity,duration,side,seed,fps,name"


@pytest.fixture
def table(tmp_path, face_file):
    """Write a table beside a portrait."""
    (tmp_path / "face.png").write_bytes(face_file.read_bytes())

    def table(*rows: str, header: str = HEADER) -> Path:
        path = tmp_path / "table.csv"
        path.write_text("\n".join((header, *rows)) + "\n")
        return path

    return table


@pytest.fixture
def batch(run, tmp_path):
    """Run ``mien batch`` at 25 frames a second; return what it did and the manifest by name."""

    def batch(table: Path, *options: object):
        out = tmp_path / "clips"
        ran = run("batch", table, "--out", out, "--fps", 25, "--json", *options)
        manifest = {}
        if (out / "manifest.csv").exists():
            with (out / "manifest.csv").open(newline="") as file:
                manifest = {row["name"]: row for row in csv.DictReader(file)}
        return ran, manifest

    return batch


@pytest.fixture
def face_set(tmp_path):
    """A stored set of noise: 24 people, 2 views."""
    import numpy as np

    from mien.au.catalog import RIG_NAMES
    from mien.training.faces.face_set_writer import write_face_set

    rng = np.random.default_rng(0)
    with write_face_set(tmp_path / "set", views=2, size=16, facts={"kind": "rig"}) as writer:
        for person in range(24):
            images = rng.integers(0, 255, (2, 16, 16, 3), np.uint8)
            writer.add(f"person {person}", images, np.zeros((2, len(RIG_NAMES)), np.float32))
    return tmp_path / "set"
