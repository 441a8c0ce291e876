"""Write the input files of all commands: portraits, tables, flow maps. Nothing is downloaded."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.data import astronaut

from .inputs_datasets import write_copies
from .inputs_maps import write_maps

HELD_OUT = "amy"
"""A name that training holds out, as it does for a tenth of all names."""

PEOPLE = ("ann", HELD_OUT, "bob", "cid")

TRACK = """time_seconds,AU1,AU4L,AU12
0.00,0,0,0.1
0.04,0.5,1,0.9
0.08,1,2,2.4
0.12,0.5,1,1.8
0.16,0,0,0.2
"""

OPENFACE = """frame, face_id, timestamp, confidence, success, AU04_r, AU12_r, AU04_c, AU12_c
1, 0, 0.000, 0.98, 1, 0.00, 0.00, 0, 0
2, 0, 0.033, 0.98, 1, 0.40, 1.20, 0, 1
3, 0, 0.067, 0.90, 1, 0.10, 2.10, 0, 1
4, 0, 0.100, 0.98, 1, 0.80, 1.10, 1, 1
5, 0, 0.133, 0.98, 1, 0.00, 0.30, 0, 0
"""

OPENFACE_OF_TWO = """face, confidence, AU12_r, AU12_c
0, 0.9, 0.1, 0
1, 0.9, 0.0, 0
0, 0.9, 1.5, 1
1, 0.9, 0.4, 0
0, 0.9, 0.2, 0
1, 0.9, 2.2, 1
"""

TABLE = """portrait,name,expression,sample,aus,intensity,side,seed,fps,duration,face
portrait.png,,sadness,,,C,,,,0.2,
portrait.png,left,happiness,,,B,left,,,0.2,
mirrored.png,,,disgust,,,,5,,,
portrait.png,,,,AU12=2@0-.06-.08-.16;AU6L=1@0-.06-.08-.16,,,,,,
portrait.png,table,,,track.csv,,,,25,,
two.png,second,fear,,,,,,,0.2,2
"""

BAD_TABLE = """portrait,expression
portrait.png,fear
grey.png,fear
portrait.png,glee
"""


def write_inputs(folder: Path) -> None:
    """Write all input files into a new folder."""
    folder.mkdir()
    portrait, mirrored, tinted, cool = portraits()
    for name, picture in {
        "portrait.png": portrait,
        "mirrored.png": mirrored,
        "tinted.png": tinted,
        "two.png": np.hstack([portrait, cool]),
        "grey.png": np.full((256, 256, 3), 128, np.uint8),
        "clear.png": np.dstack([portrait, np.full(portrait.shape[:2], 200, np.uint8)]),
    }.items():
        Image.fromarray(picture).save(folder / name)
    Image.fromarray(portrait).convert("L").save(folder / "level.png")
    Image.fromarray(portrait).save(folder / "portrait.jpg", quality=95)
    lying = Image.Exif()
    lying[0x0112] = 6  # to be turned clockwise
    turned = Image.fromarray(np.ascontiguousarray(np.rot90(portrait)))
    turned.save(folder / "rotated.jpg", quality=95, exif=lying)
    write_copies(folder / "sets")
    people = folder / "people"
    people.mkdir()
    for name, picture in zip(PEOPLE, (portrait, mirrored, tinted, cool), strict=True):
        Image.fromarray(picture).save(people / f"{name}.png")
    (folder / "people.txt").write_text("people/bob.png\npeople/ann.png\n")
    (folder / "mixed.txt").write_text("people/bob.png\ngrey.png\npeople/cid.png\nnone.png\n")
    _write_tables(folder)
    write_maps(folder / "real.npz", "p", 8, 0)
    write_maps(folder / "made.npz", "g", 6, 1)


def portraits() -> tuple[np.ndarray, ...]:
    """Return the portrait, its mirror image, and both in other colours: 256 by 256 pixels."""
    portrait = np.ascontiguousarray(astronaut()[:256, 96:352])
    mirrored = np.ascontiguousarray(portrait[:, ::-1])
    return portrait, mirrored, _tinted(portrait, (1.0, 0.85, 0.7)), _tinted(mirrored, (0.7, 0.8, 1))


def _tinted(picture: np.ndarray, gains: tuple[float, float, float]) -> np.ndarray:
    result: np.ndarray = np.rint(picture * np.array(gains)).astype(np.uint8)
    return result


def _write_tables(folder: Path) -> None:
    tables = {
        "track.csv": TRACK,
        "openface.csv": OPENFACE,
        "openface2.csv": OPENFACE_OF_TWO,
        "table.csv": TABLE,
        "bad_table.csv": BAD_TABLE,
        "nan.csv": "time_seconds,AU12\n0,1\n0.1,nan\n",
        "uneven.csv": "time_seconds,AU12\n0,1\n0.1,1\n0.5,1\n",
        "notes.txt": "no picture\n",
    }
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    values = [[0.0, 0.0], [1.0, 0.5], [2.0, 1.5], [0.5, 0.5], [0.0, 0.0]]
    track = {
        "names": ["AU4", "AU15R"],
        "times_seconds": [0.0, 0.02, 0.04, 0.06, 0.08],
        "values": values,
        "confidence": [1.0, 0.9, 1.0, 0.8, 1.0],
    }
    (folder / "track.json").write_text(json.dumps(track), encoding="utf-8")
