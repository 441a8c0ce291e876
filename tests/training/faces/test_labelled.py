from __future__ import annotations

from pathlib import Path

import pytest

from mien.au.catalog import RIG_NAMES
from mien.errors import UsageError
from mien.io.images import read_image, write_png
from mien.motion.still import still_aus
from mien.training.faces.cut import cut_face
from mien.training.faces.face_set import FaceSet
from mien.training.faces.labelled import build_labelled_faces


def test_one_view_with_the_aus_that_it_shows(face_file: Path, tmp_path: Path):
    folder = tmp_path / "portraits"
    folder.mkdir()
    image = read_image(face_file)
    write_png(folder / "smiling.png", image)
    write_png(folder / "grey.png", image * 0 + 128)
    build_labelled_faces(folder, tmp_path / "set", size=64)
    faces = FaceSet.open(tmp_path / "set")
    assert faces.images.shape == (1, 1, 64, 64, 3) and not faces.is_paired
    assert faces.identities == ("smiling",) and faces.facts["skipped"] == ["grey.png"]
    assert (faces.facts["kind"], faces.facts["views"]) == ("still", 1)
    measured = still_aus(cut_face(image, 128).face).intensities
    for name, intensity in measured.items():
        assert faces.aus[0, 0, RIG_NAMES.index(name)] == pytest.approx(intensity)
        if name.startswith("AU43"):
            blink = RIG_NAMES.index(name.replace("AU43", "AU45"))
            assert faces.aus[0, 0, blink] == pytest.approx(intensity)
    smile = RIG_NAMES.index("AU12L")
    assert faces.aus[0, 0, smile] > 1


def test_no_usable_face(tmp_path: Path, face_file: Path):
    folder = tmp_path / "portraits"
    folder.mkdir()
    write_png(folder / "grey.png", read_image(face_file) * 0 + 128)
    with pytest.raises(UsageError, match="seen from the front, got none"):
        build_labelled_faces(folder, tmp_path / "set", size=64)
