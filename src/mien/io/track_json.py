"""Convert AU tracks to and from JSON values, exact to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mien.au.catalog import canonical_name
from mien.au.track import AUTrack
from mien.errors import BadTrackError

FIELDS = ("names", "times_seconds", "values", "confidence")


def track_to_json(track: AUTrack) -> dict[str, Any]:
    """Return a track as ``{names, times_seconds, values, confidence}``; ``values`` has one row a frame."""
    return {
        "names": list(track.names),
        "times_seconds": [float(seconds) for seconds in track.times_seconds],
        "values": [[shortest(value) for value in row] for row in track.values],
        "confidence": [shortest(value) for value in track.confidence],
    }


def track_from_json(record: Any) -> AUTrack:
    """Read a track back; see :func:`track_to_json`. ``confidence`` may be missing.

    Raises:
        BadTrackError: A field is missing, or the fields do not make a valid track.
    """
    if not isinstance(record, Mapping):
        raise BadTrackError(f"expected a track as a JSON object, got {type(record).__name__}")
    for name in FIELDS[:3]:
        if not isinstance(record.get(name), list):
            raise BadTrackError(f"expected a list {name!r} in the track, got {record.get(name)!r}")
    return AUTrack(
        tuple(canonical_name(name) for name in record["names"]),
        record["values"],
        record["times_seconds"],
        record.get("confidence"),  # type: ignore[arg-type]
    )


def shortest(value: np.float32) -> float:
    """Return the number with the fewest digits that rounds to this float32: 0.1, not 0.10000000149."""
    return float(str(np.float32(value)))
