"""Writes tiny synthetic copies of each data set in its true layout: file names, columns, folders.

Nothing in them is real: subjects, clips and codes are made up, frames are grey squares.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from openpyxl import Workbook
from PIL import Image

Rows = Sequence[Sequence[object]]

CASME_HEADER = (
    *("Subject", "Filename", None, "OnsetF", "ApexF1", "ApexF2", "OffsetF", None, "AU", "Emotion"),
)
CASME2_HEADER = (
    *("Subject", "Filename", None, "OnsetFrame", "ApexFrame", "OffsetFrame", None),
    *("Action Units", "Estimated Emotion"),
)
SAMM_HEADER = (
    *("Subject", "Filename", "Inducement Code", "Onset Frame", "Apex Frame", "Offset Frame"),
    *("Duration", "Micro", "Action Units", "Estimated Emotion", "Objective Classes", "Notes"),
)
SMIC_HEADER = ("Subject", "Filename", "OnsetF", "OffsetF", "TotalMF1", "Emotion")
SMIC_E_HEADER = (
    *("Subject", "Filename", "FileN", "OnsetF", "OffsetF", "TotalMF1", "Onset2F", "Offset2F"),
    *("TotalMF2", "Onset3F", "Offset3F", "TotalMF3", "FirstF", "LastF", "TotalVL", "Emotion"),
)
CASME3_HEADER = (
    *("Subject", "Filename", "Onset", "Apex", "Offset", "AU", "Objective class", "emotion"),
)
MMEW_HEADER = (
    *("Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Action Units"),
    *("Estimated Emotion", "remarks"),
)
DME4_HEADER = ("sub_ID", "fold_name", "Onset", "Apex", "Offset", "Emotion", "AUs", "AU4", "AU12")
DFME_HEADER = (
    *("Subject", "Filename", "OnsetFrame", "ApexFrame", "OffsetFrame", "Emotion", "Fps", "AU"),
)


def workbook(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write a spreadsheet."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def frames(folder: Path, form: str, numbers: Iterable[int]) -> None:
    """Write grey squares, 4x4 pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        Image.fromarray(np.full((4, 4), number % 256, np.uint8)).save(folder / form.format(number))


def casme(root: Path) -> Path:
    rows = [
        (1, "EP01_5", None, 113, 121, None, 134, None, "4+9", "disgust"),
        (7, "EP12_1", None, 9, 12, 18, 21, None, "L14", "tense"),
    ]
    workbook(root / "casme.xlsx", {"Sheet1": [CASME_HEADER, *rows]})
    raw = root / "CASME_raw_selected"
    frames(raw / "sub01" / "EP01_5", "EP01_5-{}.jpg", range(113, 135))
    frames(raw / "sub07" / "EP12_1", "EP12_1-{:02d}.jpg", range(1, 30))
    return root


def casme2_table(path: Path, rows: Rows) -> Path:
    return workbook(path, {"Sheet1": [CASME2_HEADER, *rows]})


def casme2(root: Path) -> Path:
    rows = [
        (1, "EP02_01f", None, 46, 59, 86, None, "12", "happiness"),
        (1, "EP03_02", None, 131, "/", 161, None, "4+L10", "others"),
        (26, "EP18_50", None, 3, 9, 12, None, "R15+17", "repression"),
    ]
    casme2_table(root / "CASME2-coding-20140508.xlsx", rows)
    raw = root / "CASME2_RAW_selected"
    frames(raw / "sub01" / "EP02_01f", "img{}.jpg", range(46, 87))
    frames(raw / "sub01" / "EP03_02", "img{}.jpg", range(131, 162))
    frames(raw / "sub26" / "EP18_50", "img{}.jpg", range(1, 15))
    return root


