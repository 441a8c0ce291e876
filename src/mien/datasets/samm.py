"""SAMM (Davison et al., TAFFC 2018): 200 frames a second, notes above the header of its table."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets import coded_rows
from mien.datasets.annotation import Annotation
from mien.datasets.coded_rows import coded
from mien.datasets.publication import Publication, numbered, rows_reader
from mien.datasets.table_row import Row

COLUMNS = {
    **coded_rows.COLUMNS,
    "onset": ("Onset Frame", "Onset"),
    "apex": ("Apex Frame", "Apex"),
    "offset": ("Offset Frame", "Offset"),
}
"""The names that each column may have; error messages use the first."""


def annotate(row: Row) -> Annotation:
    """Return the annotation in a row."""
    subject = numbered(row.needed("subject"), "{:03d}")
    clip = row.needed("clip")
    return coded(
        row,
        subject=subject,
        clip=clip,
        folders=((subject, clip),),
        fps=Fraction(200),
    )


SAMM = Publication(
    name="samm",
    title="SAMM",
    tables=("samm*micro*facs*code*",),
    columns=(
        "Subject, Filename, Onset Frame, Apex Frame, Offset Frame, Action Units, Estimated Emotion"
    ),
    layout="006/006_1_2/006_05562.jpg",
    fps="200",
    paper="Davison et al., IEEE TAFFC 9(1), 2018, doi:10.1109/TAFFC.2016.2573832",
    read=rows_reader(("MICRO_ONLY",), COLUMNS, tuple(COLUMNS), annotate),
)
