from __future__ import annotations

import struct
import sys
import zlib
from fractions import Fraction

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from mien.errors import MissingExtraError, OutputError, UnreadableImageError, UnreadableVideoError
from mien.io import images
from mien.io.clips import open_clip
from mien.io.images import MAX_PIXELS, read_image, read_picture, write_png


def gradient(height: int = 40, width: int = 60) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([y * 5, x * 4, (x + y) * 2], axis=2).astype(np.uint8)


def test_rgb_png_comes_back_bit_for_bit(tmp_path):
    write_png(tmp_path / "a.png", gradient())
    assert np.array_equal(read_image(tmp_path / "a.png"), gradient())


def test_alpha_is_kept_and_text_is_written(tmp_path):
    rgba = np.dstack([gradient(), np.full((40, 60), 77, np.uint8)])
    write_png(tmp_path / "a.png", rgba, {"Title": "Synthetic: x"})
    assert np.array_equal(read_image(tmp_path / "a.png"), rgba)
    assert Pillow.open(tmp_path / "a.png").text == {"Title": "Synthetic: x"}


@pytest.mark.parametrize(
    ("orientation", "turned"),
    [
        (1, lambda a: a),
        (3, lambda a: a[::-1, ::-1]),
        (6, lambda a: np.rot90(a, -1)),
        (8, lambda a: np.rot90(a, 1)),
    ],
)
def test_exif_rotation_is_applied(tmp_path, orientation, turned):
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    Pillow.fromarray(gradient()).save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(read_image(tmp_path / "a.png"), turned(gradient()))


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_pixels_are_read_strip_by_strip(tmp_path, monkeypatch, rows):
    monkeypatch.setattr(images, "STRIP_PIXELS", rows * gradient().shape[1])
    Pillow.fromarray(gradient()).save(tmp_path / "a.png")
    assert np.array_equal(read_image(tmp_path / "a.png"), gradient())


def test_grey_becomes_rgb(tmp_path):
    grey = gradient()[:, :, 0]
    Pillow.fromarray(grey).save(tmp_path / "a.png")
    assert np.array_equal(read_image(tmp_path / "a.png"), np.dstack([grey] * 3))


def test_16_bit_grey_is_scaled_not_clipped(tmp_path):
    deep = np.linspace(0, 65535, 40 * 60).reshape(40, 60).astype(np.uint16)
    Pillow.fromarray(deep).save(tmp_path / "a.png")
    read = read_image(tmp_path / "a.png")
    assert read.shape == (40, 60, 3)
    assert np.abs(read[:, :, 0] - deep / 257.0).max() <= 0.5


def test_grey_with_alpha_becomes_rgba(tmp_path):
    la = np.dstack([gradient()[:, :, 0], gradient()[:, :, 1]])
    Pillow.fromarray(la, "LA").save(tmp_path / "a.png")
    read = read_image(tmp_path / "a.png")
    assert np.array_equal(read[:, :, 2], la[:, :, 0])
    assert np.array_equal(read[:, :, 3], la[:, :, 1])


def test_palette_with_transparency_becomes_rgba(tmp_path):
    palette = Pillow.fromarray(np.tile(np.arange(60, dtype=np.uint8), (40, 1))).convert("P")
    palette.save(tmp_path / "a.png", transparency=5)
    read = read_image(tmp_path / "a.png")
    assert read.shape == (40, 60, 4)
    assert (read[:, 5, 3] == 0).all() and (read[:, 6, 3] == 255).all()


def test_cmyk_jpeg_has_the_right_colours(tmp_path):
    red = np.zeros((40, 60, 3), np.uint8)
    red[:, :, 0] = 255
    Pillow.fromarray(red).convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    assert np.abs(read_image(tmp_path / "a.jpg").astype(int) - red).max() < 6


def test_first_frame_of_an_animation(tmp_path):
    frames = [Pillow.fromarray(np.full((40, 60, 3), v, np.uint8)) for v in (10, 200)]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True)
    assert read_image(tmp_path / "a.webp")[0, 0, 0] == 10


