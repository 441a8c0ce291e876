"""What one row of a data set's table says, before its frames are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mien.au.emotions import Label


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """The annotation of one micro-expression.

    Attributes:
        where: file and line, for messages.
        subject: the subject's name in the data set's folders.
        clip: the micro-expression's name, unique for the subject.
        folders: possible ends of the path of its folder of frames, the most specific first.
        onset: number of the first frame.
        apex: number of the frame with the largest motion, or None.
        offset: number of the last frame, or None.
        fps: frames a second.
        code: the FACS code as written.
        emotion: the emotion as written.
        label: the class if the table has one; otherwise it follows from the emotion.
        file: the video or folder if the table names one.
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
