"""Move the times of an expression onto frames, so that its apex is shown at full intensity."""

from __future__ import annotations

from dataclasses import replace

from mien.au.envelope import Envelope
from mien.au.expression import Expression


def on_frames(expression: Expression, fps: int) -> Expression:
    """Return an expression whose times are whole frames; each AU rises and falls over at least one frame.

    Args:
        expression: The expression, at least three frames long.
        fps: Frames a second.
    """
    last = max(round(each.offset_seconds * fps) for each in expression.envelopes)
    moved = tuple(_snapped(each, fps, last) for each in expression.envelopes)
    return replace(expression, envelopes=moved)


def with_one_apex(expression: Expression) -> Expression:
    """Return an expression whose AUs all rise, stay and fall together, so that one moment shows all of them fully."""
    seconds = expression.duration_seconds
    moved = tuple(
        replace(
            each,
            onset_seconds=0.0,
            apex_start_seconds=0.4 * seconds,
            apex_end_seconds=0.6 * seconds,
            offset_seconds=seconds,
        )
        for each in expression.envelopes
    )
    return replace(expression, envelopes=moved)


def _snapped(envelope: Envelope, fps: int, last: int) -> Envelope:
    times = (
        envelope.onset_seconds,
        envelope.apex_start_seconds,
        envelope.apex_end_seconds,
        envelope.offset_seconds,
    )
    onset, start, end, offset = (round(seconds * fps) for seconds in times)
    onset = min(onset, last - 2)
    start = min(max(start, onset + 1), last - 1)
    end = min(max(end, start), last - 1)
    offset = min(max(offset, end + 1), last)
    return replace(
        envelope,
        onset_seconds=onset / fps,
        apex_start_seconds=start / fps,
        apex_end_seconds=end / fps,
        offset_seconds=offset / fps,
    )
