"""Faults in a clip and its sidecar, each found and said in one line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.common.clip_writer import ClipWriter
from mien.io.sidecar import Sidecar, sidecar_path
from mien.verify import verify

FRAMES = [np.full((32, 32, 3), level, np.uint8) for level in (0, 90, 180)]


def make(out: Path) -> Path:
    fps = Fraction(50)
    ClipWriter(out, fps, FRAMES[0].shape).write(
        FRAMES, 3, lambda: Sidecar("rig", 1, fps, frames=1, width=1, height=1)
    )
    return out


def first_frame(clip: Path) -> Path:
    return clip / "000000.png" if clip.is_dir() else clip


def cut(clip: Path) -> None:
    file = first_frame(clip)
    file.write_bytes(file.read_bytes()[:100])


def without_hash(clip: Path) -> None:
    sidecar = sidecar_path(clip)
    record = json.loads(sidecar.read_text())
    del record["sha256"]
    sidecar.write_text(json.dumps(record))


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut short": (cut, "not the clip that"),
    "emptied": (lambda clip: first_frame(clip).write_bytes(b""), "not the clip that"),
    "no sidecar": (lambda clip: sidecar_path(clip).unlink(), "is missing"),
    "no hash": (without_hash, "wrote no hash"),
    "half a sidecar": (lambda clip: sidecar_path(clip).write_text("{"), "not JSON"),
    "others' JSON": (lambda clip: sidecar_path(clip).write_text("[]"), "without synthetic"),
}


@pytest.mark.parametrize("name", ["a.mkv", "frames"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(tmp_path: Path, name: str, fault: str) -> None:
    clip = make(tmp_path / name)
    assert verify(clip).problems == []
    inject, said = FAULTS[fault]
    inject(clip)
    if fault == "no sidecar" and clip.is_dir():
        return  # then nothing says that the folder is a clip of Mien
    (problem,) = verify(clip).problems
    assert said in str(problem) and str(problem).startswith(str(clip))


def test_the_sidecar_of_another_clip(tmp_path: Path) -> None:
    first, second = make(tmp_path / "a.mkv"), make(tmp_path / "b.gif")
    shutil.copy(sidecar_path(first), sidecar_path(second))
    assert "not the clip that b.gif.json describes" in str(verify(second).problems[0])
    assert verify(sidecar_path(first)).problems == []
    first.unlink()
    assert "missing, though" in str(verify(sidecar_path(first)).problems[0])
    assert verify(first).problems


def test_a_frame_too_few_or_in_another_order(tmp_path: Path) -> None:
    clip = make(tmp_path / "frames")
    (clip / "000000.png").rename(clip / "x.png")
    (clip / "000002.png").rename(clip / "000000.png")
    assert "expected 3 frames, got 2" in str(verify(clip).problems[0])
    (clip / "x.png").rename(clip / "000002.png")
    assert "not the clip that" in str(verify(clip).problems[0])


def test_what_is_no_output(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    assert "not an output" in str(verify(tmp_path / "notes.txt").problems[0])
    assert "does not exist" in str(verify(tmp_path / "missing").problems[0])
