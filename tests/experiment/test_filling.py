from __future__ import annotations

import cv2
import numpy as np
import skimage.data

from mien.experiment.filling import filling_notes
from mien.face.portrait import Portrait
from mien.generate.look import Look
from mien.generate.look_options import LookOptions
from mien.types import Image


def astronaut(top: int, left: int) -> Portrait:
    cut: Image = np.ascontiguousarray(skimage.data.astronaut()[top:300, left:350])
    return Portrait.from_image(cut)


def test_a_portrait_that_ends_too_early_is_named_with_its_edges() -> None:
    close = astronaut(60, 165)
    options = LookOptions(size="128")
    (note,) = filling_notes("ann.jpg", close, options)
    look = Look.on(options, close)
    # The note's share is that of the grey of a frame in which the portrait is white.
    assert look.to_frame is not None
    white = np.full((*close.image.shape[:2], 3), 255, np.uint8)
    grey = cv2.warpAffine(white, look.to_frame, (128, 128))[..., 0] < 128
    said = int(note.partition(" %")[0].rpartition(" ")[2])
    assert abs(said - 100 * grey.mean()) <= 1 and said > 2
    assert note.startswith("ann.jpg: ") and "top" in note and "left" in note
    assert "right" not in note and "bottom" not in note


def test_an_oval_hides_the_edges_and_a_large_portrait_has_none() -> None:
    assert filling_notes("ann.jpg", astronaut(60, 165), LookOptions(size="128", oval=True)) == ()
    assert filling_notes("ann.jpg", astronaut(0, 0), LookOptions(size="64")) == ()
    assert filling_notes("ann.jpg", astronaut(60, 165), LookOptions()) == ()


def test_a_picture_that_is_enlarged_is_named() -> None:
    large, small = LookOptions(size="512", oval=True), LookOptions(size="64", oval=True)
    (note,) = filling_notes("ann.jpg", astronaut(0, 0), large)
    assert note.startswith("ann.jpg: the face is enlarged 3.1 times")
    assert filling_notes("ann.jpg", astronaut(0, 0), small) == ()
