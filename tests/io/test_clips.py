from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pillow_heif
import pytest
from PIL import Image as Pillow

from mien.errors import UnreadableVideoError
from mien.io.clips import open_clip
from mien.io.images import FRAME_SUFFIXES, write_png
from mien.io.sidecar import Sidecar, sidecar_text
from tests.io.frames import moving_face, psnr, write_clip


def drain(path, fps=None) -> tuple[int, str]:
    """Read as far as it goes; returns the number of good frames and the error."""
    frames = 0
    with pytest.raises(UnreadableVideoError) as caught:
        for _ in open_clip(path, fps):
            frames += 1
    assert "\n" not in str(caught.value)
    return frames, str(caught.value)


@pytest.mark.parametrize("fps", [Fraction(200), Fraction(30000, 1001)])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "frames"])
def test_what_was_written_is_read(tmp_path, name, fps):
    frames = moving_face(8, 65, 49)
    write_clip(tmp_path / name, frames, fps)
    clip = open_clip(tmp_path / name, fps if name == "frames" else None)
    assert (clip.fps, clip.size, clip.channels) == (fps, (65, 49), 3)
    for _ in range(2):  # a clip can be read again
        read = list(clip)
        assert [seconds for seconds, _ in read] == [float(i / fps) for i in range(8)]
        worst = min(psnr(a, b) for (_, a), b in zip(read, frames, strict=True))
        assert worst >= 42 if name == "a.mp4" else worst == float("inf")


@pytest.mark.parametrize("name", ["a.mkv", "frames"])
def test_alpha_is_kept(tmp_path, name):
    frame = np.random.default_rng(0).integers(0, 256, (48, 64, 4), dtype=np.uint8)
    write_clip(tmp_path / name, [frame])
    clip = open_clip(tmp_path / name, Fraction(200))
    assert clip.channels == 4
    assert np.array_equal(next(iter(clip))[1], frame)


def test_given_fps_replaces_the_files_clock(tmp_path):
    write_clip(tmp_path / "a.mp4", moving_face(3, 64, 64), Fraction(25))
    clip = open_clip(tmp_path / "a.mp4", Fraction(200))
    assert clip.fps == 200
    assert [seconds for seconds, _ in clip] == [0.0, 0.005, 0.01]


def test_gif_is_read_at_its_own_slowed_clock(tmp_path):
    write_clip(tmp_path / "a.gif", moving_face(3, 64, 64), Fraction(200))
    clip = open_clip(tmp_path / "a.gif")
    assert (clip.fps, clip.channels) == (50, 3)
    assert [seconds for seconds, _ in clip] == [0.0, 0.02, 0.04]


def test_half_resolution_colour_is_interpolated(tmp_path):
    y, x = np.mgrid[0:128, 0:128]
    smooth = np.stack([x * 2, y * 2, 255 - x - y], axis=2).clip(0, 255).astype(np.uint8)
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 128
        stream.pix_fmt = "yuv420p"
        stream.options = {"qp": "1"}
        frame = av.VideoFrame.from_ndarray(smooth, format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert psnr(next(iter(open_clip(tmp_path / "a.mp4")))[1], smooth) > 40


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.gif"])
@pytest.mark.parametrize("keep", [0.7, 0.95])
def test_a_cut_off_file_yields_what_is_good_and_says_where_it_broke(tmp_path, name, keep):
    write_clip(tmp_path / name, moving_face(30, 128, 128), Fraction(50))
    data = (tmp_path / name).read_bytes()
    marks = {"a.mp4": b"uuid", "a.gif": b"\x21\xff\x0bXMP"}  # stand behind the frames
    frames_end = data.rindex(marks[name]) if name in marks else len(data)
    (tmp_path / name).write_bytes(data[: int(frames_end * keep)])
    frames, message = drain(tmp_path / name)
    assert 0 < frames < 30
    assert f"breaks at frame {frames} ({frames / 50:.3f} s)" in message


def test_damage_midway_is_found(tmp_path):
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 256, (128, 128, 3), dtype=np.uint8) for _ in range(20)]
    write_clip(tmp_path / "a.mp4", frames)
    data = bytearray((tmp_path / "a.mp4").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 500] = rng.integers(0, 256, 500, dtype=np.uint8).tobytes()
    (tmp_path / "a.mp4").write_bytes(data)
    frames_read, message = drain(tmp_path / "a.mp4")
    assert frames_read < 20
    assert "breaks at frame" in message


