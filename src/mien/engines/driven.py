"""An engine driven by a measured motion: which action units, and how much of each this portrait needs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mien.au.catalog import sided_names
from mien.au.track import AUTrack
from mien.engines.base import Engine
from mien.engines.mesh.engine import fitted_field_cm
from mien.engines.rig.engine import RigEngine
from mien.errors import BadTrackError
from mien.face.portrait import Portrait
from mien.face.regions import eye_region
from mien.motion.calibrate import PortraitMeter
from mien.motion.field import MotionField
from mien.motion.measure import measure_aus
from mien.motion.retarget import Retargeting, retarget
from mien.rig.solve import FitSettings
from mien.types import Image

DRIVING = FitSettings(sparsity=0.05, drop_intensity=0.05)
"""Reading a face wants as few action units as will do; moving another wants what those leave out too."""


def driving_units(motion: MotionField, leave_out: Iterable[str] = ()) -> AUTrack:
    """The action units that a motion drives the rig with: those that move.

    Args:
        motion: The driver's motion, counted from its neutral.
        leave_out: How the names of units begin that stay out.
    """
    track = measure_aus(motion, settings=DRIVING).track
    without = tuple(leave_out)
    kept = [i for i, name in enumerate(track.names) if not name.startswith(without)]
    # What never moves only makes the sidecar long; something must stay, for a track has columns.
    moving = [index for index in kept if track.values[:, index].any()] or kept[:1]
    names = tuple(track.names[index] for index in moving)
    return AUTrack(names, track.values[:, moving], track.times_seconds, track.confidence)


def known_units(track: AUTrack, engine: Engine) -> AUTrack:
    """The track without the units that an engine does not know, such as those no network was trained on.

    Raises:
        BadTrackError: It knows none of those that move.
    """
    unknown = frozenset(getattr(engine, "unknown_units", lambda track: ())(track))
    kept = [i for i, n in enumerate(track.names) if not unknown.intersection(sided_names(n))]
    if not kept:
        raise BadTrackError(
            f"expected action units that the {engine.name} engine knows, got only "
            f"{' '.join(sorted(unknown))}; use --engine rig"
        )
    names = tuple(track.names[index] for index in kept)
    return AUTrack(names, track.values[:, kept], track.times_seconds, track.confidence)


def fit_to(
    portrait: Portrait,
    units: AUTrack,
    motion: MotionField,
    engine: Engine | None = None,
    *,
    blinks: bool = True,
) -> Retargeting:
    """Find how much of each unit a portrait needs to be measured to move as the driver.

    Args:
        portrait: The face that receives the motion.
        units: What `driving_units` gave.
        motion: The driver's motion that they came from.
        engine: Renders the portrait.
        blinks: Whether the eyes' motion counts.
    """
    rig = engine or RigEngine()
    kept = motion.kept()
    wanted = fitted_field_cm(kept, portrait.face)
    weights = kept.seen.astype(np.float64)
    if not blinks:
        weights[eye_region()] = 0

    def render(levels: dict[str, float]) -> Image:
        row = np.array([list(levels.values())], np.float32)
        return next(iter(rig.render(portrait, AUTrack(tuple(levels), row, np.zeros(1)))))

    return retarget(units, wanted, weights, render, PortraitMeter(portrait))
