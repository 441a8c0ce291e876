"""Malformed files of other programs' AUs: ELAN, BORIS, OpenFace 3, py-feat, LibreFace, FaceReader, iMotions."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from random import Random

from mien.convert.convert import convert_file
from mien.convert.options import ConvertOptions
from mien.errors import MienError
from mien.evaluate.agreement import evaluate_agreement
from mien.io.timelines.files import read_any_track, read_timeline
from mien.io.timelines.format import ReadOptions
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.special import special
from tests.faults.inputs.spoil import NUMBERS, TEXTS, spoil_bytes, spoil_table
from tests.io.timelines.layouts import FILES

EVENTS = (
    "au,onset_seconds,apex_start_seconds,apex_end_seconds,offset_seconds,peak_intensity,confidence\n"
    "observed fps=30 aus=AU12L+AU4,0,,,1,,\nAU12L,0.1,0.2,0.25,0.4,B,0.9\nAU4,0.3,,,0.5,2.5,\n"
)
TEXT_FILES = {**FILES, "mien-events": ("clip.csv", EVENTS)}


def write(folder: Path, rng: Random) -> Path:
    """Write a malformed file of a random format."""
    kind = rng.choice(list(TEXT_FILES))
    name, text = TEXT_FILES[kind]
    path = folder / name
    if rng.random() < 0.05:
        return special(folder, name, rng)
    if kind == "elan":
        path.write_bytes(_spoilt_xml(text, rng))
    else:
        tabs = "\t" in text.splitlines()[-1]
        path.write_bytes(spoil_table(text, rng, "\t" if tabs else ","))
    return path


def _spoilt_xml(text: str, rng: Random) -> bytes:
    way = rng.randrange(5)
    if way == 0:
        return spoil_bytes(text.encode(), rng)
    if way == 1:
        old = rng.choice(
            ('"67"', '"100"', '"300"', '"ts1"', '"ts4"', '"AU12L@Ann"', '"milliseconds"')
        )
        new = rng.choice((*NUMBERS, *TEXTS)).replace('"', "").replace("<", "")
        return text.replace(old, f'"{new}"', 1).encode("utf-8", "surrogatepass")
    if way == 2:
        lines = text.splitlines()
        del lines[rng.randrange(len(lines))]
        return "\n".join(lines).encode()
    if way == 3:  # entities that grow without end
        bomb = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
        head = f'<!DOCTYPE a [<!ENTITY e0 "B">{bomb}]><ANNOTATION_DOCUMENT'
        return text.replace("<ANNOTATION_DOCUMENT", head, 1).replace(">B<", ">&e11;<").encode()
    return text.replace(">B<", f">{rng.choice(NUMBERS)}<").encode()


def read(path: Path) -> None:
    """Read the file as events or values, as a track, convert it, and compare it with itself."""
    read_timeline(path, ReadOptions(fps=Fraction(25), observation="obs1", subject="Ann"))
    with suppress(MienError):
        read_any_track(path, Fraction(25), scale=3.0)
    asked: dict[str, str] = {"observation": "obs1", "subject": "Ann"}
    how = ConvertOptions(target="mien-events", fps=25, **asked)  # type: ignore[arg-type]
    with suppress(MienError):
        convert_file(path, path.with_name("out.csv"), how)
    evaluate_agreement(path, path, fps=25, observation="obs1", subject_a="Ann", subject_b="Ann")


READERS = (Reader("AUs of other programs", write, read, 4.0),)
