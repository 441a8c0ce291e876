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
from mien.errors import UsageError
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
