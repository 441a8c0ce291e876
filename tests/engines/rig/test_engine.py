from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from mien.au import AUTrack, preset
from mien.engines.registry import BUILT_IN, engine_names, make_engine
from mien.engines.rig.engine import RigEngine
from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.render.warp import PortraitWarper


def test_one_frame_a_row_and_neutral_rows_are_the_portrait(portrait: Portrait) -> None:
    track = AUTrack(("AU12",), np.float32([[0], [2], [0]]), np.array([0.0, 0.1, 0.2]))
    frames = list(RigEngine().render(portrait, track))
    assert len(frames) == 3
    np.testing.assert_array_equal(frames[0], portrait.image)
    np.testing.assert_array_equal(frames[2], portrait.image)
    assert (frames[1] != portrait.image).any()
    assert frames[1].shape == portrait.image.shape and frames[1].dtype == np.uint8


def test_rendering_is_deterministic(portrait: Portrait) -> None:
    track = preset("surprise", 3.0).track(50)
    first = list(RigEngine().render(portrait, track))
    again = list(RigEngine().render(portrait, track))
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)


def test_an_engine_keeps_the_last_portraits_preparation(portrait: Portrait, monkeypatch) -> None:
    prepared = []
    start = PortraitWarper.__init__

    def counted(self: PortraitWarper, which: Portrait, *, shading: bool) -> None:
        prepared.append((which, shading))
        start(self, which, shading=shading)

    monkeypatch.setattr(PortraitWarper, "__init__", counted)
    track = preset("surprise", 3.0).track(50)
    engine = RigEngine()
    fresh = list(RigEngine().render(portrait, track))
    for _ in range(2):
        for frame, expected in zip(engine.render(portrait, track), fresh, strict=True):
            np.testing.assert_array_equal(frame, expected)
    assert prepared == [(portrait, True)] * 2  # by the fresh engine, and once by the other

    list(replace(engine, shading=False).render(portrait, track))
    other = Portrait(portrait.image.copy(), portrait.face)
    list(engine.render(other, track))
    assert [(which is other, shading) for which, shading in prepared[2:]] == [
        (False, False),
        (True, True),
    ]
    assert engine == RigEngine() and hash(engine) == hash(RigEngine())


def test_stronger_is_further(portrait: Portrait) -> None:
    def change(intensity: float) -> float:
        track = AUTrack.constant({"AU4": intensity}, 0.0, 10)
        frame = next(RigEngine(shading=False).render(portrait, track))
        return float(np.abs(frame.astype(int) - portrait.image).mean())

    assert 0 < change(1) < change(2) < change(4)


def test_frames_stream(portrait: Portrait) -> None:
    """Memory does not grow with the clip."""

    def peak(seconds: float) -> int:
        track = AUTrack.constant({"AU12": 2.0}, seconds, 50)
        engine = RigEngine()
        for _ in engine.render(portrait, AUTrack.constant({"AU12": 2.0}, 0.0, 50)):
            pass
        tracemalloc.start()
        for _ in engine.render(portrait, track):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(1.6) < peak(0.2) + 3_000_000


def test_engines_are_found_by_name() -> None:
    assert "rig" in engine_names()
    assert isinstance(make_engine("rig"), RigEngine)
    assert set(BUILT_IN) <= set(engine_names())
    with pytest.raises(UsageError, match="rig"):
        make_engine("rigg")
