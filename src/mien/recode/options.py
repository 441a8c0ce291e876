"""Everything that can be asked of re-encoding: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

import tyro
from tyro.constructors import PrimitiveConstructorSpec

from mien.au.intensity import PRESENCE_THRESHOLD
from mien.au.recode_mode import RecodeMode
from mien.errors import UsageError

_FPS = PrimitiveConstructorSpec[Any](
    nargs=1,
    metavar="FPS",
    instance_from_str=lambda words: words[0],
    is_instance=lambda value: isinstance(value, str | float | Fraction | int | None),
    str_from_instance=lambda value: [str(value)],
)


def _option(metavar: str, name: str | None = None) -> Any:
    """Name what an option takes, and leave out empty defaults in its help."""
    return tyro.conf.arg(
        name=name,
        metavar=metavar,
        help_behavior_hint=lambda default: (
            "" if default in ("", "None") else f"(default: {default})"
        ),
    )


@dataclass(frozen=True, kw_only=True)
class RecodeOptions:
    """How an AU track is re-encoded; see :func:`mien.au.recode.recode_track`.

    Raises:
        UsageError: options that do not fit together.
    """

    mode: RecodeMode = "smooth"
    """What becomes of the AUs that stay: recode leaves their frames as they are; linear runs
    straight from the first frame to the apex and on to the last; apex from the portrait's own AUs
    to the apex and back; smooth fits one rise, hold and fall to each AU."""

    threshold: Annotated[float, _option("X")] = PRESENCE_THRESHOLD
    """Intensity from which an AU counts as present in a table that does not say; an AU that is
    present in less than half of the frames goes. 0 keeps all."""

    apex: Annotated[int | None, _option("FRAME")] = None
    """The apex frame, from 0; found by default: the largest sum of intensities."""

    apex_seconds: Annotated[float | None, _option("SECONDS", name="apex-time")] = None
    """The time of the apex, instead."""

    portrait_au: Annotated[tuple[str, ...], tyro.conf.UseAppendAction, _option("AU12=1")] = ()
    """An AU that the portrait itself shows, for --mode apex; again for each further AU."""

    strength: Annotated[float, _option("X")] = 1.0
    """Multiply the intensities that come out; a result above 5 is an error."""

    fps: Annotated[str | float | Fraction | None, _FPS, _option("FPS")] = None
    """Frames a second of an OpenFace table without times, or in place of its rounded ones."""

    aus_face: Annotated[int | None, _option("N")] = None
    """Which face of an OpenFace table that has several: its number in the table, from 0."""

    def __post_init__(self) -> None:
        given = self.portrait_au
        object.__setattr__(self, "portrait_au", (given,) if isinstance(given, str) else given)
        if self.portrait_au and self.mode != "apex":
            raise UsageError(f"--portrait-au goes with --mode apex only, got it with {self.mode}")
        if self.apex is not None and self.apex_seconds is not None:
            raise UsageError("expected one of --apex and --apex-time, got both")
