"""The mark in each format, read back by other programs, and the frames behind it unchanged."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
from PIL import Image as Pillow

from mien.io.clips import open_clip
from mien.io.digital_source import DIGITAL_SOURCES, combined, digital_sources_in
from mien.io.mark import SyntheticMark
from mien.io.sinks import open_sink
from mien.io.xmp import xmp_packet
from tests.io.frames import moving_face

URI = "http://cv.iptc.org/newscodes/digitalsourcetype/"
NAMES = ("a.mp4", "a.mkv", "a.gif", "frames")
TYPE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
DOCUMENT = "{http://ns.adobe.com/xap/1.0/sType/ResourceRef#}documentID"
TRAINED = "compositeWithTrainedAlgorithmicMedia"


def written(path: Path, mark: SyntheticMark, frames: list[np.ndarray]) -> list[Path]:
    """Write a clip; return its files."""
    height, width, _ = frames[0].shape
    sink = open_sink(path, Fraction(25), width=width, height=height)
    sink.mark = mark
    with sink:
        for frame in frames:
            sink.write(frame)
    return sorted(path.iterdir()) if path.is_dir() else [path]


def mp4_boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """The boxes of an mp4, as ISO 14496-12 lays them out."""
    boxes, at = [], 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        assert 8 <= size <= len(data) - at, "the last box ends with the file"
        boxes.append((kind, data[at + 8 : at + size]))
        at += size
    return boxes


def packet_in(file: Path) -> str:
    """The XMP of a file, from where its format has its place for it."""
    if file.suffix == ".png":
        with Pillow.open(file) as picture:
            return picture.text["XML:com.adobe.xmp"]
    if file.suffix == ".gif":
        with Pillow.open(file) as picture:
            picture.seek(picture.n_frames - 1)
            data = file.read_bytes()
            at = data.index(b"\x21\xff\x0bXMP DataXMP") + 14
            return data[at : data.index(b"\x01\xff\xfe", at)].decode()
    (packet,) = [
        body[16:]
        for kind, body in mp4_boxes(file.read_bytes())
        if kind == b"uuid" and body[:16].hex() == "be7acfcb97a942e89c71999491e3afac"
    ]
    return packet.decode()


@pytest.mark.parametrize("source", DIGITAL_SOURCES)
@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "frames"])
def test_xmp_has_the_source_and_the_ingredients(tmp_path, name, source):
    mark = SyntheticMark(source=source, ingredients=("a" * 64, "b" * 64))
    for file in written(tmp_path / name, mark, moving_face(2, 64, 48)):
        packet = packet_in(file)
        tree = ElementTree.fromstring(packet.partition("?>")[2].rpartition("<?xpacket")[0])
        assert [each.text for each in tree.iter(TYPE)] == [URI + source]
        assert [each.text for each in tree.iter(DOCUMENT)] == [
            "sha256:" + "a" * 64,
            "sha256:" + "b" * 64,
        ]
        assert digital_sources_in([file]) == (source,)


def test_mkv_has_tags(tmp_path):
    mark = SyntheticMark(source=TRAINED, ingredients=("a" * 64,))
    (file,) = written(tmp_path / "a.mkv", mark, moving_face(2, 64, 48))
    with av.open(str(file)) as container:
        assert container.metadata["DIGITAL_SOURCE_TYPE"] == URI + TRAINED
        assert container.metadata["INGREDIENTS"] == "sha256:" + "a" * 64
    assert digital_sources_in([file]) == (TRAINED,)


@pytest.mark.parametrize("name", NAMES)
def test_marks_change_no_pixel_and_no_time(tmp_path, name):
    frames = moving_face(5, 64, 48)
    bare = SyntheticMark(title="", comment="x", source=None)
    full = SyntheticMark(source=TRAINED, ingredients=("a" * 64,))
    (tmp_path / "bare").mkdir()
    written(tmp_path / "bare" / name, bare, frames)
    written(tmp_path / name, full, frames)
    one, other = (
        open_clip(tmp_path / "bare" / name, fps=Fraction(25)),
        open_clip(tmp_path / name, fps=Fraction(25)),
    )
    assert one.fps == other.fps
    pairs = list(zip(one, other, strict=True))
    assert len(pairs) == 5
    for (a_seconds, a), (b_seconds, b) in pairs:
        assert a_seconds == b_seconds and np.array_equal(a, b)


@pytest.mark.parametrize("name", NAMES)
def test_without_a_source_nothing_is_claimed(tmp_path, name):
    mark = SyntheticMark(title="joined", comment="joined", source=None)
    for file in written(tmp_path / name, mark, moving_face(1, 64, 48)):
        data = file.read_bytes()
        assert (
            digital_sources_in([file]) == () and b"DigitalSource" not in data and b"XMP" not in data
        )


def test_gifs_are_read_by_other_programs(tmp_path):
    (file,) = written(tmp_path / "a.gif", SyntheticMark(), moving_face(4, 64, 48))
    with Pillow.open(file) as picture:
        assert picture.n_frames == 4
    with av.open(str(file)) as container:
        assert len(list(container.decode(video=0))) == 4
    assert file.read_bytes()[-1:] == b";"


def test_texts_are_escaped():
    packet = xmp_packet("u", "a & b", "<t>", "c", ["<i>"])
    assert "a &amp; b" in packet and "&lt;t&gt;" in packet and "&lt;i&gt;" in packet


def test_sources_in_files_of_other_programs(tmp_path):
    """XMP as an attribute, in JPEG, by https, twice, and one that is not IPTC's."""
    xmp = f'<x Iptc4xmpExt:DigitalSourceType="{URI}trainedAlgorithmicMedia"/>'
    Pillow.new("RGB", (64, 64)).save(tmp_path / "a.jpg", xmp=xmp.encode())
    assert digital_sources_in([tmp_path / "a.jpg"]) == ("trainedAlgorithmicMedia",)
    secure = URI.replace("http:", "https:")
    (tmp_path / "b").write_text(
        f"{secure}digitalCapture {URI}compositeSynthetic {URI}digitalCapture"
    )
    assert digital_sources_in([tmp_path / "b"]) == ("compositeSynthetic", "digitalCapture")
    (tmp_path / "c").write_text(f"{URI} {URI}unheardOf")
    (tmp_path / "d").write_bytes(b"")
    (tmp_path / "e").write_text("http://example.com/digitalsourcetype/compositeSynthetic")
    assert digital_sources_in([tmp_path / name for name in "cde"]) == ()
    (tmp_path / "f").write_bytes(f"{URI}composite".encode() + b"gC")  # a binary format goes on
    assert digital_sources_in([tmp_path / "f"]) == ("composite",)
    both = digital_sources_in([tmp_path / "a.jpg", tmp_path / "b"])
    assert both == ("compositeSynthetic", "digitalCapture", "trainedAlgorithmicMedia")


@pytest.mark.parametrize(
    ("own", "of_inputs", "expected"),
    [
        ("compositeSynthetic", (), "compositeSynthetic"),
        ("compositeSynthetic", ("digitalCapture",), "compositeSynthetic"),
        ("compositeSynthetic", ("trainedAlgorithmicMedia",), TRAINED),
        ("compositeSynthetic", ("digitalCapture", TRAINED), TRAINED),
        (TRAINED, ("digitalCapture",), TRAINED),
        ("dataDrivenMedia", ("digitalCapture",), "dataDrivenMedia"),
        ("dataDrivenMedia", ("compositeSynthetic",), "compositeSynthetic"),
        ("dataDrivenMedia", (TRAINED,), TRAINED),
    ],
)
def test_what_an_output_of_marked_inputs_is(own, of_inputs, expected):
    assert combined(own, of_inputs) == expected
