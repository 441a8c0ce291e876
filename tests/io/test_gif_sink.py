from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from PIL import Image as Pillow

from mien.errors import OutputError
from mien.io.gif_sink import gif_timing
from tests.io.frames import moving_face, psnr, write_clip


@pytest.mark.parametrize(
    ("fps", "slowdown", "ticks"),
    [
        (200, 4, 2),
        (100, 2, 2),
        (50, 1, 2),
        (25, 1, 4),
        (30, 3, 10),
        (60, 3, 5),
        (24, 6, 25),
        (240, 12, 5),
        (1000, 20, 2),
        (Fraction(1, 2), 1, 200),
    ],
)
def test_slowdown_is_the_smallest_that_fits_the_clock(fps, slowdown, ticks):
    fps = Fraction(fps)
    assert gif_timing(fps) == (slowdown, ticks)
    smaller = [100 * factor / fps for factor in range(1, slowdown)]
    assert all(delay.denominator > 1 or delay < 2 for delay in smaller)


def test_a_rate_that_never_fits_is_refused():
    with pytest.raises(OutputError, match="30000/1001 frames a second would play 300 times slower"):
        gif_timing(Fraction(30000, 1001))


def test_frames_delays_loop_and_comment(tmp_path):
    frames = moving_face(6, 201, 133)
    frames += frames[-1:] * 2  # still frames keep their own time
    sink = write_clip(tmp_path / "a.gif", frames, Fraction(200))
    assert sink.slowdown == sink.facts.slowdown == 4
    with Pillow.open(tmp_path / "a.gif") as gif:
        assert gif.n_frames == 8
        assert gif.info["loop"] == 0
        for i in range(8):
            gif.seek(i)
            assert gif.info["duration"] == 20
            assert psnr(np.asarray(gif.convert("RGB")), frames[i]) > 30
    assert b"!\xfe" in (tmp_path / "a.gif").read_bytes()
    assert b"Synthetic: " in (tmp_path / "a.gif").read_bytes()[-300:]


def test_what_stands_still_does_not_shimmer(tmp_path):
    frames = moving_face(6, 256, 256)
    write_clip(tmp_path / "a.gif", frames, Fraction(50))
    still = np.ones((256, 256), bool)
    for frame in frames:
        still &= (frame == frames[0]).all(axis=2)
    assert still.mean() > 0.3
    with Pillow.open(tmp_path / "a.gif") as gif:
        first = np.asarray(gif.convert("RGB"))
        for i in range(1, 6):
            gif.seek(i)
            assert np.array_equal(np.asarray(gif.convert("RGB"))[still], first[still])
