"""Everything that can be asked of a clip: the one place of each default, for Python and the CLI.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro
from tyro.constructors import PrimitiveConstructorSpec

from mien.errors import UsageError


def _text(metavar: str) -> PrimitiveConstructorSpec[Any]:
    """Let a field that Python may fill in several types be given as text on the command line."""
    return PrimitiveConstructorSpec(
        nargs=1,
        metavar=metavar,
        instance_from_str=lambda args: args[0],
        is_instance=lambda value: value is None or isinstance(value, str | float | Fraction | int),
        str_from_instance=lambda value: [str(value)],
    )


@dataclass(frozen=True, kw_only=True)
class ClipOptions:
    """What moves, when, how strongly, and how it is rendered.

    Exactly one of ``expression``, ``sample``, ``au`` and ``aus`` says what moves.

    Raises:
        UsageError: options that do not fit together.
    """

    expression: Annotated[str | None, tyro.conf.arg(metavar="NAME")] = None
    """A ready expression; `mien expressions` lists them."""

    sample: Annotated[str | None, tyro.conf.arg(metavar="EMOTION")] = None
    """Draw a realistic expression of this emotion; see --seed."""

    au: Annotated[
        tuple[str, ...], tyro.conf.UseAppendAction, tyro.conf.arg(metavar="AU12L=2.5@0.10-...")
    ] = ()
    """An AU and its course, AU12L=2.5@0.10-0.20-0.25-0.45: peak intensity (0 to 5 or A to E) @ onset - apex start -
    apex end - offset in seconds. L or R is one side, the subject's own. Give as many as you like."""

    aus: Annotated[Path | None, tyro.conf.arg(metavar="TRACK")] = None
    """A table of AU intensities for each frame: Mien's own CSV or JSON, or OpenFace's CSV."""

    seed: Annotated[int | None, tyro.conf.arg(metavar="N")] = None
    """Which draw --sample makes, 0 or more; the same seed gives the same frames. 0 if not given."""

    dataset: Annotated[tuple[str, ...], tyro.conf.arg(metavar="NAME")] = ()
    """The data sets whose statistics --sample draws from; all by default."""

    intensity: Annotated[str | float | None, _text("B|2.0")] = None
    """The strongest peak of --expression or --sample: 0 to 5, or a FACS level A to E."""

    strength: Annotated[float, tyro.conf.arg(metavar="X")] = 1.0
    """Multiply all intensities; a result above 5 is an error."""

    duration_seconds: Annotated[float | None, tyro.conf.arg(name="duration", metavar="SECONDS")] = (
        None
    )
    """Stretch or shrink the expression so that it ends at this time."""

    side: Literal["left", "right", "both"] = "both"
    """Move one side of the face alone, the subject's own left or right."""

    fps: Annotated[str | float | Fraction | None, _text("FPS")] = None
    """Frames a second, such as 200 or 30000/1001. 200 if not given; with --aus the table's own."""

    lead_seconds: Annotated[float, tyro.conf.arg(name="lead", metavar="SECONDS")] = 0.0
    """Neutral time before."""

    tail_seconds: Annotated[float, tyro.conf.arg(name="tail", metavar="SECONDS")] = 0.0
    """Neutral time after."""

    face: Annotated[int | str | None, _text("N|largest")] = None
    """Which face, if there are several: its number from the left, from 1, or the largest."""

    engine: Annotated[str, tyro.conf.arg(metavar="NAME")] = "rig"
    """What makes the frames."""

    shading: bool = True
    """Let skin brighten and darken as its surface turns."""

    def __post_init__(self) -> None:
        au = (self.au,) if isinstance(self.au, str) else tuple(self.au)
        object.__setattr__(self, "au", au)
        dataset = (self.dataset,) if isinstance(self.dataset, str) else tuple(self.dataset)
        object.__setattr__(self, "dataset", dataset)
        if self.aus is not None:
            object.__setattr__(self, "aus", Path(self.aus))
        object.__setattr__(self, "face", _face(self.face))
        given = [name for name in _SOURCES if getattr(self, name)]
        if len(given) != 1:
            wanted = ", ".join(f"--{name}" for name in _SOURCES)
            got = " and ".join(f"--{name}" for name in given) or "none"
            raise UsageError(f"expected exactly one of {wanted}, got {got}")
        self._check_meaning(given[0])
        for word, seconds in (("lead", self.lead_seconds), ("tail", self.tail_seconds)):
            if not 0.0 <= seconds < math.inf:
                raise UsageError(f"expected --{word} of 0 seconds or more, got {seconds:g}")

    def _check_meaning(self, source: str) -> None:
        """Refuse what would be without effect beside the chosen source."""
        if source != "sample":
            for name in ("seed", "dataset"):
                if getattr(self, name) not in (None, ()):
                    raise UsageError(f"--{name} goes with --sample only, got it with --{source}")
        if source in ("au", "aus") and self.intensity is not None:
            raise UsageError(
                f"--intensity sets the peak of --expression or --sample, got it with --{source}: "
                "use --strength X to multiply intensities that are given"
            )
        if source == "aus" and self.duration_seconds is not None:
            raise UsageError(
                "--duration stretches an expression, got it with --aus: the table has its own times"
            )

    def to_json(self) -> dict[str, Any]:
        """Return the options as JSON values, for the sidecar."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


_SOURCES = ("expression", "sample", "au", "aus")


def _face(face: Any) -> int | Literal["largest"] | None:
    if isinstance(face, str) and face != "largest":
        try:
            return int(face)
        except ValueError:
            raise UsageError(f"expected --face N (from 1) or --face largest, got {face}") from None
    return face


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.name  # folders are nobody else's business
    if isinstance(value, Fraction):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
