from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from mien.flow_pairs.options import FlowPairsOptions
from mien.flow_pairs.pairs import make_flow_pairs
from mien.io.images import write_png

QUICK = FlowPairsOptions(count=4, size=128, validation=0.5)


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people, as far as a set knows: a head and its mirror image. By its name, cid is held out."""
    folder = tmp_path_factory.mktemp("people")
    head = cv2.resize(skimage.data.astronaut()[0:300, 100:350], (160, 192))
    write_png(folder / "bob.png", head)
    write_png(folder / "cid.png", np.ascontiguousarray(head[:, ::-1]))
    return folder


@pytest.fixture(scope="session")
def made(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four pairs; not to be changed."""
    out = tmp_path_factory.mktemp("made") / "set"
    make_flow_pairs(people, out, QUICK)
    return out
