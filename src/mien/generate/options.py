"""Options of a clip: the one place of each default, for Python and the CLI.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import tyro

from mien.common.chroma import chroma_choice
from mien.common.cut_options import to_json
from mien.common.engine_options import EngineOptions
from mien.common.option_checks import check_scale, make_plain
from mien.common.option_help import as_text, face_choice, option
from mien.engines.registry import DEFAULTS
from mien.engines.spec import Task
from mien.errors import UsageError
from mien.generate.look_options import LOOK_FIELDS, LookOptions


@dataclass(frozen=True, kw_only=True)
class MotionOptions:
    """What moves, when and how strongly.

    Exactly one of ``expression``, ``sample``, ``au`` and ``aus`` says what moves.

    Raises:
        UsageError: Options that do not fit together.
    """

    expression: Annotated[str | None, option("NAME")] = None
    """A ready expression; mien expressions lists them."""

    sample: Annotated[str | None, option("EMOTION")] = None
    """Draw a realistic expression of this emotion; mien expressions lists them, --seed chooses."""

    au: Annotated[tuple[str, ...], tyro.conf.UseAppendAction, option("AU12L=2.5@...")] = ()
    """An AU and its course, such as AU12L=2.5@0.10-0.20-0.25-0.45: peak intensity (0 to 5 or
    level) at onset-apex start-apex end-offset in seconds. L and R are the subject's own sides."""

    aus: Annotated[Path | None, option("TRACK")] = None
    """A table of AUs frame by frame, or of their events: Mien's own, or any format that mien convert
    reads."""

    aus_face: Annotated[int | None, option("N")] = None
    """Which face of a table that has several: its number in the table's column face_id or face,
    from 0."""

    aus_scale: Annotated[float | None, option("X")] = None
    """The FACS intensity that a probability of 1, a score of 100 or presence in --aus stands for."""

    seed: Annotated[int | None, option("N")] = None
    """Seed of the draw of --sample, from 0 (the default); the same seed gives the same frames."""

    dataset: Annotated[tuple[str, ...], option("NAME")] = ()
    """The data sets whose statistics --sample draws from; all by default."""

    intensity: Annotated[str | float | None, as_text("B|2.0"), option("B|2.0")] = None
    """The highest peak intensity of --expression or --sample: 0 to 5, or a FACS level A to E."""

    strength: Annotated[float, option("X")] = 1.0
    """Multiply all intensities; a result above 5 is an error."""

    duration_seconds: Annotated[float | None, option("SECONDS", name="duration")] = None
    """Stretch or shrink the expression so that it ends at this time."""

    side: Literal["left", "right", "both"] = "both"
    """Move only the subject's own left or right side. AUs without sides, such as AU23 and AU24, move both."""

    def __post_init__(self) -> None:
        make_plain(self)
        for name in ("au", "dataset"):
            value = getattr(self, name)
            object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))
        if self.aus is not None:
            object.__setattr__(self, "aus", Path(self.aus))
        given = [name for name in _SOURCES if getattr(self, name)]
        if len(given) != 1:
            wanted = ", ".join(f"--{name}" for name in _SOURCES)
            got = " and ".join(f"--{name}" for name in given) or "none"
            raise UsageError(f"expected exactly one of {wanted}, got {got}")
        self._check_effect(given[0])

    def _check_effect(self, source: str) -> None:
        """Refuse options that have no effect with the chosen source."""
        if source != "sample":
            for name in ("seed", "dataset"):
                if getattr(self, name) not in (None, ()):
                    raise UsageError(f"--{name} needs --sample, got --{source}")
        if source in ("au", "aus") and self.intensity is not None:
            raise UsageError(
                f"--intensity needs --expression or --sample, got --{source}: "
                "use --strength X to multiply the intensities that are given"
            )
        for name, given in (("--aus-face", self.aus_face), ("--aus-scale", self.aus_scale)):
            if source != "aus" and given is not None:
                raise UsageError(f"{name} needs --aus, got --{source}")
        check_scale("--aus-scale", self.aus_scale)
        if source == "aus" and self.duration_seconds is not None:
            raise UsageError(
                "--duration needs an expression, got --aus: the table has its own times"
            )


_SOURCES = ("expression", "sample", "au", "aus")


@dataclass(frozen=True, kw_only=True)
class RenderOptions(LookOptions, EngineOptions):
    """How a clip is rendered and shown.

    Raises:
        UsageError: A value out of its range.
    """

    task: ClassVar[Task] = "generate"

    fps: Annotated[str | float | Fraction | None, as_text("FPS"), option("FPS")] = None
    """Frames a second, such as 200 or 30000/1001: 200 by default, with --aus the table's own."""

    lead_seconds: Annotated[float, option("SECONDS", name="lead")] = 0.0
    """Neutral time before the movement."""

    tail_seconds: Annotated[float, option("SECONDS", name="tail")] = 0.0
    """Neutral time after the movement."""

    face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which face, if there are several: its number from the left, from 1, or the largest."""

    beyond_picture: tyro.conf.FlagCreatePairsOff[bool] = False
    """Move AUs even if most of the skin that they move lies outside the picture."""

    engine: Annotated[str, option("NAME")] = DEFAULTS["generate"]
    """What makes the frames; mien engines lists the engines and their settings."""

    chroma: Annotated[str | int | None, as_text("444|420"), option("444|420")] = None
    """Colour resolution of an mp4: 444 (the default) keeps it whole, for PsychoPy, VLC, Chrome and
    Edge; 420 halves it, so that the file plays everywhere: QuickTime, Safari, PowerPoint, phones."""

    def __post_init__(self) -> None:
        EngineOptions.__post_init__(self)
        LookOptions.__post_init__(self)
        object.__setattr__(self, "face", face_choice(self.face))
        object.__setattr__(self, "chroma", chroma_choice(self.chroma))
        for word, seconds in (("lead", self.lead_seconds), ("tail", self.tail_seconds)):
            if not 0.0 <= seconds < math.inf:
                raise UsageError(f"expected --{word} of 0 seconds or more, got {seconds:g}")


@dataclass(frozen=True, kw_only=True)
class ClipOptions(RenderOptions, MotionOptions):
    """All options of a clip.

    Raises:
        UsageError: Options that do not fit together, or a value out of its range.
    """

    def __post_init__(self) -> None:
        MotionOptions.__post_init__(self)
        RenderOptions.__post_init__(self)

    def to_json(self) -> dict[str, Any]:
        """Return the options and the engine's settings as JSON values, for the sidecar.

        The fields of the look that equal their defaults are left out, so that sidecars of clips without a look stay
        the same.
        """
        plain = to_json(self, ("engine_settings", "aus_scale", *LOOK_FIELDS))
        if self.aus_scale is not None:  # left out by default for the same reason
            plain["aus_scale"] = self.aus_scale
        return plain | self.given() | self.settings.to_json()
