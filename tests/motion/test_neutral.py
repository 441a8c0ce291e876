from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.motion.field import Gap, MotionField
from mien.motion.follower import Loss
from mien.motion.neutral import baseline_note, count_from, neutral_frame
from tests.motion.test_measure import field_of


def from_frame(field: MotionField, frame: int) -> MotionField:
    """Return a field as if a frame had been the clip's first: it comes first, and all counts from it."""
    order = [frame, *range(len(field))]
    moved = field.displacement_cm[order] - field.displacement_cm[frame]
    return replace(
        field,
        displacement_cm=moved.astype(np.float32),
        confidence=field.confidence[order],
        gaze_cm=field.gaze_cm[order],
        rigid_px=field.rigid_px[order],
        times_seconds=np.arange(len(order)) / 50,
    )


@pytest.mark.parametrize("au", [("AU12", 3.0), ("AU45", 5.0), ("AU4", 3.0)])
def test_a_clip_that_begins_with_an_expression(portrait: Portrait, au: tuple[str, float]) -> None:
    name, intensity = au
    course = np.zeros(30)
    course[:3] = intensity  # shut eyes, say, in the first frames
    neutral_first = field_of(portrait.face, {f"{name}{side}": course for side in "LR"})
    field = from_frame(neutral_first, 0)
    frame = neutral_frame(field)
    assert frame >= 4 - 1 and np.abs(count_from(field, "auto")[0].displacement_cm[frame]).max() == 0
    (note,) = baseline_note(field, "first")
    assert f"--baseline {frame}, --baseline median" in note
    assert baseline_note(field, "median") == ()


def test_an_expression_that_is_held_leaves_the_first_frame_neutral(portrait: Portrait) -> None:
    held = np.full(30, 3.0)
    held[:3] = [0, 1, 2]
    field = field_of(portrait.face, {"AU12L": held, "AU12R": held})
    assert neutral_frame(field) == 0 and baseline_note(field, "first") == ()
    assert count_from(field, "auto") == (field, 0) or count_from(field, "auto")[1] == 0


def test_a_brief_expression_leaves_the_first_frame_neutral(portrait: Portrait) -> None:
    brief = np.zeros(30)
    brief[10:16] = 4.0
    assert neutral_frame(field_of(portrait.face, {"AU12L": brief, "AU12R": brief})) == 0


def test_the_neutral_frame_is_not_in_a_gap(portrait: Portrait) -> None:
    course = np.zeros(30)
    course[:3] = 4.0
    field = from_frame(field_of(portrait.face, {"AU12L": course, "AU12R": course}), 0)
    found = neutral_frame(field)
    hidden = replace(field, gaps=(Gap(found - 1, found + 1, Loss.GONE),))
    assert hidden.followed[neutral_frame(hidden)] and neutral_frame(hidden) > 0
