from __future__ import annotations

import numpy as np
import pytest

from mien.au.track import AUTrack
from mien.errors import UsageError
from mien.metrics.au_courses import by_unit, compare_courses, course_of, rise_of, unasked_means

TIMES = np.arange(4) / 10


def track(**courses: list[float]) -> AUTrack:
    return AUTrack(tuple(courses), np.array([*courses.values()]).T, TIMES)


def test_figures_by_hand():
    asked = track(AU12=[0, 1, 2, 1], AU4=[0, 0, 0, 0])
    read = track(AU12=[1, 1.5, 2, 1.5], AU4=[0, 0.4, 0, 0])
    scores = compare_courses(asked, read)
    assert list(scores) == ["AU12"]
    score = scores["AU12"]
    # Changes 0 1 2 1 against 0 0.5 1 0.5: the resting face of 1 does not count.
    assert [score.correlation, score.spearman] == pytest.approx([1, 1])
    assert score.amplitude == 0.5 and score.asked_peak == 2
    assert score.rmse == pytest.approx(np.sqrt((0.25 + 1 + 0.25) / 4))
    assert score.mae == pytest.approx(0.5)
    assert unasked_means(asked, read) == {"AU4": pytest.approx(0.1)}


def test_correlation_by_hand():
    score = compare_courses(track(AU4=[0, 1, 2, 3]), track(AU4=[0, 3, 1, 2]))["AU4"]
    # Deviations -1.5 -0.5 0.5 1.5 and -1.5 1.5 -0.5 0.5: products 2.25 - 0.75 - 0.25 + 0.75 = 2 of 5.
    assert [score.correlation, score.spearman] == pytest.approx([0.4, 0.4])
    assert score.amplitude == pytest.approx(2 / 3)


def test_what_is_not_read_has_no_correlation():
    score = compare_courses(track(AU4=[0, 1, 2, 1]), track(AU4=[2, 2, 2, 2]))["AU4"]
    assert score.correlation is None and score.spearman is None and score.amplitude == 0


def test_sides():
    read = track(AU12L=[0, 1, 2, 1], AU12R=[0, 0, 1, 0], AU26=[0, 1, 1, 1])
    assert course_of(read, "AU12").tolist() == [0, 0.5, 1.5, 0.5]
    assert course_of(read, "AU12R").tolist() == [0, 0, 1, 0]
    assert course_of(track(AU12=[0, 1, 2, 3]), "AU12L").tolist() == [0, 1, 2, 3]
    assert course_of(read, "AU4") is None
    assert by_unit(read).names == ("AU12", "AU26")
    assert by_unit(read).values[:, 0].tolist() == [0, 1, 2, 1]
    # A side that was not asked for belongs to an AU that was.
    assert unasked_means(track(AU12L=[0, 1, 2, 1]), read) == {"AU26": pytest.approx(0.75)}
    assert "AU4" not in compare_courses(track(AU4=[0, 1, 1, 0], AU12=[0, 1, 1, 0]), read)


def test_the_rise_is_never_negative():
    assert rise_of(track(AU4=[1, 3, 0, 1])).values[:, 0].tolist() == [0, 2, 0, 0]


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(UsageError, match="of one length, got 4 and 2 frames"):
        compare_courses(track(AU4=[0, 1, 2, 3]), AUTrack(("AU4",), [[0], [1]], [0, 1]))
    with pytest.raises(UsageError, match=r"an AU above 0\.1, got none"):
        compare_courses(track(AU4=[2, 2, 2, 2]), track(AU4=[0, 1, 2, 3]))
