from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import skimage.data

from mien.au.catalog import RIG_NAMES
from mien.au.track import AUTrack
from mien.engines.rig.engine import RigEngine
from mien.errors import UnknownAUError
from mien.face.portrait import Face, Portrait, find_face
from mien.face.pose import Pose
from mien.motion.still import StillAUs, _model, still_aus
from mien.motion.still_features import (
    FEATURE_NAMES,
    face_points_cm,
    mirror_order,
    still_features,
)


@pytest.fixture(scope="module")
def face(portrait: Portrait) -> Face:
    return portrait.face


def rendered(portrait: Portrait, **intensities: float) -> StillAUs:
    track = AUTrack(tuple(intensities), np.array([list(intensities.values())]), np.zeros(1))
    return still_aus(find_face(next(iter(RigEngine().prepare(portrait).render(track)))))


def test_the_smiling_astronaut_smiles(face: Face):
    read = still_aus(face)
    assert min(read.intensities["AU12L"], read.intensities["AU12R"]) > 1
    assert read.intensities["AU15L"] < 0.5
    assert read.intensities["AU43L"] < 0.5
    assert set(read.intensities) <= set(RIG_NAMES)
    assert all(0 <= value <= 5 for value in read.intensities.values())


def test_what_a_picture_does_not_show_is_named_and_left_out(face: Face):
    read = still_aus(face)
    assert {"AU4", "AU23", "AU38"} <= set(read.unread)
    assert not {"AU4L", "AU4R", "AU23", "AU38L"} & set(read.intensities)
    assert "AU4" not in read.both_sides()
    assert "AU45L" not in read.intensities  # a picture cannot tell a blink


def test_rendered_aus_are_read_and_on_their_side(portrait: Portrait):
    before = still_aus(portrait.face).intensities
    closed = rendered(portrait, AU43=5.0).intensities
    assert min(closed["AU43L"], closed["AU43R"]) > 2 > 0.5 > before["AU43L"]
    wink = rendered(portrait, AU43L=5.0).intensities
    assert wink["AU43L"] > wink["AU43R"] + 1
    assert rendered(portrait, AU26=5.0).intensities["AU26"] > before["AU26"] + 1


def test_size_and_place_of_the_face_do_not_matter(face: Face):
    pose = face.pose
    moved = dataclasses.replace(
        face,
        landmarks=(face.landmarks * 3 + np.float32([50, -20, 7])),
        pose=Pose(
            pose.rotation, pose.scale_px_per_cm * 3, pose.translation_px * 3 + np.array([50, -20])
        ),
    )
    np.testing.assert_allclose(still_features(moved), still_features(face), atol=1e-3)


def test_points_are_turned_to_the_front(face: Face):
    points = face_points_cm(face)
    eyes = points[263] - points[33]
    assert abs(face.pose.roll_degrees) > 1 or abs(face.pose.yaw_degrees) > 1
    assert abs(eyes[1]) < 0.25 and 8 < eyes[0] < 10  # the canonical face's are 8.9 cm apart


def test_a_mirrored_picture_swaps_the_sides(portrait: Portrait):
    track = AUTrack(("AU43L",), np.array([[5.0]]), np.zeros(1))
    wink = next(iter(RigEngine().prepare(portrait).render(track)))
    mirrored = find_face(np.ascontiguousarray(wink[:, ::-1]))
    read = still_aus(mirrored).intensities
    assert read["AU43R"] > read["AU43L"] + 1
    order = mirror_order()
    assert [order[place] for place in order] == list(range(len(FEATURE_NAMES)))


def test_a_turned_head_lowers_confidence_and_the_far_yaw_leaves_none(face: Face):
    def turned(degrees: float) -> float:
        angle = np.radians(degrees)
        rotation = np.array(
            [
                [np.cos(angle), 0, -np.sin(angle)],
                [0, 1, 0],
                [np.sin(angle), 0, np.cos(angle)],
            ]
        )
        pose = Pose(rotation, face.pose.scale_px_per_cm, face.pose.translation_px)
        assert pose.yaw_degrees == pytest.approx(degrees)
        return still_aus(dataclasses.replace(face, pose=pose)).confidence["AU12L"]

    assert turned(0) == turned(10) > turned(30) > turned(50) > turned(60) == 0


def test_calibrations_never_fall():
    units = _model()[2]
    assert {"AU12", "AU26", "AU43"} <= set(units) and "AU45" not in units
    for unit in units.values():
        assert (np.diff(unit.score_knots) > 0).all() and (np.diff(unit.intensity_knots) >= 0).all()
        assert unit.intensity_knots[0] == 0 and unit.intensity_knots[-1] <= 5


def test_a_result_needs_known_names_and_matching_confidence():
    with pytest.raises(UnknownAUError, match="sided names"):
        StillAUs({"AU12": 1.0}, {"AU12": 0.5}, ())
    with pytest.raises(ValueError, match="one confidence"):
        StillAUs({"AU12L": 1.0}, {}, ())
    with pytest.raises(ValueError, match="0 to 5"):
        StillAUs({"AU12L": 6.0}, {"AU12L": 1.0}, ())


def test_other_pictures_are_read_too():
    picture = np.ascontiguousarray(skimage.data.astronaut()[:256, 96:352])
    assert still_aus(find_face(picture)).both_sides()["AU12"] > 1
