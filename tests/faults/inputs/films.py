"""Malformed films and folders of frames."""

from __future__ import annotations

import io
import os
from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random

import av
import cv2
import numpy as np
import skimage.data

from mien.io.clips import open_clip
from mien.measure.clip import measure_clip
from mien.measure.options import MeasureOptions
from tests.faults.inputs.pictures import good
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.special import special
from tests.faults.inputs.spoil import DIGITS, spoil_bytes

CONTAINERS = {
    ".mp4": ("mp4", "libx264", "yuv420p"),
    ".mkv": ("matroska", "libx264", "yuv444p"),
    ".avi": ("avi", "mjpeg", "yuvj420p"),
    ".gif": ("gif", "gif", "rgb8"),
    ".mpg": ("mpeg", "mpeg1video", "yuv420p"),
    ".mov": ("mov", "mpeg4", "yuv420p"),
    ".flv": ("flv", "flv1", "yuv420p"),
}

PLAYLISTS = (
    b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
    b"ffconcat version 1.0\nfile /etc/passwd\n",
    b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
    b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>http://127.0.0.1:9/</BaseURL></MPD>",
    b"[playlist]\nFile1=http://127.0.0.1:9/\n",
    b"RIFF\0\0\0\0AVI LIST",
)

NAMES = ("clip{}", "take:1{}", "http:{}", "a%03d{}", "concat:a|b{}", "pipe:0{}", "file:x{}", "-i{}")


@cache
def film(suffix: str, moves: bool = False) -> bytes:
    """A small valid film; of a face that moves a little, or of noise."""
    container_name, codec, pixels = CONTAINERS[suffix]
    if moves:
        head = cv2.resize(skimage.data.astronaut()[0:300, 100:350], (160, 192))
        frames = [np.roll(head, shift, axis=0) for shift in (0, 0, 1, 1, 0, 0)]
    else:
        frames = list(np.random.default_rng(0).integers(0, 256, (8, 48, 64, 3), np.uint8))
    stream = io.BytesIO()
    with av.open(stream, "w", format=container_name) as container:
        track = container.add_stream(codec, rate=25)
        track.height, track.width = frames[0].shape[:2]
        track.pix_fmt = pixels
        for frame in frames:
            container.mux(track.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(track.encode())
    return stream.getvalue()


def write_film(folder: Path, rng: Random, moves: bool = False) -> Path:
    """Write a malformed film."""
    suffix = rng.choice(list(CONTAINERS))
    name = rng.choice(NAMES).format(suffix) if rng.random() < 0.4 else f"clip{suffix}"
    way = rng.random()
    if way < 0.1:
        return special(folder, name, rng)
    if way < 0.2:
        data = rng.choice(PLAYLISTS)
    elif way < 0.25:
        data = film(suffix, moves)  # only its name is strange
    else:
        data = spoil_bytes(film(suffix, moves), rng)
    place = (
        folder / rng.choice(("http:", "http:/127.0.0.1:9", "a b", "x" * 200))
        if way > 0.9
        else folder
    )
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(data)
    return place / name


def write_moving(folder: Path, rng: Random) -> Path:
    """Write a malformed film of a face."""
    return write_film(folder, rng, moves=True)


def write_frames(folder: Path, rng: Random) -> Path:
    """Write a folder of frames with strange names, among them pipes and links."""
    place = folder / "frames"
    place.mkdir()
    picture = good("PNG", "RGB")
    step = rng.choice((1, 1, 2, 10**6, 10**30, 10**200))
    for number in range(rng.randrange(0, 8)):
        shown = rng.choice((str(number * step), f"{number:04d}", f"{number}.5", f"a{number}b"))
        if rng.random() < 0.1:
            shown = rng.choice((DIGITS[:240], "", "٣", f"-{number}", "1e9", "0" * 200))
        path = place / f"img{shown}{rng.choice(('.png',) * 12 + ('.jpg', '.PNG'))}"
        if rng.random() < 0.1:
            _without_error(special, place, path.name, rng)
        else:
            path.write_bytes(spoil_bytes(picture, rng) if rng.random() < 0.2 else picture)
    if rng.random() < 0.3:
        rate = rng.choice(('"1e1000000000"', "0", '"1/0"', "null", f"{DIGITS}", '"25/1"'))
        (place / "mien.json").write_text(f'{{"synthetic": true, "fps": {rate}}}')
    return place


def read_film(path: Path) -> int:
    """Read a film's frames, some hundred at most."""
    return sum(1 for _ in islice(open_clip(path), 300))


def read_frames(path: Path) -> int:
    """Read a folder's frames."""
    without = (path / "mien.json").exists()
    return sum(1 for _ in islice(open_clip(path, None if without else Fraction(25)), 300))


def measure(path: Path) -> object:
    """Measure a film's action units."""
    return measure_clip(path, MeasureOptions())


def _without_error(make: object, *arguments: object) -> None:
    try:
        make(*arguments)  # type: ignore[operator]
    except FileExistsError:
        os.fspath("")


READERS = (
    Reader("films", write_film, read_film, 2.0),
    Reader("frame folders", write_frames, read_frames),
    Reader("films to measure", write_moving, measure, 0.3),
)
