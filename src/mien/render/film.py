"""What a camera adds to a face that moves: the head drifts a little, pixels are noisy, light flickers.

Without it nothing but the micro-expression moves in a made clip, and its optical flow is easily
told from a filmed one's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float64

from mien.face.portrait import Face
from mien.types import Image, Times

FACE_CM = 7.0
"""About where, from its middle, a turning or nearing face moves as far as a drifting one."""


@dataclass(frozen=True)
class Film:
    """How one clip is filmed; :meth:`drawn` draws one.

    Attributes:
        drift_cm: (right, down, turn, approach) how far the head has moved at the apex, canonical centimetres; turn and
            approach are what they do `FACE_CM` from the middle.
        noise_levels: Standard deviation of a pixel's noise, grey levels of 255.
        grain_px: How far noise of neighbouring pixels goes together, sigma of a Gaussian.
        flicker: Standard deviation of the light's change from frame to frame, as a share.
        seed: Seed of noise and flicker.
    """

    drift_cm: tuple[float, float, float, float]
    noise_levels: float
    grain_px: float
    flicker: float
    seed: int

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Film:
        """Draw how a clip is filmed.

        The head's drift, RMS over the face, has a median of 0.4 mm: what flow maps from the rig had
        before their constants were fitted to real maps. Noise is that of laboratory cameras, after
        compression.
        """
        rms_cm = 0.04 * float(np.exp(rng.normal(0, 0.9)))
        share = rng.normal(0, 1, 4) * (1, 1, 0.5, 0.5)
        right, down, turn, approach = (
            round(float(value), 5) for value in rms_cm * share / np.linalg.norm(share)
        )
        return cls(
            (right, down, turn, approach),
            round(float(rng.uniform(0.4, 2.5)), 3),
            round(float(rng.uniform(0.3, 0.9)), 3),
            0.002,
            int(rng.integers(2**31)),
        )

    @property
    def between_px(self) -> Float64[np.ndarray, " 2"]:
        """How far (x, y) the clip's pixels lie from the portrait's, up to half a pixel: the first draw of its seed."""
        return np.random.default_rng(self.seed).uniform(-0.5, 0.5, 2)

    def placing(self, face: Face, moved: float) -> Float64[np.ndarray, "2 3"]:
        """Return the affine map from an unfilmed frame's pixels (x, y) to the filmed frame's.

        Args:
            face: The portrait's.
            moved: How much of the head's drift is done: 0 at the onset, 1 at the apex.
        """
        middle = (face.box_px[:2] + face.box_px[2:]) / 2
        right, down, turn, approach = moved * np.array(self.drift_cm)
        angle, zoom = turn / FACE_CM, 1 + approach / FACE_CM
        matrix = cv2.getRotationMatrix2D(tuple(middle), -np.degrees(angle), zoom)
        shift = face.pose.scale_px_per_cm * np.array([right, down]) + self.between_px
        matrix[:, 2] = matrix[:, 2] + shift
        return np.asarray(matrix, np.float64)


def filmed(
    frames: Iterable[Image],
    times_seconds: Times,
    onset_seconds: float,
    apex_seconds: float,
    face: Face,
    film: Film,
) -> Iterator[Image]:
    """Film frames.

    Args:
        frames: Frames of one clip, (H, W, 3 or 4) uint8; alpha stays as it is.
        times_seconds: One a frame.
        onset_seconds: When the head is where it was.
        apex_seconds: When it has drifted by ``film.drift_cm``; it sways there and back as slowly.
        face: The portrait's.
        film: How.

    Yields:
        Frames of the same form.
    """
    rng = np.random.default_rng(film.seed)
    rise_seconds = max(apex_seconds - onset_seconds, 1e-3)
    # Wherever the pixels lie, they lie between the portrait's: else only frames that moved would be soft.
    rng.uniform(-0.5, 0.5, 2)  # `Film.between_px`; noise follows it
    for seconds, frame in zip(times_seconds, frames, strict=True):
        moved = float(np.sin(np.pi / 2 * (seconds - onset_seconds) / rise_seconds))
        matrix, size = film.placing(face, moved), (frame.shape[1], frame.shape[0])
        drawn = cv2.warpAffine(
            frame, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        drawn[..., :3] = _noisy(drawn[..., :3], film, rng)
        yield drawn


def _noisy(image: np.ndarray, film: Film, rng: np.random.Generator) -> np.ndarray:
    white = rng.standard_normal(image.shape, dtype=np.float32)
    grain = np.asarray(cv2.GaussianBlur(white, (0, 0), film.grain_px), np.float32)
    noise = grain * np.float32(film.noise_levels / (grain.std() + 1e-9))
    light = 1 + film.flicker * rng.standard_normal()
    return np.rint(image * np.float32(light) + noise).clip(0, 255).astype(np.uint8)
