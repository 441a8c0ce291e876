"""The rule that finds onset and offset: where a movement leaves rest, and where it comes back to rest."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

EDGE_SHARE = 0.2
"""Onset and offset lie where the course passes this share of the rise to the apex.

Human coders see the first change a little after it happens, and miss the last one a little before the end.
"""


def frames_to_edge(falling: Float[np.ndarray, " frames"]) -> int:
    """Count the frames from the apex until the course has fallen to `EDGE_SHARE` of its height.

    Args:
        falling: The course from the apex on; for an onset, the frames before the apex in reverse.

    Returns:
        The index of that frame, or of the last one if the course does not fall so far.
    """
    level = falling.min() + EDGE_SHARE * (falling[0] - falling.min())
    below = np.flatnonzero(falling <= level)
    return int(below[0]) if len(below) else len(falling) - 1
