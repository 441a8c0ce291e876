"""The events that a clip was made with, from its sidecar."""

from __future__ import annotations

from typing import Any

from mien.au.envelope import Envelope
from mien.au.frame_rate import parse_fps
from mien.au.timeline import AUEvent, AUTimeline
from mien.errors import MienError


def events_of_sidecar(record: Any) -> AUTimeline | None:
    """Return the events of a clip that was made from envelopes.

    Args:
        record: The sidecar's JSON value.

    Returns:
        The events, from the clip's first frame on; None for a clip that was made from a table, for an AU whose
        envelopes overlap, and for other JSON.
    """
    settings = record.get("settings") if isinstance(record, dict) else None
    texts = settings.get("envelopes") if isinstance(settings, dict) else None
    if not isinstance(texts, list) or not texts:
        return None
    try:
        lead = float(settings.get("lead_seconds", 0.0))  # type: ignore[union-attr]
        events = []
        for text in texts:
            envelope = Envelope.parse(text)
            onset, start, stop, offset = (round(lead + t, 12) for t in envelope.times_seconds)
            if envelope.peak_intensity:
                events.append(
                    AUEvent(envelope.au, onset, offset, start, stop, envelope.peak_intensity)
                )
        fps = parse_fps(record["fps"])
        return AUTimeline(tuple(events), float(int(record["frames"]) / fps), fps)
    except (MienError, KeyError, TypeError, ValueError):
        return None
