"""Videos whose time stamps are missing, out of order or not those of the film."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from mien.errors import UnreadableVideoError
from mien.io.clips import open_clip
from tests.io.frames import moving_face, write_clip

FRAMES = 12


def levels(path: Path, fps: Fraction | None = None) -> tuple[list[float], list[int]]:
    """Return the times of a clip's frames, and their grey levels."""
    read = list(open_clip(path, fps))
    return [seconds for seconds, _ in read], [round(float(frame.mean())) for _, frame in read]


def write_levels(path: Path, container_format: str, options: dict[str, str]) -> None:
    """Write FRAMES grey frames, each 16 levels brighter, 25 a second."""
    with av.open(str(path), "w", format=container_format) as container:
        stream = container.add_stream("libx264", rate=25, options={"qp": "1"} | options)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv444p"
        for index in range(FRAMES):
            grey = np.full((64, 64, 3), 20 + 16 * index, np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def test_frames_of_an_avi_come_in_the_order_they_are_shown(tmp_path: Path) -> None:
    write_levels(tmp_path / "b.avi", "avi", {"bf": "3", "b-adapt": "0"})
    with av.open(str(tmp_path / "b.avi")) as container:  # the case that this test is about
        stamps = [frame.pts for frame in container.decode(video=0)]
        assert stamps != sorted(stamps)
    for fps in (None, Fraction(50)):
        times, grey = levels(tmp_path / "b.avi", fps)
        assert times == pytest.approx([n / float(fps or 25) for n in range(FRAMES)])
        assert np.diff(grey) == pytest.approx(16, abs=3)


@pytest.mark.parametrize("codec", ["h264", "mjpeg"])
def test_a_stream_without_a_clock_needs_a_frame_rate(tmp_path: Path, codec: str) -> None:
    path = tmp_path / f"raw.{codec}"
    if codec == "h264":
        write_levels(path, "h264", {})
    else:
        with av.open(str(path), "w", format="mjpeg") as container:
            stream = container.add_stream("mjpeg", rate=25)
            stream.width = stream.height = 64
            stream.pix_fmt = "yuvj420p"
            for _ in range(FRAMES):
                grey = np.full((64, 64, 3), 90, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
            container.mux(stream.encode(None))
    with pytest.raises(UnreadableVideoError, match=r"has no clock: give one with --fps"):
        open_clip(path)
    assert levels(path, Fraction(100))[0] == [n / 100 for n in range(FRAMES)]


def test_a_given_rate_does_not_look_at_stamps(tmp_path: Path) -> None:
    write_stamps(tmp_path / "a.mkv", (0, 33, 66, 66, 99))
    with pytest.raises(UnreadableVideoError, match=r"frame 3 .* give --fps"):
        levels(tmp_path / "a.mkv")
    assert levels(tmp_path / "a.mkv", Fraction(10))[0] == [0, 0.1, 0.2, 0.3, 0.4]


def write_stamps(path: Path, stamps: tuple[int, ...]) -> None:
    """Write a lossless clip with these time stamps, milliseconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=30)
        stream.width = stream.height = 64
        stream.pix_fmt = "bgr0"
        stream.codec_context.time_base = Fraction(1, 1000)
        for index, pts in enumerate(stamps):
            image = np.full((64, 64, 3), 20 * index, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="bgr0")
            frame.pts, frame.time_base = pts, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def test_a_cover_picture_is_not_the_film(tmp_path: Path) -> None:
    path = tmp_path / "covered.mp4"
    with av.open(str(path), "w") as container:
        cover = container.add_stream("png", rate=1)
        cover.width = cover.height = 32
        cover.pix_fmt = "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        film = container.add_stream("libx264", rate=25)
        film.width, film.height = 96, 64
        film.pix_fmt = "yuv420p"
        picture = np.zeros((32, 32, 3), np.uint8)
        container.mux(cover.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        for image in moving_face(3, 96, 64):
            container.mux(film.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(film.encode(None))
    clip = open_clip(path)
    assert clip.size == (96, 64) and len(list(clip)) == 3


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "gif"])
def test_a_colon_in_a_relative_name_is_no_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_clip(f"take:1.{suffix}", moving_face(2, 64, 64))
    assert len(list(open_clip(f"take:1.{suffix}"))) == 2


def test_metadata_in_another_encoding_do_not_stop_the_reader(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mkv", moving_face(2, 64, 64))
    data = (tmp_path / "a.mkv").read_bytes()
    assert b"Synthetic:" in data
    (tmp_path / "a.mkv").write_bytes(data.replace(b"Synthetic:", b"rol\xe9 takes"))
    assert len(list(open_clip(tmp_path / "a.mkv"))) == 2
