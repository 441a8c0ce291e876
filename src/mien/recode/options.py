"""Options of re-encoding, with their defaults.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, TypedDict

import tyro

from mien.au.intensity import MAX_INTENSITY, PRESENCE_THRESHOLD
from mien.au.recode_mode import RECODE_MODES, RecodeMode
from mien.common.option_checks import check_choice, check_number, check_scale, make_plain
from mien.common.option_help import as_text, option
from mien.errors import UsageError


class RecodeKeywords(TypedDict, total=False):
    """The fields of :class:`RecodeOptions`, for functions that take them as keywords."""

    mode: RecodeMode
    threshold: float
    apex: int | None
    apex_seconds: float | None
    portrait_au: tuple[str, ...]
    strength: float
    fps: str | float | Fraction | None
    aus_face: int | None
    aus_scale: float | None


@dataclass(frozen=True, kw_only=True)
class RecodeOptions:
    """How an AU track is re-encoded; see :func:`mien.au.recode.recode_track`.

    Raises:
        UsageError: A value is out of its range, or options contradict each other.
    """

    mode: RecodeMode = "smooth"
    """What happens to the AUs that stay: none leaves them as measured; linear runs straight from
    the first frame to the apex and on to the last; apex runs from the portrait's own AUs to the
    apex and back; smooth fits one rise, hold and fall to each AU."""

    threshold: Annotated[float, option("X")] = PRESENCE_THRESHOLD
    """Intensity from which an AU counts as present in a table without presence columns. An AU that
    is present in less than half of the frames is removed; 0 keeps all."""

    apex: Annotated[int | None, option("FRAME")] = None
    """The apex frame, from 0; by default the frame with the largest sum of intensities."""

    apex_seconds: Annotated[float | None, option("SECONDS", name="apex-time")] = None
    """The time of the apex, instead of --apex."""

    portrait_au: Annotated[tuple[str, ...], tyro.conf.UseAppendAction, option("AU12=1")] = ()
    """An AU that the portrait itself shows, for --mode apex; repeat the option for each AU."""

    strength: Annotated[float, option("X")] = 1.0
    """Multiply the resulting intensities; a result above 5 is an error."""

    fps: Annotated[str | float | Fraction | None, as_text("FPS"), option("FPS")] = None
    """Frames a second of events and of tables without times, or instead of OpenFace's rounded times."""

    aus_face: Annotated[int | None, option("N")] = None
    """Which face of a table that has several: its number in the table, from 0."""

    aus_scale: Annotated[float | None, option("X")] = None
    """The FACS intensity that a probability of 1, a score of 100 or presence in the table stands for."""

    def __post_init__(self) -> None:
        make_plain(self)
        given = self.portrait_au
        aus = (given,) if isinstance(given, str) else tuple(given)
        object.__setattr__(self, "portrait_au", aus)
        check_choice("--mode", self.mode, RECODE_MODES)
        check_number("--threshold", self.threshold, 0, MAX_INTENSITY)
        check_number("--strength", self.strength, 0)
        check_scale("--aus-scale", self.aus_scale)
        if self.portrait_au and self.mode != "apex":
            raise UsageError(f"--portrait-au needs --mode apex, got --mode {self.mode}")
        if self.apex is not None and self.apex_seconds is not None:
            raise UsageError("expected one of --apex and --apex-time, got both")
