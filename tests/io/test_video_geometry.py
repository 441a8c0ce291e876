"""Films whose metadata turn, mirror or stretch the stored pixels."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from mien.io.clips import open_clip
from tests.io.frames import moving_face, psnr, write_clip

Matrix = tuple[int, int, int, int]


def with_matrix(path: Path, matrix: Matrix) -> Path:
    """Return a copy of an MP4 whose track has this display matrix: a, b, c, d."""
    data = bytearray(path.read_bytes())
    # The 3x3 matrix stands 44 bytes into the track header's box; (a, b, u, c, d, ...) as 16.16.
    start = data.index(b"tkhd") + 4 + 40
    a, b, c, d = (v * 65536 for v in matrix)
    assert struct.unpack_from(">i", data, start)[0] == 65536
    struct.pack_into(">5i", data, start, a, b, 0, c, d)
    turned = path.with_name("turned.mp4")
    turned.write_bytes(data)
    return turned


@pytest.mark.parametrize(
    ("matrix", "upright"),
    [
        ((0, 1, -1, 0), lambda image: np.rot90(image, -1)),
        ((0, -1, 1, 0), np.rot90),
        ((-1, 0, 0, -1), lambda image: image[::-1, ::-1]),
        ((-1, 0, 0, 1), np.fliplr),
        ((1, 0, 0, -1), np.flipud),
        # The front camera of a phone that was held upright.
        ((0, 1, 1, 0), lambda image: image.swapaxes(0, 1)),
        ((0, -1, -1, 0), lambda image: image[::-1, ::-1].swapaxes(0, 1)),
    ],
    ids=["clockwise", "counter-clockwise", "half turn", "mirror", "flip", "transpose", "other"],
)
def test_the_display_matrix_is_applied(
    tmp_path: Path, matrix: Matrix, upright: Callable[[np.ndarray], np.ndarray]
) -> None:
    frame = moving_face(1, 96, 64)[0]
    write_clip(tmp_path / "a.mp4", [frame] * 2)
    clip = open_clip(with_matrix(tmp_path / "a.mp4", matrix))
    expected = upright(frame)
    assert clip.size == expected.shape[1::-1]
    assert psnr(next(iter(clip))[1], expected) > 42


@pytest.mark.parametrize(
    ("aspect", "stored", "size"),
    [
        (Fraction(64, 45), (90, 96), (128, 96)),
        (Fraction(1, 2), (128, 48), (128, 96)),
        (None, (96, 64), (96, 64)),
        (Fraction(1000, 1001), (96, 64), (96, 64)),  # less than half a pixel
    ],
)
def test_pixels_become_square(
    tmp_path: Path, aspect: Fraction | None, stored: tuple[int, int], size: tuple[int, int]
) -> None:
    path = tmp_path / "a.mp4"
    whole = moving_face(1, *size)[0]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"qp": "1"})
        stream.width, stream.height = stored
        stream.pix_fmt = "yuv444p"
        if aspect:
            stream.sample_aspect_ratio = aspect
        image = av.VideoFrame.from_ndarray(whole, format="rgb24")
        container.mux(stream.encode(image.reformat(width=stored[0], height=stored[1])))
        container.mux(stream.encode(None))
    clip = open_clip(path)
    frame = next(iter(clip))[1]
    assert clip.size == size and frame.shape == (size[1], size[0], 3)
    assert psnr(frame, whole) > 25
    assert bool(clip.notes) == (stored != size)
    if clip.notes:
        assert f"the frames are resampled to {size[0]}x{size[1]}" in clip.notes[0]


def test_interlaced_film_is_named(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"x264-params": "tff=1"})
        stream.width, stream.height = 96, 64
        stream.pix_fmt = "yuv420p"
        for image in moving_face(2, 96, 64):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    assert open_clip(tmp_path / "a.mkv").notes[0].startswith("it is interlaced")
