from __future__ import annotations

import cv2
import numpy as np
from benchmarks.film_scenes import turned

from mien.face.portrait import Portrait
from mien.motion.head_view import HeadView
from mien.motion.rigid import RigidMotion


def test_the_square_is_cut_as_by_one_warp(driver_portrait: Portrait) -> None:
    view = HeadView(driver_portrait.face, RigidMotion(driver_portrait.face), 256)
    cut = view.cut(driver_portrait.image)
    unmoved = view.cut(driver_portrait.image, np.zeros(6))
    assert cut.shape == (256, 256) and np.abs(cut.astype(int) - unmoved).max() <= 1
    points = driver_portrait.face.landmarks[:468, :2]
    grey = cv2.cvtColor(np.ascontiguousarray(driver_portrait.image[..., :3]), cv2.COLOR_RGB2GRAY)
    smooth = cv2.GaussianBlur(grey, (0, 0), 2)
    seen = cv2.remap(
        cv2.GaussianBlur(cut, (0, 0), 2 * view.zoom), view.in_square(points)[None], None, 1
    )  # type: ignore[call-overload]
    expected = cv2.remap(smooth, points[None].astype(np.float32), None, 1)  # type: ignore[call-overload]
    assert np.abs(seen.astype(int) - expected).mean() < 3


def test_a_turned_head_is_seen_from_the_front(driver_portrait: Portrait) -> None:
    face = driver_portrait.face
    rigid = RigidMotion(face)
    view = HeadView(face, rigid, 256)
    points = face.landmarks[:468].astype(np.float64)
    away = points - points.mean(0) - np.array([0, 0, 0.5 * np.ptp(points[:, 0])])
    angle = np.radians(15)
    rotation = np.array(
        [[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]]
    )
    head = rigid.fit((away @ rotation.T - away)[:, :2].astype(np.float32), np.ones(468))
    frame = turned(driver_portrait, (15, 0))
    first = view.cut(driver_portrait.image).astype(int)
    middle = (slice(90, 180), slice(90, 170))
    undone = np.abs(view.cut(frame, head) - first)[middle].mean()
    assert undone < 0.4 * np.abs(view.cut(frame) - first)[middle].mean()
