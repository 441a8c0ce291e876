from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.errors import OutputError, UsageError
from mien.training.faces.face_motion import OneFaceMotion
from mien.training.faces.face_set import FaceSet
from mien.training.faces.face_set_writer import write_face_set
from tests.training.conftest import clips_of, faces_of

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 255, (3, 2, 16, 16, 3), np.uint8)
AUS = RNG.uniform(0, 5, (3, 2, len(RIG_NAMES))).astype(np.float32)
MOTION = OneFaceMotion(
    RNG.uniform(-1, 1, (468, 2)),
    RNG.uniform(-0.1, 0.1, (2, 468, 2)),
    RNG.uniform(-0.1, 0.1, (2, 4, 4, 2)),
)


def stored(folder: Path, motion: OneFaceMotion | None = None) -> Path:
    with write_face_set(folder, views=2, size=16, facts={"kind": "rig", "seed": 3}) as writer:
        for number, (images, aus) in enumerate(zip(IMAGES, AUS, strict=True)):
            writer.add(f"person {number}", images, aus, motion)
        writer.skipped.append("blurred.png")
    return folder


def test_a_set_there_and_back(tmp_path: Path):
    faces = FaceSet.open(stored(tmp_path / "set", MOTION))
    assert np.array_equal(faces.images, IMAGES) and np.array_equal(faces.aus, AUS)
    assert faces.au_names == tuple(RIG_NAMES)
    assert faces.identities == ("person 0", "person 1", "person 2")
    assert faces.facts == {"kind": "rig", "seed": 3, "skipped": ["blurred.png"]}
    assert faces.size == 16 and faces.is_paired and len(faces) == 3
    assert faces.motion is not None
    np.testing.assert_allclose(faces.motion.points[1], MOTION.points, atol=1e-6)
    np.testing.assert_allclose(faces.motion.moved[1], MOTION.moved, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(faces.motion.field[1], MOTION.field, rtol=1e-3, atol=1e-6)
    assert FaceSet.open(stored(tmp_path / "other")).motion is None


def test_pictures_stay_on_disk(tmp_path: Path):
    assert isinstance(FaceSet.open(stored(tmp_path / "set")).images, np.memmap)


def test_a_set_replaces_a_set_and_nothing_else(tmp_path: Path):
    stored(stored(tmp_path / "set"))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError):
        stored(tmp_path / "notes")
    assert (tmp_path / "notes" / "mine.txt").read_text() == "mine"


def test_no_face_and_faces_of_another_shape(tmp_path: Path):
    with (
        pytest.raises(UsageError, match="seen from the front, got none"),
        write_face_set(tmp_path / "set", views=2, size=16, facts={}),
    ):
        pass
    with (
        pytest.raises(UsageError, match=r"\(2, 8, 8, 3\) pictures"),
        write_face_set(tmp_path / "set", views=2, size=8, facts={}) as writer,
    ):
        writer.add("person", IMAGES[0], AUS[0])
    assert not (tmp_path / "set").exists()


def test_a_damaged_set(tmp_path: Path):
    with pytest.raises(UsageError, match=r"without faces\.json: make one"):
        FaceSet.open(tmp_path)
    folder = stored(tmp_path / "set")
    (folder / "images.uint8").write_bytes(b"cut short")
    with pytest.raises(UsageError, match=r"is damaged .* make it again"):
        FaceSet.open(folder)
    folder = stored(tmp_path / "set")
    record = json.loads((folder / "faces.json").read_text())
    (folder / "faces.json").write_text(json.dumps(record | {"format": "mien face set 0"}))
    with pytest.raises(UsageError, match="another format"):
        FaceSet.open(folder)


def test_a_person_is_on_one_side_of_a_split():
    faces = faces_of(2)
    doubled = replace(faces, identities=tuple(f"person {n // 2}" for n in range(24)), rows=None)
    learned, held_out = doubled.split(0.3)
    sides = [{part.identities[row] for row in part.rows} for part in (learned, held_out)]
    assert not sides[0] & sides[1] and len(learned) + len(held_out) == 24


def test_clips_have_views_of_their_own_number():
    clips = clips_of((2, 5, 3))
    assert len(clips) == 3 and clips.is_paired and clips.view_counts.tolist() == [2, 5, 3]
    assert [clips.place(1, view) for view in (0, 4)] == [(2, 0), (6, 0)]
    part = replace(clips, rows=np.array([0, 2]))
    assert part.picture_rows.tolist() == [0, 1, 7, 8, 9]
    assert repr(part) == "FaceSet(2 faces, several views of 16 px)"
    uniform = faces_of(3)
    assert uniform.place(4, 2) == (4, 2) and set(uniform.view_counts) == {3}
    assert uniform.as_single_pictures() is uniform


def test_clips_as_single_pictures_of_their_people():
    part = replace(clips_of((2, 5, 3)), rows=np.array([2, 0]))
    singles = part.as_single_pictures()
    assert [singles.identities[row] for row in singles.rows] == ["person 2"] * 3 + ["person 0"] * 2
    assert singles.rows.tolist() == [7, 8, 9, 0, 1] and not singles.is_paired
    assert (singles.facts["kind"], singles.motion) == ("frames", None)


def test_clips_that_do_not_make_up_the_pictures():
    clips = clips_of((2, 5, 3))
    for starts in ([0, 2, 7, 9], [1, 2, 7, 10], [0, 2, 10], [0, 1, 7, 10], [0, 7, 2, 10]):
        with pytest.raises(UsageError, match="clips of two frames or more that make up the 10"):
            replace(clips, starts=np.array(starts))


def test_what_does_not_fit_together():
    faces = faces_of(2)
    wrong = {
        "of shape": {"images": faces.images[..., :2]},
        "AUs of shape": {"aus": faces.aus[:, :1]},
        "sided AU names": {"au_names": ("AU99", *faces.au_names[1:])},
        "from 0 to 5": {"aus": faces.aus + 6},
        "rows of the 24 faces": {"rows": np.array([24])},
    }
    for said, change in wrong.items():
        with pytest.raises(UsageError, match=said):
            replace(faces, **change)


def test_pictures_of_another_size_name_the_option():
    faces_of(2).check_size(16, "network")
    with pytest.raises(
        UsageError, match=r"of 128 px, got 16: .* --size 128, or set network\.image_px"
    ):
        faces_of(2).check_size(128, "network")
