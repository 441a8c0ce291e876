from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from mien.au.catalog import RIG_NAMES
from mien.errors import BadTrackError, NoFaceError, UnreadableVideoError
from mien.face.portrait import find_face
from mien.face.square import SQUARE_CM, face_square
from mien.models.warping import warp
from mien.training.clips.cut_clip import CutSettings, FrameFace, cut_clip
from mien.training.clips.openface_labels import OPENFACE_NAMES
from mien.training.clips.person_clip import PersonClip
from mien.training.clips.sources import find_source
from mien.training.faces.still_row import still_row, still_row_names
from tests.training.clips.conftest import write_frames
from tests.training.clips.test_openface_labels import write_table

SIZE = 96


def clip_of(folder: Path) -> PersonClip:
    return find_source(str(folder), "whole", None, timed=False).clips[0]


def cut(
    clip: PersonClip, labels="measured", side_cm: float = SQUARE_CM
) -> tuple[list[FrameFace], dict[str, int]]:
    left_out: Counter[str] = Counter()
    faces = list(cut_clip(clip, CutSettings(SIZE, side_cm, labels, None), left_out))
    return faces, {reason: count for reason, count in left_out.items() if count}


@pytest.fixture(scope="module")
def cut_faces(people: Path) -> list[FrameFace]:
    faces, left_out = cut(clip_of(people))
    assert left_out == {}
    return faces


def test_the_square_follows_the_head(cut_faces: list[FrameFace]):
    rest, moved, turned = (face.image.astype(float) for face in cut_faces)
    assert rest.shape == (SIZE, SIZE, 3)
    inner = slice(20, -20)
    expression = np.abs(moved - rest)[inner, inner].mean()
    assert np.abs(turned - moved)[inner, inner].mean() < 0.5 * expression


def test_points_follow_the_skin_below_a_pixel(cut_faces: list[FrameFace]):
    chin, brow, bridge = 152, 105, 168
    rest, moved, turned = (face.moved * SIZE / 2 for face in cut_faces)
    assert np.abs(rest).max() < 0.02
    assert moved[chin, 1] > 1 and moved[brow, 1] > 0.5 and abs(moved[bridge, 1]) < 0.4
    np.testing.assert_allclose(turned[[chin, brow]], moved[[chin, brow]], atol=0.5)
    for face in cut_faces:
        np.testing.assert_allclose(face.points - face.moved, cut_faces[0].points, atol=1e-12)


def test_the_cells_motion_leads_back_to_the_first_frame(cut_faces: list[FrameFace]):
    first, second = (
        torch.from_numpy(face.image.transpose(2, 0, 1)[None].astype(np.float32))
        for face in cut_faces[:2]
    )
    # The motion is smooth, so that of the place a cell came from is near that of the cell.
    back = torch.from_numpy(-cut_faces[1].field.transpose(2, 0, 1)[None].astype(np.float32))
    inner = slice(20, -20)
    before = (second - first).abs()[..., inner, inner].mean()
    after = (warp(first, back) - second).abs()[..., inner, inner].mean()
    assert after < 0.75 * before


def test_measured_labels_count_from_the_first_frame(cut_faces: list[FrameFace]):
    rest, moved = cut_faces[0].aus, cut_faces[1].aus
    assert rest.max() < 0.3
    strongest = {RIG_NAMES[index] for index in np.argsort(moved)[-4:]}
    assert "AU26" in strongest and {"AU4L", "AU4R"} & strongest


def test_the_published_square_is_smaller(people: Path, moving_face):
    (face, *_), _ = cut(clip_of(people), side_cm=13.5)
    square = face_square(find_face(moving_face[0]).pose, side_cm=13.5)
    np.testing.assert_allclose(face.image, square.sample(moving_face[0], SIZE), atol=0.51)


def test_still_labels_are_the_still_readers(people: Path, moving_face):
    (face, *_), _ = cut(clip_of(people), "still")
    square = face_square(find_face(moving_face[0]).pose)
    seen = np.rint(square.sample(moving_face[0], 256)).astype(np.uint8)
    columns = [RIG_NAMES.index(name) for name in still_row_names()]
    assert len(columns) < len(RIG_NAMES) and face.aus.max() > 1
    np.testing.assert_allclose(face.aus, still_row(find_face(seen))[columns])


def test_openface_labels_and_frames_that_it_lost(tmp_path: Path, moving_face):
    folder = write_frames(tmp_path / "ann" / "smile", moving_face)
    with pytest.raises(BadTrackError, match="OpenFace table of ann/smile"):
        cut(clip_of(tmp_path), "openface")
    write_table(folder.with_suffix(".csv"), 3, lost=0)
    faces, left_out = cut(clip_of(tmp_path), "openface")
    smile = OPENFACE_NAMES.index("AU12L")
    assert [face.aus[smile] for face in faces] == [1, 1.5]
    assert left_out == {"no label": 1}
    assert np.abs(faces[0].moved).max() == 0  # the first picture, not the clip's first frame


def test_frames_after_the_face_is_lost_are_left_out(tmp_path: Path, moving_face):
    grey = np.full_like(moving_face[0], 128)
    write_frames(tmp_path / "ann" / "smile", [*moving_face[:2], grey, grey])
    faces, left_out = cut(clip_of(tmp_path))
    assert len(faces) == 2 and left_out == {"face lost": 2}


def test_frames_in_which_the_face_is_covered_are_left_out(tmp_path: Path, moving_face, cut_faces):
    covered = moving_face[1].copy()
    covered[40:150, 20:140] = 128
    write_frames(tmp_path / "ann" / "smile", [moving_face[0], covered, *moving_face[1:]])
    faces, left_out = cut(clip_of(tmp_path))
    assert len(faces) == 3 and left_out == {"face lost": 1}
    # Followed again, the third frame is cut as if nothing had been there.
    assert np.abs(faces[1].image.astype(float) - cut_faces[1].image).mean() < 2


def test_a_face_that_the_picture_cuts_off_cannot_be_measured(tmp_path: Path, moving_face):
    write_frames(tmp_path / "ann" / "smile", [frame[:96] for frame in moving_face[:2]])
    with pytest.raises(
        BadTrackError, match=r"whole face in the picture, got ann/smile without .*AU"
    ):
        cut(clip_of(tmp_path))


def test_clips_that_cannot_be_used(tmp_path: Path, moving_face):
    grey = np.full_like(moving_face[0], 128)
    write_frames(tmp_path / "a" / "bob" / "none", [grey, grey])
    with pytest.raises(NoFaceError):
        cut(clip_of(tmp_path / "a"))
    write_frames(tmp_path / "b" / "bob" / "mixed", [moving_face[0], moving_face[1][:-2]])
    with pytest.raises(UnreadableVideoError, match=r"the first one's shape .* in img2\.png"):
        cut(clip_of(tmp_path / "b"))
