"""Malformed arrays: sets of flow maps (``.npz``) and face sets (a folder of arrays and a record)."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import numpy as np

from mien.au.catalog import RIG_NAMES
from mien.io.flow_sets import FlowSet
from mien.training.faces.face_motion import OneFaceMotion
from mien.training.faces.face_set import FaceSet
from mien.training.faces.face_set_writer import write_face_set
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.special import special
from tests.faults.inputs.spoil import spoil_bytes, spoil_json

SHAPES = (
    *((10**12, 28, 28, 3), (2**40,), (-1,), (0, 28, 28, 3), (10**400,), (3, 28, 28), ()),
    *((2**31, 2**31, 2**31, 2**31), (1,) * 32),
)
TYPES = ("|u1", "<f8", "<i8", "|O", "<U400000000", "<U4", "|V8", "<c16", "<M8[s]", "|S0")


@cache
def flow_set() -> bytes:
    """A small valid set of flow maps."""
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        flow=np.random.default_rng(0).integers(0, 256, (4, 28, 28, 3), np.uint8),
        label=np.array([0, 1, 2, 0]),
        subject=np.array(["a", "b", "b", "c"]),
        dataset=np.array(["x"] * 4),
        clip=np.array(["1", "2", "3", "4"]),
    )
    return stream.getvalue()


def header(rng: Random) -> bytes:
    """An ``.npy`` whose header promises what is not there, or is no header."""
    shape, dtype = rng.choice(SHAPES), rng.choice(TYPES)
    text = f"{{'descr': '{dtype}', 'fortran_order': {rng.random() < 0.5}, 'shape': {shape}, }}"
    if rng.random() < 0.3:
        text = rng.choice(("(" * 4000, "{" * 200, "{'descr': ", "None", "1e999", "'" * 3, "\0"))
    data = text.encode() + b" " * 10 + b"\n"
    version = rng.choice((b"\x01\x00", b"\x02\x00", b"\x03\x00", b"\x09\x00"))
    size = len(data).to_bytes(2 if version == b"\x01\x00" else 4, "little")
    if rng.random() < 0.1:
        size = b"\xff" * len(size)
    return b"\x93NUMPY" + version + size + data + bytes(rng.randrange(200))


def write_flow_set(folder: Path, rng: Random) -> Path:
    """Write a malformed set of flow maps."""
    path = folder / "flows.npz"
    if rng.random() < 0.06:
        return special(folder, path.name, rng)
    if rng.random() < 0.4:
        path.write_bytes(spoil_bytes(flow_set(), rng))
        return path
    with (
        zipfile.ZipFile(io.BytesIO(flow_set())) as old,
        zipfile.ZipFile(path, "w", rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))) as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            way = rng.randrange(8)
            if way < 3:
                content = header(rng)
            elif way == 3:
                content = spoil_bytes(content, rng)
            elif way == 4 and rng.random() < 0.3:  # a bomb: its header is right
                stream = io.BytesIO()
                np.save(stream, np.zeros((100_000, 28, 28, 3), np.uint8))
                content = stream.getvalue()
            elif way == 5:
                stream = io.BytesIO()
                kind = rng.choice((np.float64, np.int8, "U3", np.complex64, bool))
                np.save(stream, np.ones(rng.choice((1, 4, 5)), kind))
                content = stream.getvalue()
            elif way == 6:
                continue
            new.writestr(entry.filename, content)
    return path


@cache
def face_set() -> Path:
    """A small valid face set, for the life of the process."""
    folder = Path(mkdtemp(prefix="mien-face-set-")) / "set"
    rng = np.random.default_rng(1)
    motion = OneFaceMotion(
        rng.uniform(-1, 1, (468, 2)),
        rng.uniform(-0.1, 0.1, (2, 468, 2)),
        rng.uniform(-0.1, 0.1, (2, 4, 4, 2)),
    )
    with write_face_set(folder, views=2, size=16, facts={"kind": "rig"}) as writer:
        for number in range(3):
            aus = np.zeros((2, len(RIG_NAMES)), np.float32)
            writer.add(
                f"person {number}", rng.integers(0, 256, (2, 16, 16, 3), np.uint8), aus, motion
            )
    return folder


def write_face_folder(folder: Path, rng: Random) -> Path:
    """Write a face set with one malformed file."""
    place = folder / "set"
    shutil.copytree(face_set(), place)
    path = rng.choice(sorted(place.iterdir()))
    way = rng.random()
    if way < 0.1:
        path.unlink()
        special(place, path.name, rng)
    elif path.suffix == ".json":
        path.write_bytes(spoil_json(json.loads(path.read_text()), rng))
    elif path.suffix == ".npy" and way < 0.6:
        path.write_bytes(header(rng))
    else:
        path.write_bytes(spoil_bytes(path.read_bytes(), rng))
    return place


def read_face_folder(path: Path) -> None:
    """Open a face set, and touch its pictures."""
    faces = FaceSet.open(path)
    assert int(faces.images[-1].sum()) >= 0
    faces.split(0.4)


READERS = (
    Reader("flow sets", write_flow_set, FlowSet.from_npz, 1.5),
    Reader("face sets", write_face_folder, read_face_folder),
)
