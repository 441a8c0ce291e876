"""DFME (Zhao et al., TAFFC 2024): the frame rate is a column of the table, AUs are ``L12``."""

from __future__ import annotations

from mien.au.frame_rate import parse_fps
from mien.datasets.annotation import Annotation
from mien.datasets.coded_rows import coded
from mien.datasets.publication import Publication, rows_reader
from mien.datasets.table_row import Row

COLUMNS = {
    "subject": ("Subject",),
    "clip": ("Filename",),
    "onset": ("OnsetFrame", "Onset"),
    "apex": ("ApexFrame", "Apex"),
    "offset": ("OffsetFrame", "Offset"),
    "fps": ("Fps", "FrameRate"),
    "code": ("AU", "AUs", "Action Units"),
    "emotion": ("Emotion",),
}
"""The names that each column may have; case, spaces and punctuation are ignored."""


def annotate(row: Row) -> Annotation:
    """Return the annotation in a row."""
    clip = row.needed("clip")
    return coded(
        row,
        subject=row.needed("subject"),
        clip=clip,
        folders=((clip,),),
        fps=parse_fps(row.needed("fps")),
    )


DFME = Publication(
    name="dfme",
    title="DFME",
    tables=("*training_full_with_au*",),  # the test parts are chosen with --annotations
    columns=(
        "Subject, Filename, OnsetFrame, ApexFrame, OffsetFrame, Fps, AU, Emotion. The tables "
        "of the test parts go in with --annotations"
    ),
    layout="sub0003_01/00001.png",
    fps="a column of the table",
    paper="Zhao et al., IEEE TAFFC 15(3), 2024, doi:10.1109/TAFFC.2023.3341918",
    read=rows_reader(("Sheet1",), COLUMNS, tuple(COLUMNS), annotate),
)
