"""The flow to the next frame, which is computed ahead of time, is the one that would be computed in its turn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from benchmarks.film_scenes import turned

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.engines.rig.engine import RigEngine
from mien.face.portrait import Portrait
from mien.motion.follower import FaceFollower, Loss
from mien.motion.forward_flow import ForwardFlow
from mien.motion.tracker import FlowTracker
from mien.types import Image


@pytest.fixture(scope="module")
def film(driver_portrait: Portrait) -> list[Image]:
    """A smile, then a fade, a covered cheek, a turned head, black, and the face again."""
    smile = Expression((Envelope.parse("AU12=3@0-0.2-0.3-0.4"),)).track(25)
    frames = list(RigEngine().prepare(driver_portrait).render(smile))
    dim = [(frames[5] * share).astype(np.uint8) for share in (0.9, 0.7)]
    covered = frames[4].copy()
    height, width = covered.shape[:2]
    covered[height // 2 :, : width // 2] = (150, 120, 100)
    turns = [turned(driver_portrait, (0, angle)) for angle in (4, 9, 14, 9)]
    return [*frames, *dim, covered, covered, *turns, np.zeros_like(covered), *frames[3:6]]


def test_looking_ahead_changes_nothing(driver_portrait: Portrait, film: list[Image]) -> None:
    alone, ahead = (FaceFollower(film[0], driver_portrait.face) for _ in range(2))
    lost = 0
    for frame, after in pairwise([*film, None]):
        assert frame is not None
        one, other = alone.follow(frame), ahead.follow(frame, after)
        if isinstance(one, Loss) or isinstance(other, Loss):
            assert one is other
            lost += 1
            continue
        for name in ("displacement_px", "confidence", "iris_px", "head"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert lost == 1  # the black frame


def test_most_flows_are_ready_when_they_are_needed(
    driver_portrait: Portrait, film: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []
    compute = ForwardFlow._compute

    def count(self: ForwardFlow, frame: Image, *rest: object) -> object:
        computed.append(id(frame))
        return compute(self, frame, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ForwardFlow, "_compute", count)
    follower = FaceFollower(film[0], driver_portrait.face)
    smile = film[:10]
    for frame, after in pairwise([*smile, None]):
        assert frame is not None
        follower.follow(frame, after)
    assert computed == [id(frame) for frame in smile]  # each once: no guess was wrong


def test_a_search_from_scratch_knows_nothing_of_earlier_frames(
    driver_portrait: Portrait, film: list[Image]
) -> None:
    fresh, used = (FlowTracker(film[0], driver_portrait.face) for _ in range(2))
    for frame in film[:8]:
        used.track(frame)
    expected = fresh.track(film[4], from_scratch=True)
    again = used.track(film[4], from_scratch=True)
    assert np.array_equal(again.displacement_px, expected.displacement_px)
