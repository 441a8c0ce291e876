"""Describe the content of files as JSON values: text and JSON in full, pixels and arrays as hashes."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from .normal import plain_json, plain_text
from .place import Place

_SHORT = 16
"""Number of hexadecimal digits that are kept of a hash."""

_FRAME = re.compile(r"(?<![^/])\d{6}\.png$")
"""The file of a frame in a folder of frames; all frames of a folder are one entry."""

_BOARD = re.compile(r"events\.out\.tfevents\..*")
"""TensorBoard's files, whose names hold time, machine and process."""


def folder_record(folder: Path, place: Place) -> dict[str, Any]:
    """Describe all files of a folder by their paths; empty if the folder does not exist."""
    rows: dict[str, list[Path]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = _FRAME.sub("*.png", _BOARD.sub("events.out", path.relative_to(folder).as_posix()))
        rows.setdefault(name, []).append(path)
    return {
        name: _frames(paths, place) if name.endswith("*.png") else file_record(paths[-1], place)
        for name, paths in rows.items()
    }


def file_record(path: Path, place: Place) -> dict[str, Any]:
    """Describe a file."""
    if "tfevents" in path.name:
        return {"kind": "not compared", "why": "TensorBoard's events hold wall-clock times"}
    describe = _KINDS.get(path.suffix.lower(), _bytes)
    try:
        return describe(path, place)
    except Exception as error:  # a damaged output is a finding too
        return {**_bytes(path, place), "unreadable": f"{type(error).__name__}"}


def digest(content: bytes | memoryview) -> str:
    """Return the beginning of a SHA-256."""
    return hashlib.sha256(content).hexdigest()[:_SHORT]


def array_record(array: np.ndarray) -> str:
    """Describe an array in one line."""
    if array.dtype.hasobject:
        raise ValueError("expected an array without objects")
    content = np.ascontiguousarray(array).tobytes()
    return f"{array.dtype} {array.shape} {digest(content)}"


def _bytes(path: Path, place: Place) -> dict[str, Any]:
    content = path.read_bytes()
    return {"kind": "bytes", "size": len(content), "bytes": digest(content)}


def _text(path: Path, place: Place) -> dict[str, Any]:
    content = path.read_bytes().decode("utf-8")
    return {"kind": "text", "text": plain_text(content, place).split("\n")}


def _json(path: Path, place: Place) -> dict[str, Any]:
    return {"kind": "json", "value": plain_json(json.loads(path.read_text("utf-8")), place)}


def _json_lines(path: Path, place: Place) -> dict[str, Any]:
    lines = path.read_text("utf-8").splitlines()
    return {"kind": "json", "value": [plain_json(json.loads(line), place) for line in lines]}


def _image(path: Path, place: Place) -> dict[str, Any]:
    with Image.open(path) as picture:
        texts = {k: v for k, v in picture.info.items() if isinstance(v, str)}
        pixels = array_record(np.asarray(picture))
    return {
        "kind": "image",
        "pixels": pixels,
        "tags": plain_json(texts, place),
        "container": digest(path.read_bytes()),
    }


def _frames(paths: list[Path], place: Place) -> dict[str, Any]:
    """Describe the frames of a folder."""
    each = [_image(path, place) for path in paths]
    tags = [entry["tags"] for entry in each]
    return {
        "kind": "frames",
        "names": [paths[0].name, paths[-1].name],
        "tags": [entry for index, entry in enumerate(tags) if entry not in tags[:index]],
        "frames": [entry["pixels"] for entry in each],
        "container": digest("".join(entry["container"] for entry in each).encode()),
    }


def _video(path: Path, place: Place) -> dict[str, Any]:
    frames, times = [], []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        tags = plain_json(dict(container.metadata), place)
        about = {
            "codec": stream.codec_context.name,
            "pixel_format": stream.codec_context.pix_fmt,
            "rate": str(stream.average_rate),
            "size": [stream.codec_context.width, stream.codec_context.height],
        }
        for frame in container.decode(stream):
            frames.append(digest(_pixels(frame)))
            times.append(None if frame.time is None else round(frame.time, 9))
    return {
        "kind": "video",
        **about,
        "tags": tags,
        "frames": frames,
        "times": times,
        "container": digest(path.read_bytes()),
    }


def _pixels(frame: av.VideoFrame) -> bytes:
    """Return a frame's pixels, in its own pixel format if NumPy supports that."""
    try:
        return frame.to_ndarray().tobytes()
    except ValueError:
        return frame.to_ndarray(format="rgba").tobytes()


def _npz(path: Path, place: Place) -> dict[str, Any]:
    with np.load(path, allow_pickle=False) as arrays:
        return {"kind": "arrays", **{name: array_record(arrays[name]) for name in arrays.files}}


def _npy(path: Path, place: Place) -> dict[str, Any]:
    return {"kind": "arrays", "array": array_record(np.load(path, allow_pickle=False))}


def _safetensors(path: Path, place: Place) -> dict[str, Any]:
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, last = (start + offset for offset in entry["data_offsets"])
            part = digest(content[first:last])
            tensors[name] = f"{entry['dtype']} {entry['shape']} {part}"
    return {"kind": "tensors", "container": digest(content), "tensors": tensors}


def _zip(path: Path, place: Place) -> dict[str, Any]:
    members: dict[str, str] = {}
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            content = packed.read(name)
            if name.endswith(".png"):
                members[name] = array_record(np.asarray(Image.open(BytesIO(content))))
            elif name.endswith(".json"):
                plain = plain_json(json.loads(content), place)
                members[name] = digest(json.dumps(plain, sort_keys=True).encode())
            else:
                members[name] = digest(content)
    return {"kind": "zip", "members": members}


_KINDS: dict[str, Callable[[Path, Place], dict[str, Any]]] = {
    **dict.fromkeys((".mp4", ".mkv", ".gif"), _video),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp"), _image),
    **dict.fromkeys((".csv", ".txt", ".md"), _text),
    ".json": _json,
    ".jsonl": _json_lines,
    ".npz": _npz,
    ".npy": _npy,
    ".safetensors": _safetensors,
    ".zip": _zip,
}
