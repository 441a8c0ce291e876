from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.engines.base import Driver
from mien.engines.lids import LidMover
from mien.engines.motion_net.fomm import FommEngine
from mien.engines.motion_net.settings import FommSettings
from mien.face import mesh
from mien.face.portrait import Face, Portrait
from mien.motion.blinks import blinks_of
from mien.motion.field import MotionField
from mien.rig.seen import seen_basis
from tests.engines.motion_net.nets import motion_weights
from tests.engines.motion_net.test_engine import motion_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = {"prior": "awp", "jacobians": False, "measured_maps": True, "anchor": 0.1}
    return motion_weights(tmp_path_factory.mktemp("blink") / "w", **config)


def blinking(portrait: Portrait, elsewhere: float, face: Face | None = None) -> MotionField:
    """Return a motion in which flow sees a full blink in the last frame, and something else in the one before."""
    motion = replace(motion_of(portrait), face=face or portrait.face)
    moved = np.zeros_like(motion.displacement_cm)
    for side in "LR":
        moved[-1] += seen_basis(motion.face, motion.flow).shape(f"AU45{side}")[:, :2]
    moved[-2, 17, 1] = elsewhere
    return replace(motion, displacement_cm=moved)


def lids_px(folder: Path, portrait: Portrait, motion: MotionField, strength: float, **asked: Any):
    """Return the frames, the notes and the gain."""
    engine = FommEngine(FommSettings(weights=folder, painted=False, precision="float32", **asked))
    made = engine.prepare(portrait).transfer(Driver.of(motion), strength=strength)
    return list(made.images), made.notes, made.facts["gain"]


def test_a_clip_in_which_only_lids_move_says_that_nothing_is_calibrated(
    portrait: Portrait, folder: Path
) -> None:
    _, notes, gain = lids_px(folder, portrait, blinking(portrait, 0.0), 1.0)
    assert gain is None and any("anything moves but blinking lids" in note for note in notes)


def test_the_rig_shuts_the_lids_unless_the_network_is_asked_to(
    portrait: Portrait, folder: Path
) -> None:
    motion = blinking(portrait, 0.0)
    own = blinks_of(motion, portrait.face)
    assert own is not None
    *_, shut = LidMover(portrait).moved(own.lids_cm)
    by_rig, by_network = (
        lids_px(folder, portrait, motion, 1.0, lids=who)[0][-1] for who in ("rig", "network")
    )
    # Nothing else moves: the skin around the lids, which flow sees with them, is moved by the rig.
    assert np.abs(by_rig.astype(int) - shut).max() <= 2
    assert np.abs(by_network.astype(int) - shut).max() > 20


def test_the_blink_of_a_driver_with_narrow_eyes_moves_nothing_else(
    portrait: Portrait, folder: Path
) -> None:
    landmarks = portrait.face.landmarks.copy()
    for upper, lower in mesh.OPENINGS[1:]:
        middle = (landmarks[list(upper)] + landmarks[list(lower)]) / 2
        landmarks[list(upper)] = (landmarks[list(upper)] + middle) / 2
        landmarks[list(lower)] = (landmarks[list(lower)] + middle) / 2
    motion = blinking(portrait, 0.0, replace(portrait.face, landmarks=landmarks))
    own = blinks_of(motion, portrait.face)
    assert own is not None
    *_, shut = LidMover(portrait).moved(own.lids_cm)
    (*_, made), _, _ = lids_px(folder, portrait, motion, 1.0)
    assert np.abs(made.astype(int) - shut).max() <= 2


def test_lids_close_by_the_strength_and_not_by_the_gain(portrait: Portrait, folder: Path) -> None:
    motion = blinking(portrait, 0.4)
    plain, _, none = lids_px(folder, portrait, motion, 1.0, calibrate=False)
    scaled, _, gain = lids_px(folder, portrait, motion, 1.0)
    assert none is None
    more, _, _ = lids_px(folder, portrait, motion, 3.0, calibrate=False)
    half, _, _ = lids_px(folder, portrait, motion, 0.5, calibrate=False)
    change = [
        np.abs(frames[-1].astype(int) - portrait.image).sum() for frames in (half, plain, more)
    ]
    # Shut lids cannot shut further.
    assert 0 < change[0] < 0.9 * change[1] and change[2] == pytest.approx(change[1], rel=0.02)
    if gain is not None:
        assert np.abs(scaled[-1].astype(int) - plain[-1]).max() <= 1


def test_the_record_says_who_closes_the_lids(folder: Path, tmp_path: Path) -> None:
    def by(weights: Path = folder, **asked: Any) -> str:
        return FommEngine(FommSettings(weights=weights, **asked)).record()["lids"]

    assert (by(), by(lids="network"), by(show="raw")) == ("rig", "network", "network")
    assert by(driving="absolute") == "network"
    # A network that looks at the driver's pictures sees the driver's lids.
    looks = motion_weights(tmp_path / "w", prior="awp", jacobians=True)
    assert by(looks) == "network"
