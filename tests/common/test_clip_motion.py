from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.common import clip_motion
from mien.common.clip_motion import at_even_rate, read_motion
from mien.common.cut_options import CutOptions
from mien.errors import UnreadableVideoError, UsageError
from mien.io.clip import TimedFrame
from mien.io.images import write_png
from mien.motion.field import MotionField, measure_field

FPS = CutOptions(fps=50)


@pytest.fixture
def folder(small_face: np.ndarray, tmp_path: Path) -> Path:
    """Four frames, all alike."""
    for number in range(4):
        write_png(tmp_path / f"img{number + 7}.png", small_face)
    return tmp_path


def test_a_still_clip_has_a_field_of_zeros(folder: Path) -> None:
    motion = read_motion(folder, CutOptions(fps=50, start_seconds=0.02))
    assert motion.still and not motion.field.displacement_cm.any()
    assert (motion.first_index, len(motion.field), motion.fps) == (1, 3, Fraction(50))
    assert motion.say_frame(2) == "frame 2, file 10 (0.040 s)"
    assert len(list(motion.frames())) == 3 and at_even_rate(motion) is motion.field


def test_a_face_that_nothing_followed_is_not_called_still(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unseen(frames: Iterable[TimedFrame], **options: Any) -> MotionField:
        field = measure_field(frames, **options)
        return replace(field, confidence=np.zeros_like(field.confidence))

    monkeypatch.setattr(clip_motion, "measure_field", unseen)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        motion = read_motion(folder, FPS)
    assert not motion.still and not motion.field.still


def test_a_face_is_checked_before_the_clip_is_opened() -> None:
    with pytest.raises(UsageError, match="--driver-face N"):
        read_motion("no such clip", FPS, 2.5, face_option="--driver-face")  # type: ignore[arg-type]


def test_a_late_last_frame_does_not_plan_millions(small_face: np.ndarray, tmp_path: Path) -> None:
    """Ten frames, the last of them at ten hours: 36 million frames would lie between them."""
    for number in (*range(1, 10), 36_000_001):
        write_png(tmp_path / f"img{number}.png", np.roll(small_face, number % 2, axis=0))
    motion = read_motion(tmp_path, CutOptions(fps=1000))
    with pytest.raises(UnreadableVideoError, match=r"got 10 over 36000 s: cut the clip"):
        at_even_rate(motion)


def test_frames_that_are_missing_here_and_there_are_still_filled(
    small_face: np.ndarray, tmp_path: Path
) -> None:
    for number in (1, 2, 3, 60):
        write_png(tmp_path / f"img{number}.png", np.roll(small_face, number % 2, axis=0))
    assert len(at_even_rate(read_motion(tmp_path, CutOptions(fps=1000)))) == 60
