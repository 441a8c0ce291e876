"""SAMM (Davison et al., TAFFC 2018): 200 frames a second, notes above the header of its table."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets.loader import Annotation, Publication, numbered, rows_reader
from mien.datasets.tables import Row

COLUMNS = {
    "subject": ("Subject",),
    "clip": ("Filename",),
    "onset": ("Onset Frame", "Onset"),
    "apex": ("Apex Frame", "Apex"),
    "offset": ("Offset Frame", "Offset"),
    "code": ("Action Units", "AU", "AUs"),
    "emotion": ("Estimated Emotion", "Emotion"),
}
"""The names that each column may have; case, spaces and punctuation do not count."""


def annotate(row: Row) -> Annotation:
    """Say what a row says."""
    subject = numbered(row.needed("subject"), "{:03d}")
    clip = row.needed("clip")
    return Annotation(
        where=row.where,
        subject=subject,
        clip=clip,
        folders=((subject, clip),),
        onset=row.needed_frame("onset"),
        apex=row.frame("apex"),
        offset=row.frame("offset"),
        fps=Fraction(200),
        code=row.text("code"),
        emotion=row.text("emotion"),
    )


SAMM = Publication(
    name="samm",
    title="SAMM",
    tables=("samm*micro*facs*code*",),
    layout="006/006_1_2/006_05562.jpg",
    fps="200",
    paper="Davison et al., IEEE TAFFC 9(1), 2018, doi:10.1109/TAFFC.2016.2573832",
    read=rows_reader(("MICRO_ONLY",), COLUMNS, tuple(COLUMNS), annotate),
)
