"""The rig's sided AUs as the columns of the generator's input."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.intensity import MAX_INTENSITY
from mien.rig.personal import CLOSING_AUS

RAISING_AU = "AU5"
"""The AU that raises the upper lid."""
SAME_AS = {"AU43": "AU45"}
"""AUs that look alike in one picture: closed eyes (AU43) look like a blink (AU45)."""


def known_sided(aus: tuple[str, ...]) -> frozenset[str]:
    """Return the sided names of the AUs that a generator can show, including those that look like one of them."""
    known = {side for name in aus for side in sided_names(name)}
    return frozenset(name for name in RIG_NAMES if _alike(name) in known) | known


def generator_columns(
    sided: Float32[np.ndarray, "frames sided"], aus: tuple[str, ...]
) -> Float32[np.ndarray, "frames aus"]:
    """Return the intensities of a generator's AUs.

    Args:
        sided: (T, S) intensities in the order of `RIG_NAMES`.
        aus: The generator's AUs. An AU that covers both sides gets the mean of the sides.

    Returns:
        (T, A) intensities in the order of ``aus``, on the scale of ``sided``.
    """
    merged = np.array(sided, np.float32)
    for column, name in enumerate(RIG_NAMES):
        if _alike(name) != name:
            other = RIG_NAMES.index(_alike(name))
            merged[:, other] = np.maximum(merged[:, other], merged[:, column])
    return np.stack(
        [merged[:, [RIG_NAMES.index(s) for s in sided_names(name)]].mean(1) for name in aus], axis=1
    )


def lid_columns(aus: tuple[str, ...]) -> list[int]:
    """Return the columns of a generator's AUs that close or widen the eyes."""
    moving = (*CLOSING_AUS, RAISING_AU)
    return [index for index, name in enumerate(aus) if name.rstrip("LR") in moving]


def closures(
    sided: Float32[np.ndarray, "frames sided"], shown: Float32[np.ndarray, " sided"]
) -> dict[str, Float64[np.ndarray, " frames"]]:
    """Return how far the rig has to close each eye: 0 leaves it as in the portrait, 1 shuts it.

    Args:
        sided: (T, S) final intensities in the order of `RIG_NAMES`.
        shown: (S,) the intensities that the portrait already shows; zeros if ``sided`` is the change from these.

    Returns:
        (T,) the closure by side, ``"L"`` and ``"R"``. Lids that are to open further than in the portrait stay.
    """
    found = {}
    for side in "LR":
        columns = [RIG_NAMES.index(f"{name}{side}") for name in CLOSING_AUS]
        asked, own = sided[:, columns].max(1).astype(np.float64), float(shown[columns].max())
        left = MAX_INTENSITY - own
        found[side] = (asked - own).clip(0, left) / left if left > 0 else np.zeros_like(asked)
    return found


def raised(
    sided: Float32[np.ndarray, "frames sided"], shown: Float32[np.ndarray, " sided"]
) -> dict[str, Float64[np.ndarray, " frames"]]:
    """Return how far the rig has to raise each upper lid: 1 is level E, and below 0 it lowers the lid.

    Args:
        sided: As for `closures`.
        shown: As for `closures`.

    Returns:
        (T,) the share by side, ``"L"`` and ``"R"``.
    """
    columns = {side: RIG_NAMES.index(f"{RAISING_AU}{side}") for side in "LR"}
    return {
        side: (sided[:, column].astype(np.float64) - float(shown[column])) / MAX_INTENSITY
        for side, column in columns.items()
    }


def _alike(name: str) -> str:
    for one, other in SAME_AS.items():
        if name.rstrip("LR") == one:
            return name.replace(one, other)
    return name
