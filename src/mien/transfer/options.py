"""Everything that can be asked of a transfer: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from mien.au.intensity import PRESENCE_THRESHOLD
from mien.au.recode_mode import RecodeMode
from mien.common.cut_options import CutOptions, neutral, to_json
from mien.common.option_help import as_text, face_choice, option
from mien.errors import UsageError
from mien.io.formats import CHROMAS


@dataclass(frozen=True, kw_only=True)
class TransferOptions(CutOptions):
    """How a driver's motion is put onto a portrait.

    Raises:
        UsageError: options that do not fit together, or a value out of its range.
    """

    engine: Literal["mesh", "rig", "ulme-gan", "fomm", "mraa"] = "mesh"
    """What carries the motion: mesh takes over the whole motion field; rig and ulme-gan measure
    action units, which can be re-encoded and read, and move the face rig or a trained network by
    them; fomm and mraa follow some points of the face through a trained network."""

    weights: Annotated[Path | None, option("FOLDER")] = None
    """Weights for --engine ulme-gan, fomm or mraa; those that come with Mien by default."""

    prior: Annotated[Literal["none", "ewp", "awp"] | None, option("none|ewp|awp")] = None
    """Facial prior of --engine fomm, or mraa (none or awp): the weights' own, or awp without
    --weights; none lets the network find its own points in the driver's pictures."""

    points: Annotated[int | None, option("N")] = None
    """Points that --engine fomm or mraa follows: the weights' own by default, 18 as published."""

    jacobians: Annotated[Literal["learned", "measured"] | None, option("learned|measured")] = None
    """Who says how --engine fomm or mraa turns and stretches what is around a point: the network, as
    published and by default, or the driver's measured motion."""

    calibrate: bool = True
    """With --engine fomm or mraa, make the motion larger or smaller until it is measured on the portrait
    as large as it was on the driver, or leave its size to the network, as published."""

    strength: Annotated[float, option("X")] = 1.0
    """Multiply the motion."""

    recode: Annotated[RecodeMode | None, option("MODE")] = None
    """Re-encode the measured AUs first, as mien recode does; for the engines rig and ulme-gan."""

    threshold: Annotated[float, option("X")] = PRESENCE_THRESHOLD
    """Intensity from which --recode counts an AU as present; one that is present in less than half
    of the frames goes. 0 keeps all."""

    blinks: bool = True
    """Let the lids move too, or leave them as they are in the portrait."""

    gaze: bool = False
    """Let the irises move as the driver's do, or look where the portrait looks; for --engine mesh."""

    head_motion: bool = False
    """Move the picture as the driver's head moved, or keep the head still; for --engine mesh."""

    baseline: Annotated[Any, as_text("first|median|N"), option("first|median|N")] = "first"
    """The driver's neutral: its first frame, the median of all frames, or a frame's number."""

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
        if self.chroma is not None:
            object.__setattr__(self, "chroma", str(self.chroma))
            if self.chroma not in CHROMAS:
                raise UsageError(f"expected --chroma {' or '.join(CHROMAS)}, got {self.chroma!r}")
        if self.engine not in ("mesh", "rig", "ulme-gan", "fomm", "mraa"):
            raise UsageError(
                f"expected --engine mesh, rig, ulme-gan, fomm or mraa, got {self.engine!r}"
            )
        if self.weights is not None:
            object.__setattr__(self, "weights", Path(self.weights))
            if self.engine not in ("ulme-gan", "fomm", "mraa"):
                raise UsageError(
                    "--weights is for --engine ulme-gan, fomm or mraa, got it with "
                    f"--engine {self.engine}"
                )
        self._check_points()
        if not (math.isfinite(self.strength) and self.strength >= 0):
            raise UsageError(f"expected --strength of 0 or more, got {self.strength:g}")
        if self.recode is not None and self.engine in ("mesh", "fomm", "mraa"):
            raise UsageError(
                f"--recode re-encodes action units, which the {self.engine} engine does not use: "
                "add --engine rig"
            )
        if self.threshold != PRESENCE_THRESHOLD and self.recode is None:
            raise UsageError("--threshold goes with --recode only, got it without")
        if self.head_motion and self.engine != "mesh":
            raise UsageError(
                f"--head-motion is for --engine mesh, got it with --engine {self.engine}"
            )
        if self.gaze and self.engine != "mesh":
            raise UsageError(f"--gaze is for --engine mesh, got it with --engine {self.engine}")

    def _check_points(self) -> None:
        """What chooses the points of a motion network goes with one."""
        for name in ("prior", "points", "jacobians"):
            if getattr(self, name) is not None and self.engine not in ("fomm", "mraa"):
                raise UsageError(
                    f"--{name} is for --engine fomm or mraa, got it with --engine {self.engine}"
                )
        if not self.calibrate and self.engine not in ("fomm", "mraa"):
            raise UsageError(
                f"--no-calibrate is for --engine fomm or mraa, got it with --engine {self.engine}"
            )
        if self.jacobians not in (None, "learned", "measured"):
            raise UsageError(f"expected --jacobians learned or measured, got {self.jacobians!r}")
        if self.prior == "none" and self.jacobians == "measured":
            raise UsageError(
                "expected --jacobians measured with a prior, got --prior none: nothing is measured at "
                "points that a network finds"
            )
        if self.prior not in (None, "none", "ewp", "awp"):
            raise UsageError(f"expected --prior none, ewp or awp, got {self.prior!r}")
        if self.prior == "ewp" and self.engine == "mraa":
            raise UsageError("expected --prior none or awp with --engine mraa, got ewp")
        if self.prior == "none" and not self.blinks:
            raise UsageError(
                "expected --no-blinks with a prior, got --prior none: a network that finds its own "
                "points moves lids as it likes"
            )
        if self.points is not None and self.points < 1:
            raise UsageError(f"expected --points of at least 1, got {self.points}")

    def to_json(self) -> dict[str, Any]:
        """Return the options as JSON values, for the sidecar, which has its own place for the engine."""
        return to_json(self, ("engine",))
