from __future__ import annotations

import numpy as np
import pytest

from mien.au.track import AUTrack
from mien.metrics.blendshapes import asked_courses, blendshape_scores, score_blendshapes


def test_asked_courses_are_means_of_units_and_changes():
    values = [[1, 0, 0, 3], [1, 2, 4, 3], [1, 0, 1, 3]]
    courses = asked_courses(AUTrack(("AU26", "AU1L", "AU2", "AU9"), values, [0, 0.1, 0.2]))
    assert list(courses) == [("AU1", "AU2")], "AU26 does not change, AU9 is not seen"
    assert courses["AU1", "AU2"].tolist() == [0, 3, 0.5]


def test_a_score_by_hand():
    score = score_blendshapes(np.array([0.0, 1, 2, 1]), np.array([0.1, 0.2, 0.3, 0.2]))
    assert [score.correlation, score.spearman] == pytest.approx([1, 1])
    assert score.rise == pytest.approx(0.2)
    still = score_blendshapes(np.array([0.0, 1, 2, 1]), np.full(4, 0.3))
    assert (still.correlation, still.spearman, still.rise) == (None, None, 0)


def test_a_smile_is_seen_and_mirroring_changes_nothing(portrait):
    keys = [("AU12",), ("AU26",)]
    seen = blendshape_scores(portrait.image, portrait.face.crop, keys)
    assert list(seen) == keys and seen["AU12",] > 0.5
    width, crop = portrait.image.shape[1], portrait.face.crop
    mirrored = np.ascontiguousarray(portrait.image[:, ::-1])
    other = type(crop)(width - 1 - crop.x_px, crop.y_px, crop.side_px, -crop.roll_radians)
    again = blendshape_scores(mirrored, other, keys)
    assert again["AU12",] == pytest.approx(seen["AU12",], abs=1e-3)
