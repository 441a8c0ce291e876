from __future__ import annotations

from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from mien.io.formats import SinkOptions
from tests.io.frames import moving_face, psnr, write_clip

MIN_PSNR_DB = 42.0


def decode(path) -> list[np.ndarray]:
    """Decode as anybody would, without Mien's own reader."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def noisy(frames: list[np.ndarray]) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    grain = rng.normal(0, 8, frames[0].shape)
    return [np.clip(frame + grain, 0, 255).astype(np.uint8) for frame in frames]


@pytest.mark.parametrize("spoil", [lambda frames: frames, noisy], ids=["clean", "noisy"])
def test_every_frame_keeps_42_db_at_default_quality(tmp_path, spoil):
    frames = spoil(moving_face(24))
    write_clip(tmp_path / "a.mp4", frames)
    quality = [psnr(a, b) for a, b in zip(decode(tmp_path / "a.mp4"), frames, strict=True)]
    assert min(quality) >= MIN_PSNR_DB


def test_opencv_sees_the_same_colours(tmp_path):
    # OpenCV ignores the colour tags: the matrix must be the one that it assumes.
    frames = moving_face(2)
    write_clip(tmp_path / "a.mp4", frames)
    done, bgr = cv2.VideoCapture(str(tmp_path / "a.mp4")).read()
    assert done
    assert psnr(bgr[:, :, ::-1], frames[0]) >= MIN_PSNR_DB


@pytest.mark.parametrize(
    "fps", [Fraction(200), Fraction(30000, 1001), Fraction(24), Fraction(1000, 7), Fraction(1, 2)]
)
def test_frame_i_is_at_exactly_i_over_fps(tmp_path, fps):
    write_clip(tmp_path / "a.mp4", moving_face(12, 64, 64), fps)
    with av.open(str(tmp_path / "a.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == fps
        times = [frame.pts * frame.time_base for frame in container.decode(stream)]
        assert stream.duration * stream.time_base == 12 / fps
    assert times == [i / fps for i in range(12)]


@pytest.mark.parametrize("chroma", ["444", "420"])
@pytest.mark.parametrize(("width", "height"), [(65, 48), (64, 49), (333, 201)])
def test_odd_sizes(tmp_path, chroma, width, height):
    frames = moving_face(3, width, height)
    options = SinkOptions(chroma=chroma)
    facts = write_clip(tmp_path / "a.mp4", frames, options=options).facts
    decoded = decode(tmp_path / "a.mp4")
    right, bottom = facts.padding_right_px, facts.padding_bottom_px
    assert (right, bottom) == ((width % 2, height % 2) if chroma == "420" else (0, 0))
    assert decoded[0].shape == (height + bottom, width + right, 3)
    assert psnr(decoded[2][:height, :width], frames[2]) > (30 if chroma == "420" else MIN_PSNR_DB)


def test_420_is_the_format_that_every_player_knows(tmp_path):
    write_clip(tmp_path / "a.mp4", moving_face(2), options=SinkOptions(chroma="420"))
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.streams.video[0].codec_context.pix_fmt == "yuvj420p"
    # Grey has no colour to lose, so that only quantisation is left.
    grey = [np.repeat(frame[:, :, :1], 3, axis=2) for frame in moving_face(2)]
    write_clip(tmp_path / "b.mp4", grey, options=SinkOptions(chroma="420"))
    assert psnr(decode(tmp_path / "b.mp4")[1], grey[1]) >= MIN_PSNR_DB


def test_index_stands_before_the_frames(tmp_path):
    write_clip(tmp_path / "a.mp4", moving_face(2, 64, 64))
    data = (tmp_path / "a.mp4").read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_alpha_is_laid_over_white_and_said(tmp_path):
    frame = np.zeros((64, 64, 4), np.uint8)
    frame[:, 32:, 3] = 255
    facts = write_clip(tmp_path / "a.mp4", [frame] * 2).facts
    assert facts.alpha == "on white"
    decoded = decode(tmp_path / "a.mp4")[0]
    assert decoded[:, :28].min() > 250
    assert decoded[:, 36:].max() < 5


@pytest.mark.parametrize("chroma", ["420", "444"])
def test_a_face_that_is_at_rest_again_is_the_first_picture(tmp_path, chroma):
    """Nothing of a movement stays after it, which would tell clips that move from those that do not."""
    rest = np.random.default_rng(5).integers(60, 200, (64, 96, 3), dtype=np.uint8)
    moved = [np.clip(rest.astype(int) + by, 0, 255).astype(np.uint8) for by in (3, 9, 20, 9, 3)]
    frames = [*[rest] * 4, *moved, *[rest] * 6, *moved[1:3], *[rest] * 5]
    path = tmp_path / "a.mp4"
    write_clip(path, frames, options=SinkOptions(chroma=chroma))
    read = np.stack(decode(path)).astype(int)
    assert np.array_equal(read[9], read[0]) and np.array_equal(read[17], read[0])
    # At rest the encoder goes on refining the picture, in the same way each time.
    assert np.array_equal(read[10:13], read[1:4])
