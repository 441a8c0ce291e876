from __future__ import annotations

import numpy as np
import pytest

from mien.common.clip_reader import ClipReader
from mien.common.cut_options import CutOptions
from mien.errors import UnreadableVideoError, UsageError
from mien.io.clips import Clip, open_clip
from mien.io.images import write_png


@pytest.fixture
def clip(tmp_path) -> Clip:
    """119 frames at 200 a second, 0.595 s; each picture is its frame's number."""
    for number in range(119):
        write_png(tmp_path / f"{number:03d}.png", np.full((32, 32, 3), number, np.uint8))
    from fractions import Fraction

    return open_clip(tmp_path, Fraction(200))


def read(clip: Clip, **cut: float) -> list[tuple[float, int]]:
    reader = ClipReader(clip, CutOptions(**cut))
    frames = [(seconds, int(frame[0, 0, 0])) for seconds, frame in reader]
    assert frames[0] == (0.0, reader.first_index)
    return frames


def test_a_part_begins_at_its_start_and_ends_before_its_end(clip):
    assert [number for _, number in read(clip)] == list(range(119))
    part = read(clip, start_seconds=0.1, end_seconds=0.15)
    assert [number for _, number in part] == list(range(20, 30))
    assert part[-1][0] == pytest.approx(0.045)


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        (
            {"start_seconds": 0.001, "end_seconds": 0.004},
            "between --start 0.001 s and --end 0.004 s .* nearest frames are at 0.000 s and 0.005 s",
        ),
        ({"start_seconds": 0.6}, "from --start 0.6 s on .* its last frame is at 0.590 s"),
        ({"start_seconds": 0.6, "end_seconds": 0.7}, "its last frame is at 0.590 s"),
    ],
)
def test_an_empty_part_says_why(clip, cut, says):
    with pytest.raises(UsageError, match=says):
        read(clip, **cut)


@pytest.mark.parametrize(("good", "kept"), [(3, False), (9, True)])
def test_a_clip_that_breaks_in_its_first_half_is_an_error(tmp_path, good, kept):
    from fractions import Fraction

    for number in range(16):
        picture = np.full((32, 32, 3), number, np.uint8)
        write_png(tmp_path / f"{number}.png", picture)
    (tmp_path / f"{good}.png").write_bytes(b"broken")
    reader = ClipReader(open_clip(tmp_path, Fraction(50)), CutOptions())
    if kept:
        assert len(list(reader)) == good and f"frame {good} cannot be read" in reader.broken
    else:
        with pytest.raises(UnreadableVideoError, match=f"frame {good} cannot be read"):
            list(reader)
