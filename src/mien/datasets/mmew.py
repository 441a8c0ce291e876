"""MMEW (Ben et al., TPAMI 2022): 90 frames a second, a folder for each emotion."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets.annotation import Annotation
from mien.datasets.coded_rows import COLUMNS, coded
from mien.datasets.publication import Publication, numbered, rows_reader
from mien.datasets.table_row import Row


def annotate(row: Row) -> Annotation:
    """Return the annotation in a row."""
    clip, emotion = row.needed("clip"), row.text("emotion")
    return coded(
        row,
        subject=numbered(row.needed("subject"), "S{:02d}"),
        clip=clip,
        folders=(("Micro_Expression", emotion, clip), (emotion, clip), (clip,)),
        fps=Fraction(90),
    )


MMEW = Publication(
    name="mmew",
    title="MMEW",
    tables=("mmew*micro*exp*",),
    columns=(
        "Subject, Filename, OnsetFrame, ApexFrame, OffsetFrame, Action Units, Estimated Emotion"
    ),
    layout="Micro_Expression/anger/S01-07-001/1.jpg",
    fps="90",
    paper="Ben et al., IEEE TPAMI 44(9), 2022, doi:10.1109/TPAMI.2021.3067464",
    read=rows_reader(("Sheet1",), COLUMNS, tuple(COLUMNS), annotate),
)
