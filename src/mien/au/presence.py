"""Find the AUs that a clip shows: the presence filter of AU matrix re-encoding.

Zhou et al., *ULME-GAN* (Applied Intelligence 2024): an AU that is present in fewer than half of the
frames is treated as noise of the estimator.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool
from numpy.typing import ArrayLike

from mien.au.catalog import canonical_name, parse_au
from mien.au.intensity import MAX_INTENSITY, PRESENCE_THRESHOLD
from mien.au.track import AUTrack
from mien.errors import BadTrackError, UsageError


def shown_aus(
    track: AUTrack,
    presence: Mapping[str, ArrayLike] | None = None,
    threshold: float = PRESENCE_THRESHOLD,
) -> tuple[str, ...]:
    """Return the AUs that are present in at least half of the frames.

    Args:
        track: The intensities.
        presence: (T,) 1 if an AU is present, otherwise 0, by AU name, such as
            :attr:`mien.io.openface.OpenFaceTable.presence`. The presence of ``AU12`` also applies
            to its sides, if they have none of their own. AUs that the track lacks are ignored.
        threshold: Intensity from which an AU counts as present if its presence is not given; 0
            keeps all AUs.

    Returns:
        Names of the track, in its order. Exactly half of the frames is enough.

    Raises:
        UnknownAUError: A presence of an AU that is not in the catalogue.
        BadTrackError: A presence that is not 0 or 1 for each frame.
        UsageError: A threshold outside 0 to 5.
    """
    if not 0.0 <= threshold <= MAX_INTENSITY:
        raise UsageError(f"expected a presence threshold from 0 to 5, got {threshold!r}")
    known = {
        canonical_name(name): _checked(name, flags, len(track))
        for name, flags in (presence or {}).items()
    }
    shown = []
    for name, intensities in zip(track.names, track.values.T, strict=True):
        flags = known.get(name, known.get(parse_au(name)[0].name))
        there = intensities >= threshold if flags is None else flags
        if 2 * int(there.sum()) >= len(track):
            shown.append(name)
    return tuple(shown)


def _checked(name: str, given: ArrayLike, frames: int) -> Bool[np.ndarray, " frames"]:
    flags = np.asarray(given)
    if flags.shape != (frames,):
        raise BadTrackError(
            f"expected a presence of {name} for each of {frames} frames, got shape {flags.shape}"
        )
    if not np.isin(flags, (0, 1)).all():
        raise BadTrackError(f"expected a presence of {name} of 0 or 1, got {flags.dtype} values")
    return flags.astype(bool)
