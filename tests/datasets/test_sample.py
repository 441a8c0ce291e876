from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from mien.datasets.codes import parse_facs
from mien.datasets.frames import FrameFiles
from mien.datasets.sample import Sample
from mien.errors import DatasetError

FOLDER = Path("frames")
NUMBERS = tuple(range(40, 60))
SAMPLE = Sample(
    dataset="casme3",
    subject="spNO.1",
    clip="a_43",
    path=FOLDER,
    frames=FrameFiles(FOLDER, NUMBERS, tuple(FOLDER / f"{n}.jpg" for n in NUMBERS)),
    onset=43,
    apex=46,
    offset=52,
    fps=Fraction(30000, 1001),
    facs=parse_facs("4+L10"),
    emotions=("disgust",),
    label="negative",
    where="table.xlsx, line 2",
)


def test_times():
    assert SAMPLE.first_frame == 40 and SAMPLE.onset_seconds == pytest.approx(0.1001)
    assert SAMPLE.apex_seconds == pytest.approx(0.2002)
    assert SAMPLE.offset_seconds == pytest.approx(0.4004)
    assert SAMPLE.rise_seconds == pytest.approx(0.1001)
    assert SAMPLE.fall_seconds == pytest.approx(0.2002)


def test_without_frames_only_differences_are_known():
    bare = replace(SAMPLE, path=None, frames=None)
    assert bare.first_frame is bare.onset_seconds is bare.apex_seconds is None
    assert bare.rise_seconds == SAMPLE.rise_seconds
    video = replace(bare, path=Path("a.mp4"))
    assert video.first_frame == 0 and video.onset_seconds == pytest.approx(43 * 1001 / 30000)
    with pytest.raises(DatasetError, match=r"casme3/spNO.1/a_43: .* got the video a.mp4"):
        video.needed_frames()


def test_what_was_not_coded_is_none():
    bare = replace(SAMPLE, apex=None, offset=None, emotions=(), label=None)
    assert bare.apex_seconds is bare.offset_seconds is bare.rise_seconds is bare.emotion is None
    assert replace(SAMPLE, offset=None).fall_seconds is None
    with pytest.raises(
        DatasetError, match=r"a_43: expected an apex, got none in table.xlsx, line 2"
    ):
        bare.needed_apex()
    assert SAMPLE.needed_apex() == 46


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"subject": " "}, "expected a subject"),
        ({"onset": -1}, "onset of 0 or more, got -1"),
        ({"fps": Fraction(0)}, "a frame rate above 0"),
        ({"label": "sad"}, "negative or positive or surprise, got 'sad'"),
    ],
)
def test_samples_are_checked(change, says):
    with pytest.raises(DatasetError, match=f"table.xlsx, line 2: expected .*{says}|{says}"):
        replace(SAMPLE, **change)
