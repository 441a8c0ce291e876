from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from mien.io.clips import open_clip
from mien.io.digital_source import digital_sources_in


def packed(*pictures: bytes) -> bytes:
    return b"".join(struct.pack("<I", len(each)) + each for each in pictures)


def png(picture: np.ndarray) -> bytes:
    out = BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def pictures(small_face: np.ndarray) -> list[np.ndarray]:
    return [np.ascontiguousarray(np.roll(small_face, by, axis=1)) for by in range(3)]


def test_pictures_become_a_clip_pixel_for_pixel(client, pictures, tmp_path):
    content = packed(*map(png, pictures))
    answer = client.post("/api/clips/frames?name=subject 7&fps=30000/1001", content=content)
    assert answer.status_code == 201, answer.text
    clip = answer.json()
    assert (clip["name"], clip["frames"], clip["fps"]) == ("subject 7.mkv", 3, "30000/1001")
    (kept,) = (tmp_path / "studio" / "clips").iterdir()
    assert np.array_equal([frame for _, frame in open_clip(kept)], pictures)
    assert b"ynthetic" not in kept.read_bytes()  # it was filmed, for all that is known
    again = client.post("/api/clips/frames?name=subject 7&fps=30000/1001", content=content)
    assert again.json()["id"] == clip["id"]


def test_pictures_that_say_they_are_synthetic_stay_so(client, pictures, tmp_path):
    out = BytesIO()
    uri = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    Image.fromarray(pictures[0]).save(out, "JPEG", xmp=f'<a DigitalSourceType="{uri}"/>'.encode())
    answer = client.post(
        "/api/clips/frames?name=a&fps=25", content=packed(png(pictures[1]), out.getvalue())
    )
    assert answer.status_code == 201, answer.text
    (kept,) = (tmp_path / "studio" / "clips").iterdir()
    assert digital_sources_in([kept]) == ("compositeWithTrainedAlgorithmicMedia",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda made: b"", "got none"),
        (lambda made: packed(*made)[:-1], "picture 3 is not complete"),
        (lambda made: packed(*made) + b"ab", "picture 4 is not complete"),
        (lambda made: packed(made[0], b"hello"), "number 2"),
        (lambda made: packed(made[0], png(np.zeros((64, 64, 3), np.uint8))), "64x64 in picture 2"),
    ],
)
def test_what_is_no_row_of_pictures_is_refused_and_leaves_nothing(
    client, pictures, tmp_path, change, says
):
    content = change([png(picture) for picture in pictures])
    answer = client.post("/api/clips/frames?name=a&fps=25", content=content)
    assert answer.status_code == 422 and says in answer.json()["error"]["message"]
    assert not [path for path in (tmp_path / "studio").rglob("*") if path.is_file()]


def test_names_and_rates(client, pictures):
    content = packed(*map(png, pictures))
    for query in ("name=../a&fps=25", "name=a&fps=0", "name=a&fps=fast"):
        answer = client.post(f"/api/clips/frames?{query}", content=content)
        assert answer.status_code == 422, query