def samm_table(path: Path, rows: Rows) -> Path:
    notes = [("SAMM dataset",), (None,), ("Micro-movements, subject to the licence",), (None,)]
    macro = [SAMM_HEADER, (6, "006_1_1", 1, 1, 2, 3, 2, "Macro", "4", "Anger", 1, None)]
    return workbook(path, {"MICRO_ONLY": [*notes, SAMM_HEADER, *rows], "MACRO": macro})


def samm(root: Path) -> Path:
    rows = [
        *(("006", "006_1_2", "1", 12, 18, 30, 19, "Micro - 1/2", "L20+21", "Surprise", 2, None),),
        *((6, "006_1_3", 1, 5, 8, 11, 7, "Micro - 1/2", "15A+17", "Other", 7, "tired"),),
        (37, "037_3_2", 3, 7, 9, 12, 6, "Micro - 1/2", "(R6 or R12)+R15", "Contempt", 6, None),
    ]
    samm_table(root / "SAMM_Micro_FACS_Codes_v2.xlsx", rows)
    frames(root / "SAMM" / "006" / "006_1_2", "006_{:05d}.jpg", range(12, 31))
    frames(root / "SAMM" / "006" / "006_1_3", "006_{:05d}.jpg", range(5, 12))
    frames(root / "SAMM" / "037" / "037_3_2", "037_{:04d}.jpg", range(7, 13))
    return root


def smic_table(path: Path, rows: Rows) -> Path:
    return workbook(path, {"Sheet1": [SMIC_HEADER, *rows]})


def smic(root: Path) -> Path:
    rows = [
        (1, "s1_ne_01", 100, 110, 11, "negative"),
        (3, "s3_po_05", 304630, 304634, 5, "positive"),
        (20, "s20_sur_01", 7, 9, 3, "surprise"),
    ]
    smic_table(root / "SMIC-HS-E_annotation.xlsx", rows)
    for subject, clip, onset, offset, _, emotion in rows:
        folder = Path(f"s{subject}", "micro", str(emotion), str(clip))
        numbers = range(int(str(onset)), int(str(offset)) + 1)
        frames(root / "HS" / folder, "image{:06d}.bmp", numbers)
        frames(root / "VIS" / folder, "image{:06d}.bmp", numbers)
    return root


def smic_extended(root: Path) -> Path:
    """The long clips: one of them with two micro-expressions."""
    first = (1, "s01_ne_01", 1, 10, 14, 5, None, None, None, None, None, None, 1, 40, 40)
    second = (2, "s02_po_01", 1, 10, 14, 5, 20, 25, 6, None, None, None, 1, 40, 40)
    rows = [SMIC_E_HEADER, (*first, "negative"), (*second, "positive")]
    workbook(root / "HS_long" / "SMIC-HS-E_annotation_2019.xlsx", {"Sheet1": rows})
    for subject, clip in (("s01", "s01_ne_01"), ("s02", "s02_po_01")):
        frames(root / "HS_long" / "SMIC-HS-E" / subject / clip, "image{:06d}.jpg", range(1, 41))
    return root


def casme_sq(root: Path) -> Path:
    coded = [
        (1, "anger1_1", 557, 562, 570, "4+7", "negative", "micro-expression", "anger"),
        (1, "anger1_2", 600, 640, 700, "4+9", "negative", "macro-expression", "anger"),
        (2, "happy2_1", 12, 15, 0, "12", "positive", "micro-expression", "happiness"),
    ]
    participants = [(15, "s15", 1), (16, "s16", 2)]
    stimuli = [("0401", "anger1"), (502, "happy2")]  # one code kept as text, one made a number
    workbook(
        root / "CAS(ME)^2code_final.xlsx",
        {"CASFEcode_final": coded, "naming rule1": participants, "naming rule2": stimuli},
    )
    frames(root / "selectedpic" / "s15" / "anger1_1", "img{}.jpg", range(557, 571))
    frames(root / "rawpic" / "s16" / "16_0502funnyfarts", "img_{:05d}.jpg", range(1, 31))
    return root


