"""What most data sets' tables share: one row a coded clip, its phases in frames, its AUs and emotion."""

from __future__ import annotations

from fractions import Fraction

from mien.datasets.loader import Annotation
from mien.datasets.tables import Columns, Row

COLUMNS: Columns = {
    "subject": ("Subject",),
    "clip": ("Filename",),
    "onset": ("OnsetFrame", "Onset"),
    "apex": ("ApexFrame", "Apex"),
    "offset": ("OffsetFrame", "Offset"),
    "code": ("Action Units", "AU", "AUs"),
    "emotion": ("Estimated Emotion", "Emotion"),
}
"""The names that each column may have; case, spaces and punctuation do not count."""


def coded(
    row: Row,
    *,
    subject: str,
    clip: str,
    folders: tuple[tuple[str, ...], ...],
    fps: Fraction,
) -> Annotation:
    """Say what a row says, its phases, code and emotion by the names in :data:`COLUMNS`.

    Args:
        row: the row.
        subject: as the data set's folders call it.
        clip: names the micro-expression among the subject's.
        folders: ends of the path of its folder of frames, the most specific first.
        fps: frames a second.

    Raises:
        DatasetError: no onset, or a frame number that is none.
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
