"""Read the events that a clip was made with from its sidecar."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mien.au.envelope import Envelope
from mien.au.frame_rate import frame_times, parse_fps
from mien.au.timeline import SAME_TIME_SECONDS, AUEvent, AUTimeline
from mien.errors import BadTrackError, MienError


def events_of_sidecar(record: Any) -> tuple[AUTimeline | None, tuple[str, ...]]:
    """Return the events of a clip that was made from envelopes.

    A hold is an envelope without rise and fall that lasts from the clip's first onset to its last offset, such as the
    background expression of a study's stimulus. If it covers every frame of the face, it becomes an event from the
    first frame to the end of the last one. If its AU also moves above it, only that movement becomes an event.

    Args:
        record: The sidecar's JSON value.

    Returns:
        The events, timed from the clip's first frame, and notes of one line each. The events are None for a clip that
        was made from a table and for other JSON. They are also None, with the reason in the notes, if movements of one
        AU overlap or an envelope cannot be read.
    """
    settings = record.get("settings") if isinstance(record, dict) else None
    texts = settings.get("envelopes") if isinstance(settings, dict) else None
    if not isinstance(settings, dict) or not isinstance(texts, list) or not texts:
        return None, ()
    try:
        envelopes = [envelope for envelope in map(Envelope.parse, texts) if envelope.peak_intensity]
        lead, tail = (float(settings.get(f"{word}_seconds", 0.0)) for word in ("lead", "tail"))
        fps, frames = parse_fps(record["fps"]), int(record["frames"])
        last = max((envelope.offset_seconds for envelope in envelopes), default=0.0)
        # A mask may follow the frames of the face.
        shown = min(len(frame_times(lead + last + tail, fps)), frames)
        events, notes = _events(envelopes, lead, shown, fps)
        return AUTimeline(events, float(frames / fps), fps), notes
    except BadTrackError as error:
        reason = str(error)
    except (MienError, KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"the sidecar has no usable {error}" if isinstance(error, KeyError) else str(error)
    return None, (
        f"the exact times of the clip's movements cannot be used, so events come from its frames: {reason}",
    )


def _events(
    envelopes: list[Envelope], lead: float, frames: int, fps: Fraction
) -> tuple[tuple[AUEvent, ...], tuple[str, ...]]:
    first = min((envelope.onset_seconds for envelope in envelopes), default=0.0)
    last = max((envelope.offset_seconds for envelope in envelopes), default=0.0)
    holds: dict[str, Envelope] = {}
    moving = []
    for envelope in envelopes:
        onset, start, stop, offset = envelope.times_seconds
        if (onset, start, stop, offset) != (first, first, last, last):
            moving.append(envelope)
        elif (
            envelope.au not in holds or envelope.peak_intensity > holds[envelope.au].peak_intensity
        ):
            holds[envelope.au] = envelope
    under = {e.au: e.peak_intensity for e in holds.values()}
    hidden = [e for e in moving if e.peak_intensity <= under.get(e.au, 0.0)]
    events = [_event(e, lead) for e in moving if e not in hidden]
    moved = {event.au for event in events}
    whole = []
    for envelope in holds.values():
        if envelope.au in moved:
            continue
        event = _event(envelope, lead)
        if lead + first <= 0 and lead + last > (frames - 1) / fps + SAME_TIME_SECONDS:
            end = float(frames / fps)
            event = AUEvent(event.au, 0.0, end, 0.0, end, event.peak_intensity)
            whole.append(event.au)
        events.append(event)
    notes = []
    if whole:
        notes.append(f"held throughout the clip, one event each: {' '.join(whole)}")
    if both := [name for name in holds if name in moved]:
        levels = " ".join(f"{name} at {under[name]:g}" for name in both)
        notes.append(f"held too, so the event is only the movement above that: {levels}")
    if hidden:
        names = " ".join(dict.fromkeys(e.au for e in hidden))
        notes.append(f"left out a movement that is not stronger than the held intensity: {names}")
    return tuple(events), tuple(notes)


def _event(envelope: Envelope, lead: float) -> AUEvent:
    onset, start, stop, offset = (round(lead + t, 12) for t in envelope.times_seconds)
    return AUEvent(envelope.au, onset, offset, start, stop, envelope.peak_intensity)
