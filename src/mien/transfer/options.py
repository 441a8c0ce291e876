"""Options of a transfer, with their defaults.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from mien.au.intensity import MAX_INTENSITY, PRESENCE_THRESHOLD
from mien.au.recode_mode import RecodeMode, check_mode
from mien.common.chroma import chroma_choice
from mien.common.cut_options import CutOptions, neutral, to_json
from mien.common.engine_options import EngineOptions
from mien.common.option_help import as_text, face_choice, option
from mien.engines.registry import DEFAULTS
from mien.engines.spec import Task
from mien.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class CarryOptions(CutOptions, EngineOptions):
    """Which engine carries a clip's motion onto a face, and how strongly.

    Raises:
        UsageError: Options that do not fit together, or a value out of its range.
    """

    task: ClassVar[Task] = "transfer"

    engine: Annotated[str, option("NAME")] = DEFAULTS["transfer"]
    """What carries the motion; mien engines lists the engines and their settings."""

    strength: Annotated[float, option("X")] = 1.0
    """Multiply the motion."""

    recode: Annotated[RecodeMode | None, option("MODE")] = None
    """Re-encode the measured AUs first, as mien recode does; for engines that are moved by AUs."""

    threshold: Annotated[float, option("X")] = PRESENCE_THRESHOLD
    """Intensity from which --recode counts an AU as present; an AU that is present in less than
    half of the frames is removed. 0 keeps all."""

    blinks: bool = True
    """Let the lids move too, or leave them as they are in the portrait."""

    def __post_init__(self) -> None:
        CutOptions.__post_init__(self)
        EngineOptions.__post_init__(self)
        if not (math.isfinite(self.strength) and self.strength >= 0):
            raise UsageError(f"expected --strength of 0 or more, got {self.strength:g}")
        if self.recode is not None:
            check_mode(self.recode)
        if not 0 <= self.threshold <= MAX_INTENSITY:
            raise UsageError(
                f"expected --threshold from 0 to {MAX_INTENSITY:g}, got {self.threshold:g}"
            )
        if self.recode is not None and not self.spec.uses_aus:
            raise UsageError(
                f"--recode re-encodes action units, which the {self.engine} engine does not use: add "
                f"--engine {DEFAULTS['generate']}"
            )
        if self.threshold != PRESENCE_THRESHOLD and self.recode is None:
            raise UsageError("--threshold needs --recode: add --recode, or leave --threshold out")
        self.settings.check_transfer(blinks=self.blinks)


@dataclass(frozen=True, kw_only=True)
class TransferOptions(CarryOptions):
    """How a driver's motion is put onto a portrait.

    Raises:
        UsageError: Options that do not fit together, or a value out of its range.
    """

    baseline: Annotated[Any, as_text("first|median|auto|N"), option("first|median|auto|N")] = (
        "first"
    )
    """The driver's neutral: its first frame, the median of all frames, a frame's number, or auto: the first frame
    unless another one looks neutral instead."""

    driver_face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which face of the driver, if there are several."""

    face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which face of the portrait, if there are several: its number from the left, from 1, or the
    largest."""

    chroma: Annotated[str | int | None, as_text("444|420"), option("444|420")] = None
    """Colour resolution of an mp4: 444 (the default) keeps it whole; 420 plays everywhere."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "baseline", neutral(self.baseline))
        object.__setattr__(self, "face", face_choice(self.face))
        object.__setattr__(self, "driver_face", face_choice(self.driver_face, "--driver-face"))
        object.__setattr__(self, "chroma", chroma_choice(self.chroma))

    def to_json(self) -> dict[str, Any]:
        """Return the options and the engine's settings as JSON values, for the sidecar.

        The engine's name is left out, because the sidecar stores it in a field of its own.
        """
        return to_json(self, ("engine", "engine_settings")) | self.settings.to_json()
