"""Options of a conversion: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, TypedDict

from mien.common.option_checks import check_number, check_scale
from mien.common.option_help import as_text, option


class ConvertKeywords(TypedDict, total=False):
    """The fields of :class:`ConvertOptions`, for functions that take them as keywords."""

    source: str | None
    target: str | None
    scale: float | None
    threshold: float | None
    fps: str | float | Fraction | None
    aus_face: int | None
    observation: str | None
    subject: str | None


@dataclass(frozen=True, kw_only=True)
class ConvertOptions:
    """What a conversion needs to know and the files do not say.

    Raises:
        UsageError: A value out of its range.
    """

    source: Annotated[str | None, option("FORMAT", name="from")] = None
    """The format of the first file; by default it is recognised by its content."""

    target: Annotated[str | None, option("FORMAT", name="to")] = None
    """The format of the second file. By default .eaf is ELAN's, .tsv BORIS's tabular events, .txt FaceReader's, and
    .csv and .json are Mien's own."""

    scale: Annotated[float | None, option("X")] = None
    """The FACS intensity that a probability of 1, a score of 100 or presence stands for, above 0 and up to 5."""

    threshold: Annotated[float | None, option("X")] = None
    """When frames become events: the value from which an AU counts as present, in the unit of the first file. By
    default an intensity or a probability of 0.5, a score of 50, a share of 0.1, or what the program itself says."""

    fps: Annotated[str | float | Fraction | None, as_text("FPS"), option("FPS")] = None
    """Frames a second: of a table without times, of frames made from events, or to resample frames at."""

    aus_face: Annotated[int | None, option("N")] = None
    """Number of the face, as the table numbers faces, if it has several."""

    observation: Annotated[str | None, option("NAME")] = None
    """Name of the observation, if a BORIS table has several."""

    subject: Annotated[str | None, option("NAME")] = None
    """Name of the subject in a BORIS table, or of the coder in an ELAN file with tiers such as AU12@NAME."""

    def __post_init__(self) -> None:
        check_scale("--scale", self.scale)
        if self.threshold is not None:
            check_number("--threshold", self.threshold, 0)

    @property
    def rate(self) -> Fraction | None:
        """The frame rate; None if none is given.

        Raises:
            UsageError: A frame rate that is not valid.
        """
        from mien.au.frame_rate import parse_fps  # needs NumPy

        return None if self.fps is None else parse_fps(self.fps)
