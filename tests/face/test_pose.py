from __future__ import annotations

import numpy as np
import pytest

from mien.errors import FaceError
from mien.face import mesh
from mien.face.pose import Pose, fit_pose, rigidity


def turned(yaw: float = 0, pitch: float = 0, roll: float = 0) -> np.ndarray:
    """Rz(roll) Ry(yaw) Rx(pitch) in Mien's signs, written out for x right, y down, z away."""
    y, p, r = np.radians([-yaw, -pitch, roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def landmarks_of(pose: Pose) -> np.ndarray:
    vertices = mesh.canonical_vertices()
    depth = pose.scale_px_per_cm * pose.rotate_vectors(vertices)[:, 2:]
    return np.concatenate([pose.project(vertices), depth], axis=1)


def test_signs_of_the_angles():
    nose = np.array([0.0, 0.0, -1.0])
    to_own_left = Pose(turned(yaw=30), 10, np.zeros(2))
    assert to_own_left.yaw_degrees == pytest.approx(30)
    assert to_own_left.project_vectors(nose)[0] > 0, "the nose moves to the image's right"
    up = Pose(turned(pitch=20), 10, np.zeros(2))
    assert up.pitch_degrees == pytest.approx(20)
    assert up.project_vectors(nose)[1] < 0, "the nose moves up"
    clockwise = Pose(turned(roll=15), 10, np.zeros(2))
    assert clockwise.roll_degrees == pytest.approx(15)
    assert clockwise.project_vectors(np.array([0.0, -1.0, 0.0]))[0] > 0, "the crown moves right"


@pytest.mark.parametrize("roll", [0, 40, 90, 180])
def test_roll_leaves_yaw_and_pitch_alone(roll):
    pose = Pose(turned(yaw=65, pitch=-20, roll=roll), 10, np.zeros(2))
    assert pose.yaw_degrees == pytest.approx(65)
    assert pose.pitch_degrees == pytest.approx(-20)


@pytest.mark.parametrize(("yaw", "pitch", "roll"), [(0, 0, 0), (35, -12, 5), (-62, 8, -90)])
def test_the_pose_of_a_projected_canonical_face_comes_back(yaw, pitch, roll):
    true = Pose(turned(yaw, pitch, roll), 23.5, np.array([310.25, 480.5]))
    found = fit_pose(landmarks_of(true))
    np.testing.assert_allclose(found.rotation, true.rotation, atol=1e-6)
    assert found.scale_px_per_cm == pytest.approx(23.5, abs=1e-5)
    np.testing.assert_allclose(found.translation_px, true.translation_px, atol=1e-4)


def test_flattened_depth_hardly_bends_the_yaw():
    landmarks = landmarks_of(Pose(turned(yaw=30), 20, np.array([300.0, 300.0])))
    landmarks[:, 2] *= 0.8
    assert fit_pose(landmarks).yaw_degrees == pytest.approx(30, abs=1.0)


def test_an_open_mouth_does_not_nod_the_head():
    pose = Pose(turned(yaw=10), 20, np.array([300.0, 300.0]))
    landmarks = landmarks_of(pose)
    jaw = mesh.canonical_vertices()[:, 1] > 4.5
    landmarks[jaw, 1] += 2 * pose.scale_px_per_cm
    found = fit_pose(landmarks)
    assert abs(found.pitch_degrees) < 1.0
    assert found.scale_px_per_cm == pytest.approx(20, rel=0.02)


def test_vectors_go_to_pixels_and_back():
    pose = Pose(turned(yaw=25, pitch=10, roll=-8), 17.0, np.array([5.0, 6.0]))
    vectors = np.random.default_rng(0).normal(size=(4, 7, 3))
    pixels = pose.project_vectors(vectors)
    assert pixels.shape == (4, 7, 2)
    depth_px = pose.scale_px_per_cm * pose.rotate_vectors(vectors)[..., 2]
    np.testing.assert_allclose(pose.unproject_vectors(pixels, depth_px), vectors, atol=1e-12)
    in_plane = pose.unproject_vectors(pixels)
    np.testing.assert_allclose(pose.project_vectors(in_plane), pixels, atol=1e-9)
    np.testing.assert_allclose(pose.project(vectors) - pixels, np.broadcast_to([5, 6], (4, 7, 2)))


def test_the_astronaut_looks_ahead(astronaut_face):
    pose = astronaut_face.pose
    assert abs(pose.yaw_degrees) < 8
    assert abs(pose.roll_degrees) < 8
    ahead = pose.project(mesh.canonical_vertices())
    off_px = np.linalg.norm(ahead - astronaut_face.landmarks[:468, :2], axis=1)
    assert off_px.mean() < 0.05 * astronaut_face.width_px


def test_rigidity_prefers_bone():
    weights = rigidity()
    assert weights.sum() == pytest.approx(1)
    forehead, nose_bridge, chin, lip, lid = (weights[i] for i in (151, 168, 152, 13, 159))
    assert min(forehead, nose_bridge) > 5 * max(chin, lip, lid)


@pytest.mark.parametrize(
    ("landmarks", "words"),
    [
        (np.zeros((478, 2)), r"\(478, 2\)"),
        (np.full((478, 3), np.nan), "finite"),
        (np.zeros((478, 3)), "spread"),
    ],
)
def test_bad_landmarks_are_refused(landmarks, words):
    with pytest.raises(FaceError, match=words):
        fit_pose(landmarks)


@pytest.mark.parametrize(
    ("rotation", "scale", "translation"),
    [
        (np.diag([1.0, 1.0, -1.0]), 1.0, np.zeros(2)),
        (2 * np.eye(3), 1.0, np.zeros(2)),
        (np.eye(3), 0.0, np.zeros(2)),
        (np.eye(3), 1.0, np.array([np.nan, 0])),
        (np.eye(2), 1.0, np.zeros(2)),
    ],
)
def test_bad_poses_are_refused(rotation, scale, translation):
    with pytest.raises(FaceError, match="a pose needs"):
        Pose(rotation, scale, translation)


def test_a_pose_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="read-only"):
        Pose(np.eye(3), 1.0, np.zeros(2)).rotation[0, 0] = 2
