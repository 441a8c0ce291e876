"""Find faces, their landmarks and their expression scores in a picture."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache

import numpy as np

from mien.errors import FaceError
from mien.face.blendshapes import read_blendshapes
from mien.face.bundle import Net
from mien.face.crop import FaceCrop, rotation_2d
from mien.face.detector import Detection, detect
from mien.face.mesh import VERTEX_COUNT
from mien.types import Image, Landmarks, RGBImage

_SIZE = 256
_OUTER_EYE_CORNERS = (33, 263)
_CROP_FOR_LANDMARKS = 1.5
"""A crop around known landmarks is their box's longer side times this (MediaPipe's tracking)."""


class FaceLandmarker:
    """The packaged nets, loaded when first needed."""

    def __init__(self, num_threads: int = 2) -> None:
        self.num_threads = num_threads

    @cached_property
    def _detector(self) -> Net:
        return Net("face_detector", self.num_threads)

    @cached_property
    def _landmarks(self) -> Net:
        return Net("face_landmarks_detector", self.num_threads)

    @cached_property
    def _blendshapes(self) -> Net:
        return Net("face_blendshapes", self.num_threads)

    def detect(self, image: Image) -> Iterator[list[Detection]]:
        """Yield likely faces at finer and finer scales, the most confident first; see `mien.face.detector.detect`.

        A few of them are not faces; check with `landmarks_and_presence`.
        """
        return detect(self._detector, rgb(image))

    def landmarks(self, image: Image, crop: FaceCrop) -> Landmarks:
        """Return the landmarks of the face in a crop.

        For a clip, choose the crop once and keep it. On real clips of still faces, a crop from the detection
        in each frame makes the jitter of the landmarks larger by half to nearly twice.

        Args:
            image: (H, W, 3) or (H, W, 4) uint8.
            crop: Where to look.

        Returns:
            (478, 3) float32: x and y in the picture's pixels, z in pixels away from the camera.
        """
        return self.landmarks_and_presence(image, crop)[0]

    def landmarks_and_presence(self, image: Image, crop: FaceCrop) -> tuple[Landmarks, float]:
        """Return the landmarks, and the probability from 0 to 1 that the crop shows a face."""
        pixels = crop.sample(rgb(image), _SIZE)
        points, logit, _ = self._landmarks(pixels[None] / 255)
        points = points.reshape(-1, 3).astype(np.float64)
        matrix = crop.to_image(_SIZE)
        # The net counts from the corner of its input, pixel coordinates from the centre of the first pixel.
        xy = (points[:, :2] - 0.5) @ matrix[:, :2].T + matrix[:, 2]
        z = points[:, 2:] * (crop.side_px / _SIZE)
        presence = 1 / (1 + np.exp(-float(logit.reshape(-1)[0])))
        return np.concatenate([xy, z], axis=1).astype(np.float32), presence

    def blendshapes(self, landmarks: Landmarks) -> dict[str, float]:
        """Return expression scores, 0 to 1, by ARKit's names; see `mien.face.blendshapes`."""
        return read_blendshapes(self._blendshapes, landmarks)


@lru_cache(maxsize=1)
def default_landmarker() -> FaceLandmarker:
    """Return the landmarker that all of Mien shares, so that the nets are loaded once."""
    return FaceLandmarker()


def crop_around(landmarks: Landmarks) -> FaceCrop:
    """Return the square in which to look for the landmarks of a known face again.

    Args:
        landmarks: (478, 3) pixels.
    """
    points = np.asarray(landmarks, np.float64)[:VERTEX_COUNT, :2]
    right, left = points[list(_OUTER_EYE_CORNERS)]
    roll = float(np.arctan2(*(left - right)[::-1]))
    turn = rotation_2d(roll)
    level = points @ turn
    low, high = level.min(axis=0), level.max(axis=0)
    centre = turn @ ((low + high) / 2)
    side = _CROP_FOR_LANDMARKS * float((high - low).max())
    return FaceCrop(float(centre[0]), float(centre[1]), side, roll)


def rgb(image: Image) -> RGBImage:
    """Return the colours of a picture with or without alpha.

    Raises:
        FaceError: The picture is not an (H, W, 3) or (H, W, 4) uint8 array.
    """
    if image.ndim != 3 or image.shape[2] not in (3, 4) or image.dtype != np.uint8:
        raise FaceError(
            "expected an RGB or RGBA picture as a uint8 array (height, width, 3 or 4), "
            f"got {image.dtype} {image.shape}"
        )
    return image[:, :, :3]