def casme3(root: Path) -> Path:
    rows = [
        CASME3_HEADER,
        ("spNO.1", "a", 3, 5, 8, "4", "II", "disgust"),
        ("spNO.1", "a", 20, 22, 24, "1+2+5", "I", "Surprise"),
        ("spNO.10", "B", 116, 118, 121, "12R", "I", "happy"),
        ("spNO.11", "c", 2, 4, 6, "38", "V", "others"),
    ]
    path = root / "annotation" / "cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx"
    workbook(path, {"label": rows, "statistics": [("Subject", "n")]})
    frames(root / "part_A" / "spNo.1" / "A" / "color", "{}.jpg", range(1, 31))
    frames(root / "Part_A_ME_clip" / "frame" / "spNo.10_b_116", "{}.jpg", range(116, 122))
    frames(root / "part_A" / "spNO.11" / "c" / "color", "{}.jpg", range(1, 10))
    return root


def mmew(root: Path) -> Path:
    rows = [
        MMEW_HEADER,
        (1, "S01-07-001", 1, 9, 20, "4+7", "anger", None),
        (2, "S02-01-003", 2, 8, 15, "12", "happiness", "blink"),
    ]
    workbook(root / "MMEW_Micro_Exp.xlsx", {"Sheet1": rows})
    frames(root / "Micro_Expression" / "anger" / "S01-07-001", "{}.jpg", range(1, 21))
    frames(root / "Micro_Expression" / "happiness" / "S02-01-003", "{}.jpg", range(1, 18))
    return root


def dme4(root: Path) -> Path:
    rows = [
        DME4_HEADER,
        ("S1", "S1_001_01", 4, 6, 9, "Negative", "AU4(k)+AU7", 1, 0),
        ("S2", "S2_003_02", 3, 7, 12, "Positive & Surprise", "AU12", 0, 1),
    ]
    workbook(root / "4DME_Labelling_Micro_release v1.xlsx", {"Sheet1": rows})
    frames(root / "gray_micro" / "S1" / "S1_001_01", "{}.jpg", range(4, 10))
    frames(root / "gray_micro" / "S2" / "S2_003_02", "{}.jpg", range(1, 13))
    return root


def dfme(root: Path) -> Path:
    rows = [
        DFME_HEADER,
        ("sub0003", "sub0003_01", 2, 5, 9, "Happiness", 500, "L12"),
        ("sub0004", "sub0004_01", 1, 3, 6, "Contempt", 200, "R14+24"),
    ]
    workbook(root / "training_full_with_AU.xlsx", {"Sheet1": rows})
    test = [DFME_HEADER, ("sub0009", "sub0009_01", 1, 2, 3, "Fear", 300, "5")]
    workbook(root / "test_A_full_with_AU.xlsx", {"Sheet1": test})
    frames(root / "train" / "sub0003_01", "{:05d}.png", range(0, 12))
    frames(root / "train" / "sub0004_01", "{:05d}.png", range(0, 8))
    frames(root / "test" / "sub0009_01", "{:05d}.png", range(0, 5))
    return root


def folder(root: Path) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    rows = [
        ("file", "subject", "onset", "apex", "offset", "fps", "aus", "emotion", "label"),
        ("a", "ann", 1, 3, 5, "30000/1001", "4+L10B", "disgust", ""),
        ("b.mp4", "bob", 2, 4, "", 25, "", "", "positive"),
    ]
    with (root / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    frames(root / "a", "{:03d}.png", range(1, 8))
    (root / "b.mp4").write_bytes(b"not decoded")
    return root


WRITERS = {
    "casme": casme,
    "casme2": casme2,
    "samm": samm,
    "smic": smic,
    "casme_sq": casme_sq,
    "casme3": casme3,
    "mmew": mmew,
    "dme4": dme4,
    "dfme": dfme,
    "folder": folder,
}
"""A writer for every data set of the registry."""
