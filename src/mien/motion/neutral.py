"""Find a clip's neutral frame, for clips that do not begin with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np

from mien.motion.field import Baseline, MotionField
from mien.motion.measure import measure_aus
from mien.scratch import by_parts, median_of_rows

BaselineChoice: TypeAlias = Baseline | Literal["auto"]
"""A baseline, or ``auto`` to search for one."""

MOVED_CM = 0.12
"""The first frame is far from the others if at least 3 % of the vertices lie this far from their median place."""

CLEARER = 0.05
"""The first frame has the expression if AUs explain a share of the motion to it that is larger by at least this than
the share of the motion from it."""


def neutral_frame(field: MotionField) -> int:
    """Return the frame that looks most neutral: 0, unless most frames are far from the first one.

    Action units describe the motion from neutral to an expression, but not the way back: no unit opens shut eyes. The
    first frame is therefore compared with the frame nearest to the clip's median. If action units explain the motion
    from that frame to the first one better than the motion from the first one to that frame, the first frame has the
    expression. If an expression is held through most of the clip, the first frame remains the neutral one.

    Args:
        field: The clip's motion, counted from its first frame.
    """
    kept = field.kept()
    followed, seen = kept.followed, kept.seen
    if followed.sum() < 3 or not seen.any():
        return 0
    median = median_of_rows(kept.displacement_cm, followed)[seen]
    if np.quantile(np.linalg.norm(median, axis=-1), 0.97) < MOVED_CM:
        return 0
    away = by_parts(
        lambda part: ((kept.displacement_cm[part][:, seen] - median) ** 2).sum((1, 2)), len(kept)
    )
    nearest = int(np.where(followed, away, np.inf).argmin())
    pair = _pair(kept, nearest)
    from_first, from_other = (
        float(measure_aus(pair, baseline).explained[frame]) for baseline, frame in ((0, 1), (1, 0))
    )
    return nearest if from_other > from_first + CLEARER else 0


def count_from(field: MotionField, choice: BaselineChoice) -> tuple[MotionField, Baseline]:
    """Return the motion counted from a baseline, and the baseline; with ``auto``, search for it.

    Raises:
        UsageError: The clip has no such frame, or the face is lost there.
    """
    baseline: Baseline = neutral_frame(field) if choice == "auto" else choice
    return field.relative_to(baseline), baseline


def baseline_note(field: MotionField, choice: BaselineChoice) -> tuple[str, ...]:
    """Return a note if the first frame is the baseline and does not look neutral; otherwise nothing.

    Args:
        field: The clip's motion, counted from its first frame.
        choice: The baseline.
    """
    frame = neutral_frame(field) if choice in ("first", 0) else 0
    if frame == 0:
        return ()
    return (
        "the first frame does not look neutral, and most others differ from it: "
        f"use --baseline {frame}, --baseline median, or --baseline auto",
    )


def _pair(field: MotionField, other: int) -> MotionField:
    """Return a field of two frames: the first and another one."""
    frames = [0, other]
    return replace(
        field,
        displacement_cm=field.displacement_cm[frames],
        confidence=field.confidence[frames],
        gaze_cm=field.gaze_cm[frames],
        rigid_px=field.rigid_px[frames],
        times_seconds=np.array([0.0, 1.0]),
        gaps=(),
    )
