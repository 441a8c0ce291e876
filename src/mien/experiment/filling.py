"""Check whether a portrait fills the pictures of a study when its eyes are in place."""

from __future__ import annotations

import numpy as np

from mien.face.portrait import Portrait
from mien.generate.look import MOST_ENLARGED, Look
from mien.generate.look_options import LookOptions
from mien.generate.placing import placed

LEAST_SHARE = 0.001
"""Share of grey pixels in a picture from which a note reports them."""


def filling_notes(name: str, portrait: Portrait, options: LookOptions) -> tuple[str, ...]:
    """Return notes if a portrait is too small: it is enlarged much, or does not cover the study's pictures.

    Args:
        name: The portrait's name in the notes.
        portrait: The portrait.
        options: How it is shown. Pixels outside an oval do not count.
    """
    look = Look.on(options, portrait)
    if look.to_frame is None:
        return ()
    scale = float(np.hypot(*look.to_frame[:, 0]))
    enlarged = (
        (
            f"{name}: the face is enlarged {scale:.1f} times, which looks soft: use a larger picture or a smaller size",
        )
        if scale >= MOST_ENLARGED
        else ()
    )
    white = np.full((*portrait.image.shape[:2], 3), 255, np.uint8)
    size_px = look.shape[1], look.shape[0]
    empty = placed(white, look.to_frame, size_px, 0)[..., 0] < 128
    if look.weights is not None:
        empty &= look.weights > 0.5
    if empty.mean() < LEAST_SHARE:
        return enlarged
    quarters = {
        "top": empty[0],
        "bottom": empty[-1],
        "left": empty[:, 0],
        "right": empty[:, -1],
    }
    edges = [edge for edge, line in quarters.items() if line.mean() > 0.25]
    where = f" at the {' and '.join(edges)}" if edges else ""
    return (
        *enlarged,
        f"{name}: {max(1, round(100 * empty.mean()))} % of its pictures is grey{where}, because the portrait ends "
        "there once the eyes are at their place: use a portrait with more around the face, or oval = true",
    )
