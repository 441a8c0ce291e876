"""Write text on a frame."""

from __future__ import annotations

import cv2

from mien.types import RGBImage


def label(picture: RGBImage, text: str) -> None:
    """Write white text with a dark outline into a picture's lower left corner, in place."""
    left, bottom = 10, picture.shape[0] - 12
    rim = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]
    # The outline is the same text, shifted: a thicker pen would also make the letters wider.
    for (x, y), colour in [(place, (0, 0, 0)) for place in rim] + [((0, 0), (255, 255, 255))]:
        where = (left + x, bottom + y)
        cv2.putText(picture, text, where, cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv2.LINE_AA)
