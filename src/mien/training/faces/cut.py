"""Cut a picture to the square around a face that networks see."""

from __future__ import annotations

import numpy as np

from mien.face.portrait import Portrait
from mien.face.square import SQUARE_CM, face_square
from mien.types import RGBImage


def cut_face(image: RGBImage, size: int, rng: np.random.Generator | None = None) -> Portrait:
    """Cut a picture to the square around its face, and find the face again in the square.

    Args:
        image: (H, W, 3 or 4) uint8; of several faces the largest is taken.
        size: Side of the square, pixels.
        rng: If given, the square is slightly shifted, turned and scaled at random, as crops are in
            practice.

    Raises:
        FaceError: No usable face, in the picture or in the square.
    """
    pose = Portrait.from_image(image, choose="largest").face.pose
    if rng is None:
        square = face_square(pose)
    else:
        square = face_square(
            pose,
            side_cm=SQUARE_CM * float(rng.uniform(0.93, 1.10)),
            shift_cm=(float(rng.normal(0, 0.3)), float(rng.normal(0, 0.3))),
            turn_radians=float(rng.normal(0, 0.05)),
        )
    pixels = square.sample(np.ascontiguousarray(image[..., :3]), size)
    return Portrait.from_image(np.rint(pixels).clip(0, 255).astype(np.uint8), choose="largest")
