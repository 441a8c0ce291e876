"""The order in which a rater sees the clips."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from mien.rating.clips import RatedClip


def rating_order(clips: Iterable[RatedClip], rater: str, seed: int) -> list[RatedClip]:
    """Return the clips in a random order that is fixed for each rater.

    The clips are sorted by a hash of seed, rater and clip. So the order is the same in each session, and clips that are
    added later do not change the order of the others.

    Args:
        clips: The clips.
        rater: The rater's code.
        seed: Seed of the orders.
    """

    def place(clip: RatedClip) -> bytes:
        return hashlib.sha256(f"{seed}\n{rater}\n{clip.file}".encode()).digest()

    return sorted(clips, key=place)
