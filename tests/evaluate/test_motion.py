from __future__ import annotations

from dataclasses import replace

import pytest

import mien
from mien.errors import UsageError


@pytest.fixture(scope="module")
def clips(small_face, tmp_path_factory):
    """Raised brows of 7 frames, as they are and half as high, the second one as a slowed GIF."""
    folder = tmp_path_factory.mktemp("clips")
    made = []
    for name, level in (("driver.mkv", 4), ("half.gif", 2)):
        au = [f"AU1={level}@0-0.06-0.06-0.12", f"AU2={level}@0-0.06-0.06-0.12"]
        made.append(mien.generate(small_face, folder / name, au=au, fps=50).path)
    return made


def test_half_the_motion_has_half_the_amplitude(clips):
    made = mien.evaluate_motion(*clips)
    assert made.score.cosine > 0.9 and 0.35 < made.score.amplitude < 0.65
    # A GIF plays slower than it was made; its sidecar says how fast it was.
    assert made.result.fps == made.driver.fps == 50 and made.score.frames == 7


def test_a_clip_is_its_own_equal(clips):
    score = mien.evaluate_motion(clips[0], clips[0]).score
    assert score.cosine == pytest.approx(1) and score.amplitude == pytest.approx(1)
    with pytest.raises(UsageError, match="two clips of one length"):
        mien.evaluate_motion(clips[0], clips[0], end_seconds=0.08)


def test_notes_say_which_clip(clips):
    made = mien.evaluate_motion(clips[0], clips[0])
    noted = replace(made, result=replace(made.result, broken="frame 5 cannot be read"))
    assert made.notes == ()
    assert noted.notes == ("result: frame 5 cannot be read; the 7 frames before that are kept",)
