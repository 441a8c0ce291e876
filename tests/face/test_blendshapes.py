from __future__ import annotations

import numpy as np

from mien.face.blendshapes import BLENDSHAPE_NAMES
from mien.face.mesh import mirror_index


def test_the_smiling_astronaut_scores_as_smiling(astronaut_face):
    scores = astronaut_face.blendshapes
    assert tuple(scores) == BLENDSHAPE_NAMES
    assert len(set(BLENDSHAPE_NAMES)) == 52
    assert all(0 <= score <= 1 for score in scores.values())
    assert min(scores["mouthSmileLeft"], scores["mouthSmileRight"]) > 0.7
    assert max(scores["mouthFrownLeft"], scores["eyeBlinkLeft"], scores["jawOpen"]) < 0.2


def test_place_and_size_do_not_matter(landmarker, astronaut_face):
    moved = astronaut_face.landmarks * 2.5 + np.float32(40)
    there, here = landmarker.blendshapes(moved), astronaut_face.blendshapes
    assert max(abs(there[name] - here[name]) for name in BLENDSHAPE_NAMES) < 0.01


def test_left_is_the_subject_s_own(landmarker, astronaut_face):
    """Shutting the lids at the image's right must read as the left eye's blink."""
    landmarks = astronaut_face.landmarks.copy()
    upper, lower = [384, 385, 386, 387, 388], [381, 380, 374, 373, 390]
    landmarks[upper, :2] = landmarks[lower, :2]
    scores = landmarker.blendshapes(landmarks)
    assert scores["eyeBlinkLeft"] > 0.4
    assert scores["eyeBlinkLeft"] > 2 * scores["eyeBlinkRight"]


def test_a_mirrored_face_swaps_the_sides(landmarker, astronaut_face):
    landmarks = astronaut_face.landmarks
    iris = [473, 476, 475, 474, 477, 468, 471, 470, 469, 472]  # the edges' left and right too
    order = [*mirror_index(), *iris]
    mirrored = landmarks[order] * np.float32([-1, 1, 1])
    here, there = landmarker.blendshapes(landmarks), landmarker.blendshapes(mirrored)
    for name in ("mouthSmile", "browOuterUp", "eyeSquint"):
        assert abs(here[f"{name}Left"] - there[f"{name}Right"]) < 0.15
