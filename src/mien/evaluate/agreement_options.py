"""Options of an agreement between two codings: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, TypedDict

from mien.common.option_checks import check_number
from mien.common.option_help import as_text, option
from mien.errors import UsageError


class AgreementKeywords(TypedDict, total=False):
    """The fields of :class:`AgreementOptions`, for functions that take them as keywords."""

    tolerance_ms: float
    overlap: float
    fps: str | float | Fraction | None
    end_seconds: float | None
    aus_face: int | None
    observation: str | None
    subject_a: str | None
    subject_b: str | None


@dataclass(frozen=True, kw_only=True)
class AgreementOptions:
    """How two codings are compared.

    Raises:
        UsageError: A value out of its range.
    """

    tolerance_ms: Annotated[float, option("MS")] = 0.0
    """How far apart two boundaries may be, in milliseconds."""

    overlap: Annotated[float, option("X")] = 0.5
    """Smallest intersection over union at which two events match, above 0 and up to 1."""

    fps: Annotated[str | float | Fraction | None, as_text("FPS"), option("FPS")] = None
    """Frame rate at which kappa is computed; by default that of the files."""

    end_seconds: Annotated[float | None, option("SECONDS", name="end")] = None
    """End of the observation; by default the earlier end that the files state, or the last event."""

    aus_face: Annotated[int | None, option("N")] = None
    """Which face, if a table has several: the table's number."""

    observation: Annotated[str | None, option("NAME")] = None
    """Which observation, if a BORIS table has several."""

    subject_a: Annotated[str | None, option("NAME")] = None
    """Which subject or coder of the first file, if it has several."""

    subject_b: Annotated[str | None, option("NAME")] = None
    """Which subject or coder of the second file, if it has several."""

    def __post_init__(self) -> None:
        check_number("--tolerance-ms", self.tolerance_ms, 0)
        if not 0 < self.overlap <= 1:
            raise UsageError(f"expected --overlap above 0 and up to 1, got {self.overlap!r}")
        if self.end_seconds is not None and not 0 < self.end_seconds < float("inf"):
            raise UsageError(f"expected --end above 0 seconds, got {self.end_seconds!r}")
