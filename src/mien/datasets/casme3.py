"""CAS(ME)^3 part A (Li et al., TPAMI 2023): 30 frames a second, several micro-expressions in a video."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets.annotation import Annotation
from mien.datasets.coded_rows import coded
from mien.datasets.publication import Publication, rows_reader
from mien.datasets.table_row import Row

COLUMNS = {
    "subject": ("Subject",),
    "clip": ("Filename",),
    "onset": ("Onset",),
    "apex": ("Apex",),
    "offset": ("Offset",),
    "code": ("AU", "AUs", "Action Units"),
    "emotion": ("emotion", "Estimated Emotion"),
}
"""The names that each column may have; case, spaces and punctuation are ignored."""


def annotate(row: Row) -> Annotation:
    """Return the annotation in a row.

    A file name stands for a whole video, so the onset becomes part of the clip's name.
    """
    subject, video = row.needed("subject"), row.needed("clip")
    onset = row.needed_frame("onset")
    return coded(
        row,
        subject=subject,
        clip=f"{video.lower()}_{onset}",
        folders=(
            (f"{subject}_{video}_{onset}",),
            (subject, video, "color"),
            (subject, video),
        ),
        fps=Fraction(30),
    )


CASME3 = Publication(
    name="casme3",
    title="CAS(ME)^3 part A",
    tables=("cas(me)3_part_a_me_label*",),
    columns="Subject, Filename, Onset, Apex, Offset, AU, emotion",
    layout="frame/spNO.1_a_355/355.jpg, or part_A/spNO.1/a/color/355.jpg, whatever the case",
    fps="30",
    paper="Li et al., IEEE TPAMI 45(3), 2023, doi:10.1109/TPAMI.2022.3174895",
    read=rows_reader(("label", "Sheet1"), COLUMNS, tuple(COLUMNS), annotate),
)
