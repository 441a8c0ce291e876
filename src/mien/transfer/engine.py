"""What carries a driver's motion: the engine that is asked for, and the frames that it makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from mien.au.track import AUTrack
from mien.common.clip_motion import ClipMotion
from mien.errors import BadTrackError, UsageError
from mien.face.portrait import Portrait
from mien.motion.field import MotionField
from mien.transfer.options import TransferOptions
from mien.types import Image

if TYPE_CHECKING:
    from mien.engines.base import Engine
    from mien.engines.mesh.engine import MeshEngine
    from mien.engines.motion_net.engine import PriorDrivenEngine
    from mien.engines.rig.engine import RigEngine
    from mien.engines.ulme_gan.engine import UlmeGanEngine

    Carrier: TypeAlias = MeshEngine | RigEngine | UlmeGanEngine | PriorDrivenEngine

EYE_AUS = ("AU43", "AU45", "AU46")
"""Closed eyes, blinks and winks: what ``blinks=False`` leaves out of a track."""


def transfer_engine(options: TransferOptions) -> Carrier:
    """Make the engine that is asked for; a network's weights are read, so that wrong ones are told at once.

    Raises:
        WeightsError: There are no such weights, or they are damaged or another network's.
        MissingExtraError: PyTorch is not installed.
        UsageError: The weights are for another prior or number of points than asked for.
    """
    if options.engine == "mesh":
        from mien.engines.mesh.engine import MeshEngine

        return MeshEngine(
            strength=options.strength,
            blinks=options.blinks,
            gaze=options.gaze,
            head_motion=options.head_motion,
        )
    if options.engine == "rig":
        from mien.engines.rig.engine import RigEngine

        return RigEngine()
    if options.engine == "ulme-gan":
        from mien.engines.ulme_gan.engine import UlmeGanEngine

        painter = UlmeGanEngine(weights=options.weights)
        _ = painter.generator
        return painter
    from mien.engines.motion_net.fomm import FommEngine
    from mien.engines.motion_net.mraa import MraaEngine

    kind = FommEngine if options.engine == "fomm" else MraaEngine
    follower = kind(
        weights=options.weights,
        prior=options.prior,
        points=options.points,
        strength=options.strength,
        blinks=options.blinks,
        jacobians=options.jacobians or "learned",
        calibrated=options.calibrate,
    )
    _ = follower.net
    return follower


def network_record(engine: Carrier) -> dict[str, Any] | None:
    """What a sidecar says of the network that made the frames, JSON values; None without a network."""
    from mien.engines.motion_net.engine import PriorDrivenEngine
    from mien.engines.ulme_gan.engine import UlmeGanEngine

    return engine.record if isinstance(engine, PriorDrivenEngine | UlmeGanEngine) else None


def engine_frames(
    options: TransferOptions,
    portrait: Portrait,
    field: MotionField,
    said: list[str],
    clip: ClipMotion | None = None,
    engine: Carrier | None = None,
) -> tuple[AUTrack | None, Iterator[Image]]:
    """Move a portrait by what `mien.transfer.clip.driving_field` gave.

    Args:
        options: What is asked for.
        portrait: The face that receives the motion.
        field: The motion.
        said: Takes what a user must know, one line each; some of it only once all frames are taken.
        clip: The driver that the field is of; fomm and mraa look at its pictures.
        engine: What `transfer_engine` gave; None makes it.

    Returns:
        The track that moves it, None where no units come between; and one frame for each of the field.

    Raises:
        UsageError: The clip is needed and missing.
    """
    from mien.engines.mesh.engine import MeshEngine
    from mien.engines.motion_net.engine import PriorDrivenEngine

    engine = engine or transfer_engine(options)
    if isinstance(engine, MeshEngine):
        return None, engine.transfer(portrait, field)
    if isinstance(engine, PriorDrivenEngine):
        if clip is None:
            raise UsageError(f"expected the driver's clip with --engine {options.engine}, got none")
        return None, _followed(engine, options, portrait, clip, field, said)
    track = driving_track(field, options, portrait, engine, said)
    return track, engine.render(portrait, track)


def _followed(
    engine: PriorDrivenEngine,
    options: TransferOptions,
    portrait: Portrait,
    clip: ClipMotion,
    field: MotionField,
    said: list[str],
) -> Iterator[Image]:
    """One frame for each of the field; the driver is read once more where the network looks at it."""
    frames = clip.frames() if engine.needs_frames else None
    watched = engine.watch(clip.field, frames, options.baseline)
    if watched is not None:
        watched = watched.at(field.times_seconds)
    yield from engine.render(portrait, field, watched)
    said.extend(engine.notes)


def driving_track(
    field: MotionField,
    options: TransferOptions,
    portrait: Portrait,
    engine: Engine,
    said: list[str] | None = None,
) -> AUTrack:
    """The AUs that move a portrait: measured, re-encoded if asked, fitted to the portrait, times the strength.

    Fitting gives each AU one factor for the whole clip, so what re-encoding made of a course stays.

    Args:
        field: The driver's motion.
        options: What is asked for.
        portrait: The face that receives it.
        engine: What will draw it.
        said: Takes what a user must know, one line each.

    Raises:
        BadTrackError: The strength would take an AU above 5, or re-encoding leaves none.
    """
    from mien.au.recode import recode_track
    from mien.engines.driven import driving_units, fit_to, known_units

    measured = driving_units(field, () if options.blinks else EYE_AUS)
    units = known_units(measured, engine)
    left_out = [
        f"{name} (at most {peak:.2g})"
        for name, peak in zip(measured.names, measured.values.max(0), strict=True)
        if name not in units.names
    ]
    if left_out and said is not None:
        said.append(
            f"the {engine.name} engine does not know {', '.join(left_out)}, which the driver shows: "
            "left out"
        )
    track = units
    if options.recode is not None:
        recoded = recode_track(units, options.recode, threshold=options.threshold)
        if not recoded.kept and units.peak > 0:
            raise BadTrackError(
                f"re-encoding leaves no AU: none reaches the threshold {options.threshold:g} in "
                f"half of the frames (the strongest peaks at {units.peak:.2f}); lower --threshold"
            )
        track = recoded.track
    track = fit_to(portrait, units, field, engine, blinks=options.blinks).apply(track)
    return track if options.strength == 1.0 else track.scaled(options.strength)
