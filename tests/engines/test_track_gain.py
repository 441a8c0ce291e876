from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.au.track import AUTrack
from mien.engines.driven import driving_aus
from mien.engines.rig.engine import RigEngine
from mien.engines.track_gain import blinks, track_gain
from mien.face.portrait import Portrait
from mien.motion.amplitude import LARGEST
from mien.motion.blinks import _UPPER
from mien.motion.field import MotionField
from mien.rig.personal import lid_openings_cm
from tests.engines.mesh.test_engine import receiver, short  # noqa: F401
from tests.engines.test_driven import score
from tests.motion.conftest import clip, driver_portrait, field, smile  # noqa: F401


def halved(track: AUTrack) -> AUTrack:
    return replace(track, values=0.5 * track.values)


def test_with_the_gain_a_portrait_moves_as_far_as_the_film(
    receiver: Portrait,  # noqa: F811
    short: MotionField,  # noqa: F811
) -> None:
    session = RigEngine().prepare(receiver)
    weak = halved(driving_aus(short))
    gain = track_gain(session, weak, short)
    assert gain.seen and 1.5 < gain.factor <= LARGEST
    assert score(receiver, short, weak).amplitude < 0.7
    made = score(receiver, short, weak.scaled(gain.factor))
    assert made.amplitude == pytest.approx(1, abs=0.1)
    assert round(gain.factor, 2) == gain.factor


def test_no_au_passes_the_end_of_the_scale(receiver: Portrait, short: MotionField) -> None:  # noqa: F811
    session = RigEngine().prepare(receiver)
    # The chin's AU moves little of the face, so all of the gain that there is room for is taken.
    chin = AUTrack(("AU17",), np.full((len(short), 1), 4.0), short.times_seconds)
    gain = track_gain(session, chin, short, largest=9.0)
    assert gain.factor <= 1.25 and chin.scaled(gain.factor).peak <= 5
    limited = track_gain(session, halved(driving_aus(short)), short, largest=1.1)
    assert limited.factor == 1.1 and "less than the driver" in (limited.note or "")


def test_nothing_to_move_has_no_gain(receiver: Portrait, short: MotionField) -> None:  # noqa: F811
    still = AUTrack(("AU12",), np.zeros((len(short), 1)), short.times_seconds)
    assert track_gain(RigEngine().prepare(receiver), still, short).factor == 1.0


def test_a_blink_of_the_driver_is_seen(short: MotionField) -> None:  # noqa: F811
    assert not blinks(short)
    moved = short.displacement_cm.copy()
    moved[len(moved) // 3 : -len(moved) // 3, list(_UPPER["L"]), 1] = lid_openings_cm(
        short.face, "L"
    )[1:-1, 1].mean()
    assert blinks(replace(short, displacement_cm=moved))
