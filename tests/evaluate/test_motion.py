from __future__ import annotations

from dataclasses import replace

import numpy as np
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


def test_every_third_frame_is_compared_by_another_flow(clips):
    pytest.importorskip("skimage.registration")
    made = mien.evaluate_motion(*clips, flow="tvl1", every=3)
    assert made.score.frames == 3 and made.driver.fps * 3 == 50
    assert made.driver.field.times_seconds == pytest.approx([0, 0.06, 0.12])
    assert made.score.cosine > 0.85 and 0.3 < made.score.amplitude < 0.7
    # Another flow, so other figures; the frames that are shown are those that were measured.
    by_dis = mien.evaluate_motion(*clips, every=3).score
    assert made.score.cosine_raw != by_dis.cosine_raw
    whole = mien.evaluate_motion(*clips).driver
    shown = [list(motion.frames()) for motion in (made.driver, whole)]
    assert np.array_equal(shown[0], shown[1][::3])
    assert made.driver.say_frame(1) == "frame 3 (0.060 s)"


def test_a_flow_or_step_that_is_none_is_refused_first():
    with pytest.raises(UsageError, match="expected --flow dis or tvl1, got 'farneback'"):
        mien.evaluate_motion("no.mp4", "no.mp4", flow="farneback")
    with pytest.raises(UsageError, match="--every"):
        mien.evaluate_motion("no.mp4", "no.mp4", every=0)


def test_notes_say_which_clip(clips):
    made = mien.evaluate_motion(clips[0], clips[0])
    noted = replace(made, result=replace(made.result, broken="frame 5 cannot be read"))
    assert made.notes == ()
    assert noted.notes == ("result: frame 5 cannot be read; the 7 frames before that are kept",)