def test_not_a_video(tmp_path):
    (tmp_path / "a.mp4").write_text("not a video\n" * 100)
    (tmp_path / "a.txt").write_text("not a video\n" * 100)
    (tmp_path / "empty.mp4").touch()
    Pillow.new("RGB", (64, 64)).save(tmp_path / "a.png")
    Pillow.new("RGB", (64, 64)).save(tmp_path / "a.jpg")
    for name in ("a.mp4", "a.txt", "empty.mp4", "a.png", "a.jpg"):
        with pytest.raises(UnreadableVideoError, match="expected a video"):
            open_clip(tmp_path / name)
    with pytest.raises(UnreadableVideoError, match="no video or folder of this name"):
        open_clip(tmp_path / "nowhere.mp4")


def test_sound_alone_is_no_video(tmp_path):
    with av.open(str(tmp_path / "a.wav"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        sound.sample_rate = 8000
        container.mux(stream.encode(sound))
    with pytest.raises(UnreadableVideoError, match="no moving picture"):
        open_clip(tmp_path / "a.wav")


def test_a_folder_is_read_by_number(tmp_path):
    for number in (10, 9, 12, 8):
        write_png(tmp_path / f"img{number}.png", np.full((32, 32, 3), number, np.uint8))
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".hidden.png").touch()
    clip = open_clip(tmp_path, Fraction(30000, 1001))
    assert [frame[0, 0, 0] for _, frame in clip] == [8, 9, 10, 12]
    # Number 11 is missing, so that 12 is at four frames.
    assert [seconds for seconds, _ in clip] == [n * 1001 / 30000 for n in (0, 1, 2, 4)]
    assert clip.notes == (
        "1 frame number is missing, after img10.png: "
        "the frames that follow keep the times of their numbers",
    )


def test_numbers_that_never_follow_each_other_may_be_times(tmp_path):
    for milliseconds in (0, 33, 67):
        write_png(tmp_path / f"{milliseconds}.png", np.zeros((32, 32, 3), np.uint8))
    (note,) = open_clip(tmp_path, Fraction(30)).notes
    assert note.startswith("65 frame numbers are missing, after 0.png, 33.png: ")
    assert note.endswith("if these do not count frames, number the files 1, 2, 3, ...")


@pytest.mark.parametrize("suffix", FRAME_SUFFIXES)
def test_a_folder_of_any_kind_of_picture(tmp_path, suffix):
    pillow_heif.register_heif_opener()
    for number, frame in enumerate(moving_face(2, 40, 40)):
        Pillow.fromarray(frame).save(tmp_path / f"{number}{suffix.upper()}")
    assert len(list(open_clip(tmp_path, Fraction(10)))) == 2


def test_folder_needs_a_frame_rate_unless_a_sidecar_tells(tmp_path):
    write_clip(tmp_path / "frames", moving_face(2, 64, 64), Fraction(30000, 1001))
    with pytest.raises(UnreadableVideoError, match="expected a frame rate"):
        open_clip(tmp_path / "frames")
    sidecar = Sidecar("rig", None, Fraction(30000, 1001), 2, 64, 64)
    (tmp_path / "frames" / "mien.json").write_text(sidecar_text(sidecar))
    assert open_clip(tmp_path / "frames").fps == Fraction(30000, 1001)
    (tmp_path / "frames" / "mien.json").write_text("{}")
    with pytest.raises(UnreadableVideoError, match=r"frame rate of .* cannot be read"):
        open_clip(tmp_path / "frames")


def test_broken_and_odd_frames_in_a_folder(tmp_path):
    for number in range(3):
        write_png(tmp_path / f"{number}.png", np.zeros((32, 32, 3), np.uint8))
    (tmp_path / "1.png").write_bytes(b"broken")
    assert drain(tmp_path, Fraction(25))[0] == 1
    (tmp_path / "1.png").unlink()
    write_png(tmp_path / "1.png", np.zeros((40, 32, 3), np.uint8))
    frames, message = drain(tmp_path, Fraction(25))
    assert frames == 1
    assert "1.png" in message
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableVideoError, match="expected frames"):
        open_clip(tmp_path / "empty", Fraction(25))


def test_two_frames_at_one_time_break_a_video(tmp_path: Path) -> None:
    import av

    path = tmp_path / "twice.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=30)
        stream.width = stream.height = 64
        stream.pix_fmt = "bgr0"
        stream.codec_context.time_base = Fraction(1, 1000)
        for index, pts in enumerate((0, 33, 66, 66, 99)):
            image = np.full((64, 64, 3), 20 * index, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="bgr0")
            frame.pts, frame.time_base = pts, Fraction(1, 1000)
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    with pytest.raises(UnreadableVideoError, match="frame 3"):
        list(open_clip(path))
