"""CASME II (Yan et al., PLOS ONE 2014): 200 frames a second, FACS codes, '/' for an unknown apex."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets.annotation import Annotation
from mien.datasets.coded_rows import COLUMNS, coded
from mien.datasets.publication import Publication, numbered, rows_reader
from mien.datasets.table_row import Row


def annotate(row: Row) -> Annotation:
    """Return the annotation in a row."""
    subject = numbered(row.needed("subject"), "sub{:02d}")
    clip = row.needed("clip")
    return coded(
        row,
        subject=subject,
        clip=clip,
        folders=((subject, clip),),
        fps=Fraction(200),
    )


CASME2 = Publication(
    name="casme2",
    title="CASME II",
    tables=("casme2*coding*", "casme2*label*"),
    columns=(
        "Subject, Filename, OnsetFrame, ApexFrame (/ if unknown), OffsetFrame, Action Units, "
        "Estimated Emotion"
    ),
    layout="sub01/EP02_01f/img46.jpg, or cropped reg_img46.jpg",
    fps="200",
    paper="Yan et al., PLOS ONE 9(1), 2014, doi:10.1371/journal.pone.0086041",
    read=rows_reader(("Sheet1",), COLUMNS, tuple(COLUMNS), annotate),
)
