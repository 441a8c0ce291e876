"""Columns that most data sets share: onset, apex and offset as frames, AUs and emotion; a row for each clip."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets.annotation import Annotation
from mien.datasets.table_row import Columns, Row

COLUMNS: Columns = {
    "subject": ("Subject",),
    "clip": ("Filename",),
    "onset": ("OnsetFrame", "Onset"),
    "apex": ("ApexFrame", "Apex"),
    "offset": ("OffsetFrame", "Offset"),
    "code": ("Action Units", "AU", "AUs"),
    "emotion": ("Estimated Emotion", "Emotion"),
}
"""The names that each column may have; case, spaces and punctuation are ignored."""


def coded(
    row: Row,
    *,
    subject: str,
    clip: str,
    folders: tuple[tuple[str, ...], ...],
    fps: Fraction,
) -> Annotation:
    """Return the annotation in a row, read from the columns of :data:`COLUMNS`.

    Args:
        row: The row.
        subject: The subject's name in the data set's folders.
        clip: The micro-expression's name, unique for the subject.
        folders: Possible ends of the path of its folder of frames, the most specific first.
        fps: Frames a second.

    Raises:
        DatasetError: No onset, or a cell that is not a frame number.
    """
    return Annotation(
        where=row.where,
        subject=subject,
        clip=clip,
        folders=folders,
        onset=row.needed_frame("onset"),
        apex=row.frame("apex"),
        offset=row.frame("offset"),
        fps=fps,
        code=row.text("code"),
        emotion=row.text("emotion"),
    )
