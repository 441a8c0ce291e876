from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from mien.augment.dataset import make_dataset
from mien.io.images import write_png
from tests.augment.sets import QUICK


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people, as far as a plan knows: a head and its mirror image."""
    folder = tmp_path_factory.mktemp("people")
    head = cv2.resize(skimage.data.astronaut()[0:300, 100:350], (160, 192))
    write_png(folder / "ann.png", head)
    write_png(folder / "bob.png", np.ascontiguousarray(head[:, ::-1]))
    return folder


@pytest.fixture(scope="module")
def made(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six two-frame clips by the rig."""
    out = tmp_path_factory.mktemp("made") / "set"
    make_dataset(people, out, replace(QUICK, count=6))
    return out
