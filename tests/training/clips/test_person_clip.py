from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.errors import UnreadableVideoError
from mien.training.clips.person_clip import PersonClip
from tests.training.clips.conftest import write_frames


def grey_frames(folder: Path) -> Path:
    return write_frames(folder, [np.full((32, 32, 3), 20 * n, np.uint8) for n in range(12)])


def clip(path: Path, **parts) -> PersonClip:
    return PersonClip(person="ann", name="x", folder="ann", path=path, fps=Fraction(100), **parts)


def shown(clip: PersonClip) -> list[int]:
    return [int(frame[0, 0, 0]) // 20 for _, frame in clip.frames()]


def test_the_frames_of_a_part(tmp_path: Path):
    folder = grey_frames(tmp_path / "clip")
    assert shown(clip(folder)) == list(range(12))  # img2 before img10
    assert shown(clip(folder, start=3, stop=6)) == [3, 4, 5]
    files = tuple(folder / f"img{number}.png" for number in (2, 4, 12))
    assert shown(clip(folder, files=files)) == [1, 3, 11]
    assert shown(clip(folder, files=files, start=1)) == [3, 11]
    assert shown(clip(folder, files=files, start=3)) == []
    times = [seconds for seconds, _ in clip(folder, files=files, start=1).frames()]
    assert times == [0, 0.08]  # by the numbers in the names


def test_the_whole_and_its_length(tmp_path: Path):
    folder = grey_frames(tmp_path / "clip")
    assert clip(folder, start=3, stop=6).total() == 12
    assert clip(folder, files=(folder / "img1.png",)).total() == 1
    assert clip(folder).is_whole and not clip(folder, stop=6).is_whole
    with pytest.raises(UnreadableVideoError, match="no video or folder of this name"):
        list(clip(tmp_path / "none").frames())
