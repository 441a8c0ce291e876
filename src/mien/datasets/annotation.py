"""The annotation in one row of a data set's table, before its frames are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mien.au.emotions import Label


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """The annotation of one micro-expression.

    Attributes:
        where: File and line, for messages.
        subject: The subject's name in the data set's folders.
        clip: The micro-expression's name, unique for the subject.
        folders: Possible ends of the path of its folder of frames, the most specific first.
        onset: Number of the first frame.
        apex: Number of the frame with the largest motion, or None.
        offset: Number of the last frame, or None.
        fps: Frames a second.
        code: The FACS code as written.
        emotion: The emotion as written.
        label: The class if the table has one; otherwise it follows from the emotion.
        file: The video or folder if the table names one.
    """

    where: str
    subject: str
    clip: str
    folders: tuple[tuple[str, ...], ...] = ()
    onset: int
    apex: int | None
    offset: int | None
    fps: Fraction
    code: str = ""
    emotion: str = ""
    label: Label | None = None
    file: Path | None = None
