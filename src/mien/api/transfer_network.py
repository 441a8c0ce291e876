"""A driver's motion through FOMM or MRAA: the network, the driver's pictures where it looks at them, frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mien.api.clip_motion import ClipMotion
from mien.api.transfer_options import TransferOptions
from mien.face.portrait import Portrait
from mien.motion.field import MotionField
from mien.types import Image

if TYPE_CHECKING:
    from mien.engines.prior_driven import PriorDrivenEngine


def network_engine(options: TransferOptions) -> PriorDrivenEngine:
    """Make the engine that ``--engine fomm`` or ``--engine mraa`` asks for."""
    from mien.engines.fomm import FommEngine
    from mien.engines.mraa import MraaEngine

    kind = FommEngine if options.engine == "fomm" else MraaEngine
    return kind(
        weights=options.weights,
        prior=options.prior,
        points=options.points,
        strength=options.strength,
        blinks=options.blinks,
        jacobians=options.jacobians or "learned",
        calibrated=options.calibrate,
    )


def network_frames(
    options: TransferOptions, portrait: Portrait, clip: ClipMotion, field: MotionField
) -> Iterator[Image]:
    """Yield one frame for each of the field.

    Args:
        options: What is asked for.
        portrait: The face that receives the motion.
        clip: The driver, read once more where the network looks at its pictures.
        field: Its motion from its neutral, at even times.
    """
    engine = network_engine(options)
    frames = clip.frames() if engine.needs_frames else None
    watched = engine.watch(clip.field, frames, options.baseline)
    if watched is not None:
        watched = watched.at(field.times_seconds)
    return engine.render(portrait, field, watched)
