"""4DME (Li et al., TAFFC 2023), its grey videos: 60 frames a second, ``(k)`` marks uncertain AUs."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets.annotation import Annotation
from mien.datasets.coded_rows import coded
from mien.datasets.publication import Publication, rows_reader
from mien.datasets.table_row import Row

COLUMNS = {
    "subject": ("sub_ID",),
    "clip": ("fold_name",),
    "onset": ("Onset",),
    "apex": ("Apex",),
    "offset": ("Offset",),
    "code": ("AUs", "AU"),
    "emotion": ("Emotion",),
}
"""The names that each column may have; case, spaces and punctuation are ignored."""


def annotate(row: Row) -> Annotation:
    """Return the annotation in a row."""
    subject, clip = row.needed("subject"), row.needed("clip")
    return coded(
        row,
        subject=subject,
        clip=clip,
        folders=((subject, clip), (clip,)),
        fps=Fraction(60),
    )


DME4 = Publication(
    name="dme4",
    title="4DME",
    tables=("4dme*label*",),
    columns="sub_ID, fold_name, Onset, Apex, Offset, AUs ((k) marks uncertain ones), Emotion",
    layout="gray_micro/SUBJECT/FOLDER/1.jpg",
    fps="60",
    paper="Li et al., IEEE TAFFC 14(4), 2023, doi:10.1109/TAFFC.2022.3182342",
    read=rows_reader(("Sheet1",), COLUMNS, tuple(COLUMNS), annotate),
)
