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