def test_truncated_jpeg(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    Pillow.fromarray(noise).save(tmp_path / "whole.jpg")
    data = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(data[: len(data) // 2])
    with pytest.raises(UnreadableImageError, match=r"damaged.*truncated"):
        read_image(tmp_path / "cut.jpg")


@pytest.mark.parametrize("keep", [0.05, 0.5, 0.95])
def test_truncated_png(tmp_path, keep):
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    write_png(tmp_path / "whole.png", noise)
    data = (tmp_path / "whole.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(UnreadableImageError) as caught:
        read_image(tmp_path / "cut.png")
    assert "\n" not in str(caught.value)


def test_text_named_jpg_directory_missing_and_empty(tmp_path):
    (tmp_path / "a.jpg").write_text("not a picture")
    (tmp_path / "empty.png").touch()
    with pytest.raises(
        UnreadableImageError,
        match=r"cannot read .*a\.jpg: it is not a picture.*save it as PNG or JPEG",
    ):
        read_image(tmp_path / "a.jpg")
    with pytest.raises(UnreadableImageError, match="it is a folder"):
        read_image(tmp_path)
    with pytest.raises(UnreadableImageError, match="it does not exist; check the path"):
        read_image(tmp_path / "nowhere.png")
    with pytest.raises(UnreadableImageError, match="the empty file"):
        read_image(tmp_path / "empty.png")


@pytest.mark.parametrize("size", [(1, 1), (31, 400), (400, 31)])
def test_tiny_is_refused_with_the_limit(tmp_path, size):
    Pillow.new("RGB", size).save(tmp_path / "a.png")
    with pytest.raises(UnreadableImageError, match=f"at least 32x32.*{size[0]}x{size[1]}"):
        read_image(tmp_path / "a.png")


def test_30_megapixels_work(tmp_path):
    Pillow.new("RGB", (6000, 5000), (1, 2, 3)).save(tmp_path / "a.png", compress_level=1)
    assert read_image(tmp_path / "a.png").shape == (5000, 6000, 3)


@pytest.mark.parametrize("size", [(8001, 8001), (60000, 60000)])
def test_too_large_is_refused_without_decoding(tmp_path, size):
    # A header that claims the size is enough: decoding it would fail otherwise.
    small = tmp_path / "small.png"
    Pillow.new("RGB", (40, 40)).save(small)
    data = bytearray(small.read_bytes())
    data[16:24] = struct.pack(">II", *size)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    (tmp_path / "bomb.png").write_bytes(data)
    with pytest.raises(UnreadableImageError, match=f"at most {MAX_PIXELS // 10**6} million"):
        read_image(tmp_path / "bomb.png")


def test_write_png_into_a_file_as_if_it_were_a_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write"):
        write_png(tmp_path / "file" / "a.png", gradient())


def gradient_16(bits: int) -> np.ndarray:
    """Return (40, 60) uint16 from 0 to the largest value of a depth."""
    return np.linspace(0, (1 << bits) - 1, 40 * 60).reshape(40, 60).astype(np.uint16)


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("colour", [False, True])
def test_the_true_depth_of_16_bit_files_is_found_and_told(tmp_path, bits, colour):
    deep = gradient_16(bits)
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), np.dstack([deep // 2, deep // 4, deep]) if colour else deep)  # BGR
    read = read_picture(path)
    expected = deep * (255 / ((1 << bits) - 1))
    assert np.abs(read.image[:, :, 0] - expected).max() <= 0.51
    assert np.abs(read.image[:, :, 1] - expected / (4 if colour else 1)).max() <= 0.8
    assert read.bits == bits
    assert bool(read.notes) == (bits < 16)
    if read.notes:
        assert read.notes[0] == (
            f"its values fit into {bits} of 16 bits, and are scaled from 0 to {(1 << bits) - 1}"
        )


def test_one_depth_for_all_frames_of_a_folder(tmp_path):
    for number, bits in enumerate((10, 12, 10)):  # the first frame is darker than the second
        cv2.imwrite(str(tmp_path / f"{number}.png"), gradient_16(bits))
    clip = open_clip(tmp_path, Fraction(100))
    peaks = [int(frame.max()) for _, frame in clip]
    assert peaks == [64, 255, 64] and "12 of 16 bits" in clip.notes[0]


def test_a_damaged_deep_frame_is_told_in_its_turn(tmp_path):
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), gradient_16(12))
    (tmp_path / "2.png").write_bytes(b"no picture")
    frames = iter(open_clip(tmp_path, Fraction(25)))
    assert next(frames)[1].max() == next(frames)[1].max() == 255
    with pytest.raises(UnreadableVideoError, match=r"frame 2 cannot be read: .*2\.png"):
        next(frames)


def test_frames_of_8_and_16_bits_are_refused(tmp_path):
    cv2.imwrite(str(tmp_path / "0.png"), gradient_16(12))
    cv2.imwrite(str(tmp_path / "1.png"), gradient_16(8).astype(np.uint8))
    with pytest.raises(UnreadableVideoError, match=r"got 16 in 0\.png and 8 in 1\.png"):
        list(open_clip(tmp_path, Fraction(25)))


def profile(gamma: float, red: tuple[float, float] = (0.64, 0.33)) -> bytes:
    """Return an RGB profile with the white of sRGB, this gamma and this red; see ICC.1:2010."""

    def s15(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    xy = np.array([red, (0.30, 0.60), (0.15, 0.06)])
    primaries = np.array([[x / y, 1, (1 - x - y) / y] for x, y in xy]).T
    white = np.array([0.9642, 1.0, 0.8249])
    columns = primaries * np.linalg.solve(primaries, white)
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = b"a wide red"
    desc = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" * 79
    tags = {
        b"desc": desc + b"\0" * (-len(desc) % 4),
        b"wtpt": b"XYZ \0\0\0\0" + b"".join(map(s15, white)),
    }
    for name, column in zip((b"r", b"g", b"b"), columns.T, strict=True):
        tags[name + b"XYZ"] = b"XYZ \0\0\0\0" + b"".join(map(s15, column))
        tags[name + b"TRC"] = curve
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    size = start + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + b"".join(map(s15, white)) + b"\0" * 48
    return head + struct.pack(">I", len(tags)) + table + body


def test_embedded_profiles_become_srgb(tmp_path):
    grey = np.full((40, 60, 3), 128, np.uint8)
    red = np.zeros((40, 60, 3), np.uint8)
    red[..., 0] = 200
    path = tmp_path / "a.png"
    Pillow.fromarray(red).save(path, icc_profile=profile(2.2, red=(0.70, 0.30)))
    read = read_picture(path)
    assert read.notes == ("its colours are converted from a wide red to sRGB",)
    assert read.image[0, 0, 0] > 205  # a redder red
    # Gamma 1.0 stores light itself: half of it is 188 in sRGB.
    Pillow.fromarray(grey).save(path, icc_profile=profile(1.0))
    assert np.abs(read_image(path).astype(int) - 188).max() <= 1
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for data in (srgb, b"no profile", None):
        Pillow.fromarray(red).save(path, icc_profile=data)
        assert np.array_equal(read_image(path), red) and read_picture(path).notes == ()


def test_a_profile_of_a_deep_picture_counts(tmp_path):
    """A 16-bit PNG with a profile of gamma 1.0: half of the light is 188 in sRGB."""
    path = tmp_path / "deep.png"
    ok, data = cv2.imencode(".png", np.full((40, 60, 3), 32896, np.uint16))
    assert ok
    body, name = profile(1.0), b"light\0\0"
    chunk = b"iCCP" + name + zlib.compress(body)
    chunk = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    whole = data.tobytes()
    path.write_bytes(whole[:33] + chunk + whole[33:])  # after the header
    read = read_picture(path)
    assert read.bits == 16 and np.abs(read.image.astype(int) - 188).max() <= 1
    assert len(read.notes) == 1 and read.notes[0].endswith("to sRGB")


def test_avif_and_heic(tmp_path, monkeypatch):
    import pillow_heif

    Pillow.fromarray(gradient()).save(tmp_path / "a.avif", quality=95)
    pillow_heif.from_pillow(Pillow.fromarray(gradient())).save(tmp_path / "a.heic", quality=95)
    for name in ("a.avif", "a.heic"):
        assert np.abs(read_image(tmp_path / name).astype(int) - gradient()).mean() < 4, name
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(
        MissingExtraError,
        match=r"a.heic: HEIC needs pillow-heif: .*pip install .*heic.*JPEG or PNG",
    ):
        read_image(tmp_path / "a.heic")
