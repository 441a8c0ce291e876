from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction

import av
import numpy as np
import pytest

from mien.errors import OutputError, UsageError
from mien.io import sink as sinks_module
from mien.io.clips import open_clip
from mien.io.formats import SinkOptions
from mien.io.sink import on_white
from mien.io.sinks import open_sink, output_kind
from tests.io.frames import moving_face, write_clip

OUTPUTS = ["a.mp4", "a.mkv", "a.gif", "frames"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.mp4", "mp4"),
        ("A.MKV", "mkv"),
        ("x/a.gif", "gif"),
        ("frames", "png"),
        ("frames/", "png"),
        ("v1.2/", "png"),
        ("v1.2/frames", "png"),
    ],
)
def test_extension_picks_the_format(path, kind):
    assert output_kind(path) == kind


@pytest.mark.parametrize("path", ["a.avi", "a.png", "a.mp4.zip"])
def test_unknown_extension_names_what_is_possible(path):
    with pytest.raises(OutputError, match=r"\.mp4, \.mkv \(lossless\) or \.gif, or a folder"):
        open_sink(path, Fraction(25), width=64, height=64)


@pytest.mark.parametrize("name", OUTPUTS)
def test_wrong_frames_are_refused_and_nothing_stays(tmp_path, name):
    good = moving_face(1, 64, 48)[0]
    for bad in (good[:-1], good[:, :, :1], good.astype(np.float32)):
        with (
            pytest.raises(UsageError, match=r"expected frame 1 of shape \(48, 64, 3\) uint8"),
            open_sink(tmp_path / name, Fraction(50), width=64, height=48) as sink,
        ):
            sink.write(good)
            sink.write(bad)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failing_render_leaves_nothing(tmp_path, name, error):
    frames = moving_face(12, 64, 64)
    with (
        pytest.raises(error),
        open_sink(tmp_path / "new" / name, Fraction(50), width=64, height=64) as sink,
    ):
        for frame in frames:
            sink.write(frame)
        raise error
    assert list(tmp_path.iterdir()) == []
    assert not [t for t in threading.enumerate() if t.name == "mien-encoder"]


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_frames_is_an_error(tmp_path, name):
    with (
        pytest.raises(OutputError, match="at least one frame"),
        open_sink(tmp_path / name, Fraction(50), width=64, height=64),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", OUTPUTS)
def test_unwritable_place_is_found_on_entering(tmp_path, name):
    (tmp_path / "file").touch()
    with (
        pytest.raises(OutputError, match="cannot write"),
        open_sink(tmp_path / "file" / name, Fraction(50), width=64, height=64),
    ):
        pytest.fail("the block must not run")


@pytest.mark.parametrize("name", OUTPUTS)
def test_one_frame_and_callers_buffer_may_be_reused(tmp_path, name):
    frame = moving_face(1, 64, 64)[0]
    with open_sink(tmp_path / name, Fraction(50), width=64, height=64) as sink:
        for level in (40, 200):
            frame[:] = level
            sink.write(frame)
    means = [image.mean() for _, image in open_clip(tmp_path / name, Fraction(50))]
    assert np.allclose(means, [40, 200], atol=5)


@pytest.mark.parametrize("waiting", [0, 1 << 26])
def test_encoder_errors_reach_the_caller(tmp_path, monkeypatch, waiting):
    monkeypatch.setattr(sinks_module, "WAITING_BYTES", waiting)
    sink = open_sink(tmp_path / "a.mp4", Fraction(50), width=64, height=64)

    def full_disk(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sink, "_encode", full_disk)
    with pytest.raises(OutputError, match=r"cannot write .*a\.mp4: No space left"), sink:
        for frame in moving_face(1, 64, 64) * 100:
            sink.write(frame)
            time.sleep(0.001)
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys, time
from fractions import Fraction
import numpy as np
from mien.io.sinks import open_sink
with open_sink(sys.argv[1], Fraction(50), width=256, height=256) as sink:
    for i in range(100_000):
        sink.write(np.random.default_rng(i % 8).integers(0, 255, (256, 256, 3), dtype=np.uint8))
        if i == 20:
            print("writing", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("name", ["a.mp4", "frames"])
def test_a_killed_process_leaves_nothing_under_the_final_name(tmp_path, name):
    target = tmp_path / name
    command = [sys.executable, "-c", KILLED, str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(signal.SIGKILL)
    assert not target.exists()
    leftovers = [p.name for p in tmp_path.iterdir()]
    assert leftovers and all(n.startswith(".") and n.endswith(".part") for n in leftovers)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_leaves_nothing_at_all(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path / "new" / "a.mkv")]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_video_metadata_says_synthetic(tmp_path, name):
    write_clip(tmp_path / name, moving_face(2, 64, 64))
    with av.open(str(tmp_path / name)) as container:
        metadata = {key.lower(): value for key, value in container.metadata.items()}
    assert metadata["title"].startswith("Synthetic: ")
    assert "Mien" in metadata["title"]
    assert metadata["comment"].startswith("Synthetic: ")


def test_alpha_is_laid_over_white():
    frame = np.zeros((1, 3, 4), np.uint8)
    frame[0, :, 0] = 100
    frame[0, :, 3] = (0, 128, 255)
    assert on_white(frame).tolist() == [[[255, 255, 255], [177, 127, 127], [100, 0, 0]]]


def test_options_are_checked():
    with pytest.raises(UsageError, match="chroma 444 or 420"):
        SinkOptions(chroma="422")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="quantiser from 1 to 51"):
        SinkOptions(quantiser=0)


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_large_frame_is_encoded_before_the_next_one(tmp_path, monkeypatch, name):
    """So that large frames do not wait in memory; what is written is the same but for x264's own threads."""
    frames = moving_face(5, 64, 64)
    write_clip(tmp_path / f"waiting {name}", frames, Fraction(50))
    monkeypatch.setattr(sinks_module, "WAITING_BYTES", frames[0].nbytes - 1)
    sink = open_sink(tmp_path / name, Fraction(50), width=64, height=64)
    encoded = []
    encode = sink._encode
    monkeypatch.setattr(sink, "_encode", lambda item: (encoded.append(item), encode(item)))
    with sink:
        for count, frame in enumerate(frames, start=1):
            sink.write(frame)
            assert len(encoded) == count
    one, other = (
        [image for _, image in open_clip(tmp_path / each, Fraction(50))]
        for each in (name, f"waiting {name}")
    )
    assert len(one) == len(other) == 5
    for a, b in zip(one, other, strict=True):
        assert np.abs(a.astype(int) - b).mean() < (0.5 if name == "a.mp4" else 1e-9)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("name", OUTPUTS)
def test_a_failing_render_of_large_frames_leaves_nothing(tmp_path, monkeypatch, name, error):
    monkeypatch.setattr(sinks_module, "WAITING_BYTES", 0)
    with (
        pytest.raises(error),
        open_sink(tmp_path / name, Fraction(50), width=64, height=64) as sink,
    ):
        sink.write(moving_face(1, 64, 64)[0])
        raise error
    assert list(tmp_path.iterdir()) == []


def test_sizes_and_rates_that_no_file_can_hold():
    # H.264's highest level has 139,264 blocks of 16x16 pixels.
    open_sink("a.mp4", Fraction(25), width=8192, height=4352)
    with pytest.raises(OutputError, match=r"at most 35\.7 million pixels in a\.mp4, got 7000x7000"):
        open_sink("a.mp4", Fraction(25), width=7000, height=7000)
    open_sink("a.mkv", Fraction(25), width=7000, height=7000)
    with pytest.raises(OutputError, match="at most 16384"):
        open_sink("a.mp4", Fraction(25), width=20000, height=64)
    with pytest.raises(UsageError, match="above 0"):
        open_sink("a.mp4", Fraction(0), width=64, height=64)
    with pytest.raises(UsageError, match="channels"):
        open_sink("a.mp4", Fraction(25), width=64, height=64, channels=1)
