"""Find the factor by which an AU track must be multiplied to move a portrait as far as the filmed face moved.

The intensities that `mien measure` reads in a film say how far each action unit went. Rendered unchanged, they move a
portrait less than that: action units explain only a part of what a face does, and flow sees only a part of what a
portrait does. The intensities themselves stay as measured, because they are what a FACS coder would write down. The
factor belongs to the rendering: it is the ``strength`` of a clip, and the clip's sidecar records it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.engines.base import TrackSession
from mien.face.regions import eye_region
from mien.motion.amplitude import LARGEST, Gain, key_frames, measured_gain
from mien.motion.blinks import closure
from mien.motion.calibrate import PortraitMeter
from mien.motion.eye_fit import fitted_field_cm
from mien.motion.field import MotionField
from mien.types import Image, Vertices2

BLINKS_NOTE = "the driver blinks, and flow does not see how far lids go: the gain is measured without the eyes"


def track_gain(
    session: TrackSession, track: AUTrack, motion: MotionField, largest: float = LARGEST
) -> Gain:
    """Measure the gain of a track on a portrait, compared with the film that the track was measured in.

    If the driver blinks, the eyes do not count: flow sees only a part of a lid's motion over the eyeball, and this part
    differs from face to face.

    Args:
        session: The portrait, ready to be moved.
        track: AUs measured in the film, or lanes made of them, one row for each frame of the motion.
        motion: The film's motion until its face is lost.
        largest: Largest gain. The gain is also limited by `LARGEST`, and so that no AU passes 5.

    Returns:
        The gain, rounded down to hundredths.
    """
    if track.peak <= 0:
        return Gain(1.0, seen=True)
    wanted = fitted_field_cm(motion, session.portrait.face)
    counted = motion.seen & ~eye_region() if blinks(motion) else motion.seen
    weight = counted.astype(np.float32)[:, None]
    frames = key_frames(weight * wanted)
    names, values, times = track.names, track.values[frames], track.times_seconds[frames]

    def make(gain: float) -> Iterator[Image]:
        levels = np.minimum(gain * values, MAX_INTENSITY).astype(np.float32)
        return session.render(AUTrack(names, levels, times))

    meter = PortraitMeter(session.portrait)

    def measure(frame: Image) -> Vertices2:
        moved: Vertices2 = weight * meter.measure(frame)
        return moved

    most = _hundredths(min(LARGEST, largest, MAX_INTENSITY / track.peak))
    gain = measured_gain(weight * wanted[frames], make, measure, most)
    return replace(gain, factor=_hundredths(gain.factor))


def blinks(motion: MotionField) -> bool:
    """Return whether one of a driver's lids closes."""
    return any(closure(motion, side) is not None for side in "LR")


def _hundredths(value: float) -> float:
    """Round down to hundredths, the precision at which users read and type a factor."""
    return math.floor(100 * value + 1e-6) / 100
