from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from mien.cli.main import main
from mien.io.images import write_png


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


@pytest.fixture(scope="session")
def small_face() -> np.ndarray:
    """The astronaut's head, (192, 160, 3): small, so that tests are quick."""
    head = skimage.data.astronaut()[0:300, 100:350]
    return cv2.resize(head, (160, 192), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="session")
def face_file(small_face: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("portrait") / "face.png"
    write_png(path, small_face)
    return path
