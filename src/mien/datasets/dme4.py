"""4DME (Li et al., TAFFC 2023), its grey videos: 60 frames a second, ``(k)`` marks uncertain AUs."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets.loader import Annotation, Publication, rows_reader
from mien.datasets.tables import Row

COLUMNS = {
    "subject": ("sub_ID",),
    "clip": ("fold_name",),
    "onset": ("Onset",),
    "apex": ("Apex",),
    "offset": ("Offset",),
    "code": ("AUs", "AU"),
    "emotion": ("Emotion",),
}
"""The names that each column may have; case, spaces and punctuation do not count."""


def annotate(row: Row) -> Annotation:
    """Say what a row says."""
    subject, clip = row.needed("subject"), row.needed("clip")
    return Annotation(
        where=row.where,
        subject=subject,
        clip=clip,
        folders=((subject, clip), (clip,)),
        onset=row.needed_frame("onset"),
        apex=row.frame("apex"),
        offset=row.frame("offset"),
        fps=Fraction(60),
        code=row.text("code"),
        emotion=row.text("emotion"),
    )


DME4 = Publication(
    name="dme4",
    title="4DME",
    tables=("4dme*label*",),
    layout="gray_micro/SUBJECT/FOLDER/1.jpg",
    fps="60",
    paper="Li et al., IEEE TAFFC 14(4), 2023, doi:10.1109/TAFFC.2022.3182342",
    read=rows_reader(("Sheet1",), COLUMNS, tuple(COLUMNS), annotate),
)
