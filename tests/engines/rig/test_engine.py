from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from mien.au import AUTrack, preset
from mien.engines.rig.engine import RigEngine
from mien.engines.rig.settings import RigSettings
from mien.face.portrait import Portrait
from mien.render.warp import PortraitWarper


def test_one_frame_a_row_and_neutral_rows_are_the_portrait(portrait: Portrait) -> None:
    track = AUTrack(("AU12",), np.float32([[0], [2], [0]]), np.array([0.0, 0.1, 0.2]))
    frames = list(RigEngine().prepare(portrait).render(track))
    assert len(frames) == 3
    np.testing.assert_array_equal(frames[0], portrait.image)
    np.testing.assert_array_equal(frames[2], portrait.image)
    assert (frames[1] != portrait.image).any()
    assert frames[1].shape == portrait.image.shape and frames[1].dtype == np.uint8


def test_rendering_is_deterministic(portrait: Portrait) -> None:
    track = preset("surprise", 3.0).track(50)
    first = list(RigEngine().prepare(portrait).render(track))
    again = list(RigEngine().prepare(portrait).render(track))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_session_prepares_its_portrait_once(
    portrait: Portrait, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = []
    start = PortraitWarper.__init__

    def counted(self: PortraitWarper, which: Portrait, *, shading: bool) -> None:
        prepared.append(shading)
        start(self, which, shading=shading)

    monkeypatch.setattr(PortraitWarper, "__init__", counted)
    track = preset("surprise", 3.0).track(50)
    first = RigEngine().prepare(portrait)
    fresh = list(first.render(track))
    for _ in range(2):
        for frame, expected in zip(first.render(track), fresh, strict=True):
            np.testing.assert_array_equal(frame, expected)
    assert prepared == [True]
    RigEngine(RigSettings(shading=False)).prepare(portrait)
    assert prepared == [True, False]


def test_frames_say_what_moves_them(portrait: Portrait) -> None:
    engine = RigEngine()
    track = AUTrack.constant({"AU4": 1.0}, 0.0, 10)
    frames = engine.prepare(portrait).render(track)
    assert frames.track is track and list(frames.notes) == [] and frames.facts == {}
    assert engine.record() == {} and engine.known_aus is None


def test_stronger_is_further(portrait: Portrait) -> None:
    def change(intensity: float) -> float:
        track = AUTrack.constant({"AU4": intensity}, 0.0, 10)
        frame = next(RigEngine(RigSettings(shading=False)).prepare(portrait).render(track))
        return float(np.abs(frame.astype(int) - portrait.image).mean())

    assert 0 < change(1) < change(2) < change(4)


def test_frames_stream(portrait: Portrait) -> None:
    """Memory does not grow with the clip."""

    def peak(seconds: float) -> int:
        track = AUTrack.constant({"AU12": 2.0}, seconds, 50)
        engine = RigEngine()
        for _ in engine.prepare(portrait).render(AUTrack.constant({"AU12": 2.0}, 0.0, 50)):
            pass
        tracemalloc.start()
        for _ in engine.prepare(portrait).render(track):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(1.6) < peak(0.2) + 3_000_000
