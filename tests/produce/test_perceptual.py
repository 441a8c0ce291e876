from __future__ import annotations

import cv2
import numpy as np
import skimage.data

from mien.produce.perceptual import flow_hash, movement_hash, picture_hash


def bits(first: str, second: str) -> int:
    """How many bits differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def test_what_looks_the_same_has_the_same_hash() -> None:
    picture = cv2.cvtColor(skimage.data.astronaut(), cv2.COLOR_RGB2GRAY)
    same = picture_hash(picture)
    assert len(same) == 16
    noisy = picture + np.random.default_rng(0).normal(0, 3, picture.shape)
    for changed in (
        noisy,
        picture * 0.9 + 5,
        cv2.resize(picture, (256, 256), interpolation=cv2.INTER_AREA),
    ):
        assert bits(same, picture_hash(changed)) <= 2
    for other in (picture[:, ::-1], picture[::-1], np.roll(picture, 100, 1)):
        assert bits(same, picture_hash(other)) >= 16


def test_movements_of_one_face_differ() -> None:
    face = skimage.data.astronaut()[0:256, 100:356]
    apexes = [face.copy(), face.copy()]
    apexes[0][100:120, 80:140] = face[102:122, 80:140]
    apexes[1][180:200, 90:130] = face[182:202, 90:130]
    first, second = (movement_hash(face, apex) for apex in apexes)
    assert first[:16] == second[:16]  # the face
    assert bits(first[16:], second[16:]) >= 8  # what changed


def test_flow_maps() -> None:
    rng = np.random.default_rng(1)
    smooth = cv2.GaussianBlur(rng.normal(0, 1, (28, 28, 3)).astype(np.float32), (0, 0), 4)
    maps = cv2.normalize(smooth, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    assert len(flow_hash(maps)) == 48 and flow_hash(maps) == flow_hash(maps.copy())
    assert bits(flow_hash(maps), flow_hash(np.ascontiguousarray(maps[:, ::-1]))) >= 24
