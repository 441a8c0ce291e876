"""Files that make other readers start programs, read further files or send requests."""

from __future__ import annotations

import http.server
import os
import shutil
import stat
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from mien.errors import UnreadableImageError, UnreadableVideoError
from mien.io.clips import open_clip
from mien.io.images import read_image, read_picture
from tests.conftest import SHARED
from tests.faults.inputs.films import film
from tests.faults.inputs.pictures import POSTSCRIPT, good


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.eps", "photo.ps"])
def test_postscript_never_starts_ghostscript(tmp_path, monkeypatch, name):
    """A program called gs lies first in the path, and would leave a file if it were started."""
    program = tmp_path / "bin" / "gs"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / name).write_bytes(POSTSCRIPT)
    with pytest.raises(UnreadableImageError, match="not a picture, or of an unknown format"):
        read_picture(tmp_path / name)
    assert not (tmp_path / "started").exists()


def test_postscript_stays_closed_after_another_library_has_loaded_all_formats(tmp_path):
    from PIL import Image

    Image.init()
    (tmp_path / "photo.jpg").write_bytes(POSTSCRIPT)
    with pytest.raises(UnreadableImageError, match="unknown format"):
        read_picture(tmp_path / "photo.jpg")


@pytest.mark.parametrize(
    "kind", ["PNG", "JPEG", "WEBP", "AVIF", "BMP", "TIFF", "GIF", "PPM", "TGA"]
)
def test_each_format_is_still_read(tmp_path, kind):
    (tmp_path / "a.png").write_bytes(good(kind, "RGB"))
    assert read_image(tmp_path / "a.png").shape == (40, 48, 3)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi", ".gif", ".mpg", ".mov", ".flv"])
@pytest.mark.parametrize("name", ["take:1", "http:", "concat:a|b", "clip%03d", "pipe:0"])
def test_a_film_s_name_is_no_protocol(tmp_path, monkeypatch, suffix, name):
    (tmp_path / f"{name}{suffix}").write_bytes(film(suffix))
    monkeypatch.chdir(tmp_path)
    assert sum(1 for _ in open_clip(f"{name}{suffix}")) >= 7


@pytest.fixture
def server():
    """A web server that notes what is asked of it."""
    asked: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}", asked
        made.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{0}/a.ts\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {0}/a.mp4\n",
        "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><Period><AdaptationSet>"
        "<Representation><BaseURL>{0}/</BaseURL></Representation></AdaptationSet></Period></MPD>",
    ],
)
@pytest.mark.parametrize("suffix", [".mp4", ".m3u8", ".ffconcat", ".mpd"])
def test_a_playlist_sends_no_request(tmp_path, server, text, suffix):
    address, asked = server
    (tmp_path / f"clip{suffix}").write_text(text.format(address))
    with pytest.raises(UnreadableVideoError, match="cannot be opened as one"):
        open_clip(tmp_path / f"clip{suffix}")
    assert asked == []


def test_a_folder_called_like_an_address_sends_no_request(tmp_path, monkeypatch, server):
    address, asked = server
    place = tmp_path / f"{address.replace('//', '/')}"
    place.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadableVideoError):
        open_clip(Path(address.replace("//", "/")) / "a.mp4")
    (place / "a.mp4").write_bytes(film(".mp4"))
    assert sum(1 for _ in open_clip(Path(address.replace("//", "/")) / "a.mp4")) == 8
    assert asked == []


def test_a_playlist_reads_no_other_file(tmp_path):
    (tmp_path / "other.mp4").write_bytes(film(".mp4"))
    for name, text in (
        ("a.ffconcat", "ffconcat version 1.0\nfile other.mp4\n"),
        ("a.m3u8", "#EXTM3U\n#EXTINF:1,\nother.mp4\n#EXT-X-ENDLIST\n"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(UnreadableVideoError):
            open_clip(tmp_path / name)


@pytest.mark.parametrize("suffix", [".mkv", ".avi", ".mp4"])
def test_titles_of_any_encoding(tmp_path, suffix):
    """Latin-1 in a title is no UTF-8, and was a traceback."""
    path = tmp_path / f"clip{suffix}"
    frames = np.zeros((3, 48, 64, 3), np.uint8)
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "Cafe de la gare"
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height = 64, 48
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(stream.encode())
    content = path.read_bytes()
    assert b"Cafe de la gare" in content
    path.write_bytes(content.replace(b"Cafe de la gare", "Café dé là gare".encode("latin-1")))
    assert sum(1 for _ in open_clip(path)) == 3


def test_the_given_cases():
    cases = SHARED / "cases" / "faults"
    if not cases.is_dir():
        pytest.skip("needs ../shared/data/cases/faults")
    assert sum(1 for _ in open_clip(cases / "latin1_metadata.avi")) > 0
    with pytest.raises(UnreadableImageError, match="unknown format"):
        read_picture(cases / "photo_eps.jpg")


def test_a_film_of_huge_pixels_is_refused_before_it_is_resampled(tmp_path):
    """Pixels two hundred times as wide as high would make a picture of 295 MB."""
    path = tmp_path / "wide.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 1024, 480, "yuv420p"
        stream.sample_aspect_ratio = Fraction(200)
        frame = av.VideoFrame.from_ndarray(np.zeros((480, 1024, 3), np.uint8), "rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(UnreadableVideoError, match="million pixels"):
        open_clip(path)


@pytest.mark.subprocess
def test_a_data_set_with_a_playlist_reaches_out_to_nobody(tmp_path, server):
    """The command itself, on a folder of clips that a stranger made."""
    address, asked = server
    for person in ("one", "two"):
        for label in ("negative", "positive"):
            place = tmp_path / "set" / label / person
            place.mkdir(parents=True)
            (place / "a.mp4").write_text(f"#EXTM3U\n#EXTINF:1,\n{address}/a.ts\n#EXT-X-ENDLIST\n")
    ran = subprocess.run(
        [sys.executable, "-m", "mien", "flows", "folder", "set", "--out", "out.npz"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 2 and ran.stderr.count("\n") == 1, ran.stderr
    assert asked == []
    shutil.rmtree(tmp_path / "set")
