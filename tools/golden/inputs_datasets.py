"""Tiny copies of data sets in their true layout: made-up tables, grey frames, and some mistakes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
from openpyxl import Workbook
from PIL import Image

FrameFolder = tuple[str, str, range]
"""A folder, the form of its files' names, and their numbers."""


@dataclass(frozen=True)
class Copy:
    """The copy of one data set.

    Attributes:
        table: Name of the annotation file.
        rows: Rows of the annotation file, header first.
        frames: The frames that the copy has.
    """

    table: str
    rows: Sequence[Sequence[object]]
    frames: Sequence[FrameFolder]


CASME2_HEADER = (
    *("Subject", "Filename", "", "OnsetFrame", "ApexFrame", "OffsetFrame", ""),
    *("Action Units", "Estimated Emotion"),
)

COPIES = {
    "casme2": Copy(
        "CASME2-coding-20140508.csv",
        (
            CASME2_HEADER,
            (1, "EP02_01f", "", 46, 59, 66, "", "12", "happiness"),
            (1, "EP03_02", "", 131, "/", 139, "", "4+L10", "others"),
            (2, "EP01_11", "", 5, 30, 12, "", "R15+17", "repression"),
            (2, "EP01_12", "", 5, 8, 12, "", "(R6 or R12)+R15B+39", "glee"),
            (2, "EP01_12", "", 5, 8, 12, "", "4", "disgust"),
        ),
        (
            ("raw/sub01/EP02_01f", "img{}.jpg", range(46, 67)),
            ("raw/sub01/EP03_02", "img{}.jpg", range(131, 136)),
            ("raw/sub02/EP01_12", "img{}.jpg", range(5, 13)),
        ),
    ),
    "samm": Copy(
        "SAMM_Micro_FACS_Codes_v2.csv",
        (
            ("SAMM dataset",),
            (
                *("Subject", "Filename", "Inducement Code", "Onset Frame", "Apex Frame"),
                *("Offset Frame", "Duration", "Micro", "Action Units", "Estimated Emotion"),
            ),
            ("006", "006_1_2", "1", 12, 18, 30, 19, "Micro - 1/2", "L20+21", "Surprise"),
            (6, "006_1_3", 1, 5, 8, 11, 7, "Micro - 1/2", "15A+17", "Other"),
            (37, "037_3_2", 3, 7, 9, 12, 6, "Micro - 1/2", "(R6 or R12)+R15", "Contempt"),
        ),
        (
            ("SAMM/006/006_1_2", "006_{:05d}.jpg", range(12, 31)),
            ("SAMM/037/037_3_2", "037_{:04d}.jpg", range(7, 13)),
        ),
    ),
    "smic": Copy(
        "SMIC-HS-E_annotation.csv",
        (
            ("Subject", "Filename", "OnsetF", "OffsetF", "TotalMF1", "Emotion"),
            (1, "s1_ne_01", 100, 110, 11, "negative"),
            (3, "s3_po_05", 304630, 304634, 5, "positive"),
            (20, "s20_sur_01", 7, 9, 3, "surprise"),
        ),
        (
            ("HS/s1/micro/negative/s1_ne_01", "image{:06d}.bmp", range(100, 111)),
            ("HS/s3/micro/positive/s3_po_05", "image{:06d}.bmp", range(304630, 304635)),
            ("HS/s20/micro/surprise/s20_sur_01", "image{:06d}.bmp", range(7, 10)),
        ),
    ),
    "casme3": Copy(
        "cas(me)3_part_A_ME_label_JpgIndex_v2.csv",
        (
            ("Subject", "Filename", "Onset", "Apex", "Offset", "AU", "Objective class", "emotion"),
            ("spNO.1", "a", 3, 5, 8, "4", "II", "disgust"),
            ("spNO.1", "a", 20, 22, 24, "1+2+5", "I", "Surprise"),
            ("spNO.10", "B", 116, 118, 121, "12R", "I", "happy"),
        ),
        (
            ("part_A/spNo.1/A/color", "{}.jpg", range(1, 31)),
            ("frame/spNo.10_b_116", "{}.jpg", range(116, 122)),
        ),
    ),
    "mmew": Copy(
        "MMEW_Micro_Exp.csv",
        (
            (
                *("Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame"),
                *("Action Units", "Estimated Emotion", "remarks"),
            ),
            (1, "S01-07-001", 1, 9, 20, "4+7", "anger", ""),
            (2, "S02-01-003", 2, 8, 15, "12", "happiness", "blink"),
        ),
        (
            ("Micro_Expression/anger/S01-07-001", "{}.jpg", range(1, 21)),
            ("Micro_Expression/happiness/S02-01-003", "{}.jpg", range(1, 12)),
        ),
    ),
    "dme4": Copy(
        "4DME_Labelling_Micro_release v1.csv",
        (
            ("sub_ID", "fold_name", "Onset", "Apex", "Offset", "Emotion", "AUs", "AU4", "AU12"),
            ("S1", "S1_001_01", 4, 6, 9, "Negative", "AU4(k)+AU7", 1, 0),
            ("S2", "S2_003_02", 3, 7, 12, "Positive & Surprise", "AU12", 0, 1),
        ),
        (
            ("gray_micro/S1/S1_001_01", "{}.jpg", range(4, 10)),
            ("gray_micro/S2/S2_003_02", "{}.jpg", range(1, 13)),
        ),
    ),
    "dfme": Copy(
        "training_full_with_AU.csv",
        (
            (
                *("Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Emotion"),
                *("Fps", "AU"),
            ),
            ("sub0003", "sub0003_01", 2, 5, 9, "Happiness", 500, "L12"),
            ("sub0004", "sub0004_01", 1, 3, 6, "Contempt", 200, "R14+24"),
        ),
        (("train/sub0003_01", "{:05d}.png", range(12)),),
    ),
}
"""A copy of each data set whose table may be a CSV."""


CASME_SQ = {
    "CASFEcode_final": (
        (1, "anger1_1", 557, 562, 570, "4+7", "negative", "micro-expression", "anger"),
        (1, "anger1_2", 600, 640, 700, "4+9", "negative", "macro-expression", "anger"),
        (2, "happy2_1", 12, 15, 0, "12", "positive", "micro-expression", "happiness"),
    ),
    "naming rule1": ((15, "s15", 1), (16, "s16", 2)),
    "naming rule2": (("0401", "anger1"), (502, "happy2")),
}
"""The sheets of CAS(ME)^2, whose table must be a workbook."""


def write_copies(folder: Path) -> None:
    """Write all copies into a new folder."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in CASME_SQ.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    root = folder / "casme_sq"
    root.mkdir(parents=True)
    book.save(root / "CAS(ME)^2code_final.xlsx")
    write_grey(root / "selectedpic/s15/anger1_1", "img{}.jpg", range(557, 571))
    for name, copy in COPIES.items():
        root = folder / name
        root.mkdir(parents=True)
        write_table(root / copy.table, copy.rows)
        for place, form, numbers in copy.frames:
            write_grey(root / place, form, numbers)


def write_table(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def write_grey(folder: Path, form: str, numbers: Iterable[int]) -> None:
    """Write grey pictures of four by four pixels."""
    folder.mkdir(parents=True)
    for number in numbers:
        Image.fromarray(np.full((4, 4), number % 256, np.uint8)).save(folder / form.format(number))
