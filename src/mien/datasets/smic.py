"""SMIC-HS (Li et al., FG 2013): 100 frames a second, three classes, no AUs, no apex.

The table of the extended release (SMIC-HS-E) has one row for each long clip, with further columns
for a second and a third micro-expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from mien.datasets.annotation import Annotation
from mien.datasets.publication import Publication, numbered, rows_reader
from mien.datasets.table_row import Row

COLUMNS = {
    "subject": ("Subject",),
    "clip": ("Filename",),
    "onset": ("OnsetF", "Onset"),
    "offset": ("OffsetF", "Offset"),
    "emotion": ("Emotion",),
    "apex": ("ApexF", "Apex"),
    "onset 2": ("Onset2F",),
    "offset 2": ("Offset2F",),
    "onset 3": ("Onset3F",),
    "offset 3": ("Offset3F",),
}
"""The names that each column may have; case, spaces and punctuation are ignored."""

NEEDED = ("subject", "clip", "onset", "offset", "emotion")
"""The columns that every release has."""

_SUBJECT = re.compile(r"^s0*(\d{1,9})_", re.IGNORECASE)


def annotate(row: Row) -> Iterator[Annotation]:
    """Yield the annotations in a row: one micro-expression, or up to three."""
    subject = numbered(row.needed("subject"), "s{:02d}")
    # Only some releases pad the subject: s3_po_05 and s03_po_05 are the same clip.
    clip = _SUBJECT.sub(lambda match: f"s{int(match[1]):02d}_", row.needed("clip"))
    emotion = row.needed("emotion")
    inner = (subject, "micro", emotion, clip)
    folders = (("HS", *inner), inner, ("SMIC-HS-E", subject, clip), (subject, clip))
    for suffix in ("", " 2", " 3"):
        if suffix and row.frame(f"onset{suffix}") is None:
            continue
        yield Annotation(
            where=row.where,
            subject=subject,
            clip=clip + suffix.replace(" ", "-"),
            folders=folders,
            onset=row.needed_frame(f"onset{suffix}"),
            apex=None if suffix else row.frame("apex"),
            offset=row.frame(f"offset{suffix}"),
            fps=Fraction(100),
            emotion=emotion,
        )


SMIC = Publication(
    name="smic",
    title="SMIC-HS",
    tables=("smic*hs*annotation*",),
    columns=(
        "Subject, Filename, OnsetF, OffsetF, Emotion; optional: ApexF; Onset2F, Offset2F, "
        "Onset3F, Offset3F if one long clip shows several"
    ),
    layout="HS/s3/micro/positive/s3_po_05/image304630.bmp, or SMIC-HS-E/s03/s03_po_05/...",
    fps="100",
    paper="Li et al., IEEE FG 2013, doi:10.1109/FG.2013.6553717",
    read=rows_reader(("Sheet1",), COLUMNS, NEEDED, annotate),
)
