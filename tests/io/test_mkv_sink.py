from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from mien.io.clips import open_clip
from mien.io.sinks import open_sink
from tests.io.frames import moving_face, write_clip


@pytest.mark.parametrize(("width", "height"), [(128, 96), (65, 49)])
def test_rgb_comes_back_bit_for_bit(tmp_path, width, height):
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 256, (height, width, 3), dtype=np.uint8) for _ in range(3)]
    facts = write_clip(tmp_path / "a.mkv", frames).facts
    assert facts.lossless and facts.alpha == "none"
    with av.open(str(tmp_path / "a.mkv")) as container:
        decoded = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert np.array_equal(decoded, frames)


def test_alpha_comes_back_bit_for_bit(tmp_path):
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 256, (48, 64, 4), dtype=np.uint8) for _ in range(2)]
    assert write_clip(tmp_path / "a.mkv", frames).facts.alpha == "kept"
    with av.open(str(tmp_path / "a.mkv")) as container:
        decoded = [frame.to_ndarray(format="rgba") for frame in container.decode(video=0)]
    assert np.array_equal(decoded, frames)


def test_same_frames_make_the_same_file(tmp_path):
    for name in ("a.mkv", "b.mkv"):
        write_clip(tmp_path / name, moving_face(3, 64, 64), Fraction(30))
    assert (tmp_path / "a.mkv").read_bytes() == (tmp_path / "b.mkv").read_bytes()


@pytest.mark.parametrize("fps", [Fraction(200), Fraction(25), Fraction(1000, 7)])
def test_whole_milliseconds_are_exact(tmp_path, fps):
    write_clip(tmp_path / "a.mkv", moving_face(8, 64, 64), fps)
    with av.open(str(tmp_path / "a.mkv")) as container:
        times = [frame.pts * frame.time_base for frame in container.decode(video=0)]
    assert times == [i / fps for i in range(8)]


@pytest.mark.parametrize("fps", [Fraction(30000, 1001), Fraction(30), Fraction(240)])
def test_other_rates_are_exact_to_half_a_microsecond(tmp_path, fps):
    frames = 90  # three seconds, beyond the 32 ms that one cluster can span
    write_clip(tmp_path / "a.mkv", moving_face(1, 64, 64) * frames, fps)
    with av.open(str(tmp_path / "a.mkv")) as container:
        assert container.streams.video[0].average_rate == fps
        times = [frame.pts * frame.time_base for frame in container.decode(video=0)]
        assert container.duration == pytest.approx(float(frames / fps) * 1e6, abs=2)
        hours, minutes, seconds = container.streams.video[0].metadata["DURATION"].split(":")
    assert (hours, minutes) == ("00", "00")
    assert float(seconds) == pytest.approx(float(frames / fps), abs=1e-8)
    assert len(times) == frames
    assert max(abs(t - i / fps) for i, t in enumerate(times)) <= Fraction(1, 2_000_000)


def test_seeking_works_on_the_microsecond_clock(tmp_path):
    write_clip(tmp_path / "a.mkv", moving_face(1, 64, 64) * 90, Fraction(30))
    with av.open(str(tmp_path / "a.mkv")) as container:
        container.seek(2_000_000)  # microseconds
        frame = next(container.decode(video=0))
    assert frame.time == pytest.approx(2.0, abs=0.04)


def test_a_frame_of_many_megapixels(tmp_path):
    """Larger than four slices may be."""
    frame = np.zeros((4400, 5000, 3), np.uint8)
    frame[4000:, 4500:] = (200, 100, 50)
    with open_sink(
        tmp_path / "large.mkv", Fraction(25), width=5000, height=4400, channels=3
    ) as sink:
        sink.write(frame)
    (_, read), *rest = open_clip(tmp_path / "large.mkv")
    assert not rest and np.array_equal(read, frame)
