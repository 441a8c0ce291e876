"""Malformed tables: AU tables, OpenFace's, batch manifests, annotations of data sets."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from openpyxl import load_workbook

from mien.au.track import AUTrack
from mien.datasets.check import check_dataset
from mien.datasets.registry import load_dataset
from mien.errors import MienError
from mien.generate.motion import at_even_times, make_motion
from mien.generate.options import RenderOptions
from mien.io.openface import read_openface, write_openface
from mien.io.tracks import read_track, write_track
from mien.recode.options import RecodeOptions
from mien.recode.table import recode_file
from mien.stimuli.batch import run_batch
from mien.stimuli.batch_table import read_batch_table
from tests.datasets import copies
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.special import special
from tests.faults.inputs.spoil import spoil_bytes, spoil_json, spoil_table

BATCH = """portrait,name,expression,sample,aus,intensity,strength,duration,side,seed,fps,lead,tail,face
face.png,one,happiness,,,B,1.0,0.4,both,,200,0.1,0.1,1
face.png,two,,surprise,,2.0,0.5,0.3,left,7,29.97,0,0,largest
face.png,,,,AU12L=2@0-0.1-0.1-0.2;AU4=1@0-0.1-0.1-0.2,,1,,right,,30000/1001,0,0.5,
face.png,four,,,track.csv,,1,,both,,50,0,0,2
"""

DATASETS = {
    "casme2": copies.casme2,
    "samm": copies.samm,
    "smic": copies.smic,
    "casme3": copies.casme3,
    "mmew": copies.mmew,
    "dme4": copies.dme4,
    "dfme": copies.dfme,
}


@cache
def track() -> AUTrack:
    """A small track."""
    values = np.round(np.abs(np.sin(np.arange(24).reshape(8, 3))) * 3, 2)
    return AUTrack(("AU12L", "AU4", "AU45"), values, np.arange(8) / 25)


@cache
def good(kind: str) -> str:
    """A valid AU table: ``mien``, ``video`` or ``image`` (OpenFace's)."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        if kind == "mien":
            write_track(path, track())
        else:
            write_openface(path, track(), "video" if kind == "video" else "image")
        return path.read_text()


def write_track_table(folder: Path, rng: Random) -> Path:
    """Write a malformed AU table or JSON track."""
    if rng.random() < 0.08:
        return special(folder, rng.choice(("a.csv", "a.json")), rng)
    if rng.random() < 0.4:
        from mien.io.track_json import track_to_json

        (folder / "a.json").write_bytes(spoil_json(track_to_json(track()), rng))
        return folder / "a.json"
    (folder / "a.csv").write_bytes(spoil_table(good("mien"), rng))
    return folder / "a.csv"


def write_openface_table(folder: Path, rng: Random) -> Path:
    """Write a malformed table of OpenFace's."""
    if rng.random() < 0.05:
        return special(folder, "a.csv", rng)
    (folder / "a.csv").write_bytes(spoil_table(good(rng.choice(("video", "image"))), rng))
    return folder / "a.csv"


def write_batch(folder: Path, rng: Random) -> Path:
    """Write a malformed batch manifest, with the files that it names or with others in their place."""
    write_track(folder / "track.csv", track())
    if rng.random() < 0.5:
        special(folder, "face.png", rng)
    if rng.random() < 0.05:
        return special(folder, "batch.csv", rng)
    (folder / "batch.csv").write_bytes(spoil_table(BATCH, rng))
    return folder / "batch.csv"


def write_annotations(folder: Path, rng: Random) -> Path:
    """Write a tiny copy of a data set with a malformed table of annotations."""
    name = rng.choice(list(DATASETS))
    root = folder / name
    root.mkdir()
    DATASETS[name](root)
    found = sorted([*root.rglob("*.csv"), *root.rglob("*.xlsx")])
    table = rng.choice(found)
    if rng.random() < 0.05:
        table.unlink()
        special(table.parent, table.name, rng)
        return root
    if table.suffix == ".xlsx" and rng.random() < 0.3:
        rows = list(load_workbook(table).worksheets[0].iter_rows(values_only=True))
        table.unlink()
        table = table.with_suffix(".csv")
        cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
        table.write_text("\n".join(",".join(row) for row in cells))
    if table.suffix == ".csv":
        table.write_bytes(spoil_table(table.read_text(), rng))
    elif rng.random() < 0.3:
        table.write_bytes(spoil_bytes(table.read_bytes(), rng))
    else:
        table.write_bytes(_spoilt_sheet(table.read_bytes(), rng))
    return root


def _spoilt_sheet(data: bytes, rng: Random) -> bytes:
    """Put strange numbers and texts into the cells of a spreadsheet, or a bomb beside its sheets."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as book,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in book.infolist():
            content = book.read(entry)
            if "sheet" in entry.filename and entry.filename.endswith(".xml"):
                content = _spoilt_xml(content, rng)
            new.writestr(entry.filename, content)
        if rng.random() < 0.05:
            new.writestr("xl/bomb.xml", bytes(300_000_000))
    return out.getvalue()


def _spoilt_xml(content: bytes, rng: Random) -> bytes:
    way = rng.randrange(6)
    if way == 0:
        return content.replace(
            b"<v>", b"<v>" + b"9" * rng.choice((400, 30_000)), rng.randrange(1, 4)
        )
    if way == 1:
        return content.replace(
            b"<v>", rng.choice((b"<v>1e999", b"<v>-", b"<v>NaN", b"<v>1e308")), 3
        )
    if way == 2:
        return content.replace(b'r="A2"', b'r="XFD1048576"').replace(
            b'<row r="2"', b'<row r="1048576"'
        )
    if way == 3:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
            b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
        )
        return bomb + b"]>" + content.replace(b"<v>", b"<v>&j;", 1)
    if way == 4:
        return content.replace(b"</row>", b"<c t='inlineStr'><is><t>a&#0;b</t></is></c></row>", 2)
    return spoil_bytes(content, rng)


def read_rows(path: Path) -> None:
    """Read a manifest and the motion of its rows, and run it: no row may end the batch."""
    rows = read_batch_table(path)
    for row in rows:
        with suppress(MienError):
            make_motion(row.options(RenderOptions()))
    assert len(run_batch(path, path.with_name("clips")).rows) == len(rows)


def read_any_track(path: Path) -> None:
    """Read a track, and put it at even times as a clip needs it."""
    at_even_times(read_track(path, Fraction(25)), Fraction(25))


def recode(path: Path) -> None:
    """Re-encode a table."""
    recode_file(path, path.with_name("out.csv"), RecodeOptions())


def read_annotations(root: Path) -> None:
    """Load and check a data set."""
    check_dataset(load_dataset(root.name, root))


READERS = (
    Reader("AU tables", write_track_table, read_any_track, 1.5),
    Reader("OpenFace tables", write_openface_table, lambda p: read_openface(p, Fraction(25)), 1.5),
    Reader("re-encoding", write_openface_table, recode, 0.5),
    Reader("batch manifests", write_batch, read_rows, 1.5),
    Reader("annotations", write_annotations, read_annotations),
)
