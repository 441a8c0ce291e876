"""CASME (Yan et al., FG 2013): 60 frames a second, FACS codes, a first and sometimes a second apex."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets import coded_rows
from mien.datasets.annotation import Annotation
from mien.datasets.coded_rows import coded
from mien.datasets.publication import Publication, numbered, rows_reader
from mien.datasets.table_row import Row

COLUMNS = {
    **coded_rows.COLUMNS,
    "onset": ("OnsetF", "OnsetFrame", "Onset"),
    "apex": ("ApexF1", "ApexF", "ApexFrame", "Apex"),
    "offset": ("OffsetF", "OffsetFrame", "Offset"),
    "code": ("AU", "AUs", "Action Units"),
    "emotion": ("Emotion", "Estimated Emotion"),
}
"""The names that each column may have; error messages use the first."""


def annotate(row: Row) -> Annotation:
    """Return the annotation in a row; if there are two apexes, the first is used."""
    subject = numbered(row.needed("subject"), "sub{:02d}")
    clip = row.needed("clip")
    return coded(
        row,
        subject=subject,
        clip=clip,
        folders=((subject, clip),),
        fps=Fraction(60),
    )


CASME = Publication(
    name="casme",
    title="CASME",
    tables=("casme", "casme[!0-9(]*"),
    columns="Subject, Filename, OnsetF, ApexF1, ApexF2 (not read), OffsetF, AU, Emotion",
    layout="sub01/EP01_5/EP01_5-113.jpg, or cropped reg_EP01_5-113.jpg",
    fps="60",
    paper="Yan et al., FG 2013, doi:10.1109/FG.2013.6553799",
    read=rows_reader(("Sheet1",), COLUMNS, tuple(COLUMNS), annotate),
)
