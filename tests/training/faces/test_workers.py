from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.errors import NoFaceError
from mien.training.faces.face_set import FaceSet
from mien.training.faces.face_set_writer import write_face_set
from mien.training.faces.workers import OneFace, add_faces

FILES = [Path("b.png"), Path("none.png"), Path("a.jpg")]


def face(file: Path, number: int) -> OneFace:
    if file.stem == "none":
        raise NoFaceError("no face")
    images = np.full((1, 16, 16, 3), number, np.uint8)
    return OneFace(images, np.zeros((1, len(RIG_NAMES)), np.float32))


@pytest.mark.parametrize("workers", [1, 2])
def test_faces_in_order_and_skipped_pictures_by_name(workers: int, tmp_path: Path):
    calls: list[tuple[int, int]] = []
    with write_face_set(tmp_path / "set", views=1, size=16, facts={}) as writer:
        add_faces(writer, face, FILES, workers, lambda done, total: calls.append((done, total)))
    faces = FaceSet.open(tmp_path / "set")
    assert faces.identities == ("b", "a") and faces.facts["skipped"] == ["none.png"]
    assert faces.images[:, 0, 0, 0, 0].tolist() == [0, 2]
    assert calls == [(1, 3), (2, 3), (3, 3)]


def test_a_mistake_of_ours_is_not_a_skipped_picture(tmp_path: Path):
    def broken(file: Path, number: int) -> OneFace:
        raise ZeroDivisionError

    with (
        pytest.raises(ZeroDivisionError),
        write_face_set(tmp_path / "set", views=1, size=16, facts={}) as writer,
    ):
        add_faces(writer, broken, FILES, 1, None)
