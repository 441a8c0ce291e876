from __future__ import annotations

import numpy as np
import pytest
import skimage.data

from mien.face.landmarker import FaceLandmarker, default_landmarker
from mien.face.portrait import Face, find_face


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    return skimage.data.astronaut()


@pytest.fixture(scope="session")
def landmarker() -> FaceLandmarker:
    return default_landmarker()


@pytest.fixture(scope="session")
def astronaut_face(astronaut: np.ndarray) -> Face:
    return find_face(astronaut)
