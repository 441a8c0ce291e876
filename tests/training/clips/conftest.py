"""Tiny clips of one face that moves, in folders and in the true layouts of data sets."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from mien.face.portrait import Portrait
from mien.io.sinks import open_sink
from mien.render.warp import PortraitWarper
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.training.clips.build import build_clip_faces
from mien.training.options import ClipOptions

HELD_OUT, LEARNED = "person 3", "ann"
"""Names that the hash puts on different sides of a split."""

SIZE = 32


@pytest.fixture(scope="session")
def moving_face(small_face: np.ndarray) -> tuple[np.ndarray, ...]:
    """Three frames: at rest, brows down and mouth open, and the same with the head moved."""
    portrait = Portrait.from_image(small_face)
    basis = personalise(load_basis(), portrait.face)
    amounts = np.zeros(len(basis.names), np.float32)
    for name in ("AU4L", "AU4R", "AU26"):
        amounts[basis.names.index(name)] = 0.6
    moved = np.asarray(
        PortraitWarper(portrait).warp(np.tensordot(amounts, basis.displacements_cm, axes=1))
    )
    head = cv2.getRotationMatrix2D((80, 90), 1.5, 1.01) + np.array([[0, 0, 2.0], [0, 0, -1.5]])
    turned = cv2.warpAffine(moved, head, (160, 192), borderMode=cv2.BORDER_REPLICATE)
    return small_face, moved, turned


def write_frames(
    folder: Path, frames: Iterable[np.ndarray], form: str = "img{}.png", first: int = 1
) -> Path:
    folder.mkdir(parents=True)
    for number, frame in enumerate(frames, start=first):
        Image.fromarray(frame).save(folder / form.format(number))
    return folder


@pytest.fixture(scope="session")
def people(moving_face: tuple[np.ndarray, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two people: one has frames and a lossless video, the other has frames."""
    root = tmp_path_factory.mktemp("people")
    write_frames(root / LEARNED / "smile", moving_face)
    with open_sink(root / LEARNED / "take 2.mkv", Fraction(100), width=160, height=192) as sink:
        for frame in moving_face[:2]:
            sink.write(frame)
    write_frames(root / HELD_OUT / "smile", moving_face)
    return root


@pytest.fixture(scope="session")
def clip_set(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The face set of these people."""
    out = tmp_path_factory.mktemp("sets") / "set"
    build_clip_faces(str(people), out, size=SIZE, options=ClipOptions(fps="100"))
    return out
