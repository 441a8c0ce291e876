"""Add what a real recording has: the head drifts a little, pixels are noisy, light flickers.

Without it nothing but the micro-expression moves in a generated clip, and its optical flow is easy
to distinguish from that of a recording.
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
"""Distance from the face's middle at which the motion of turning and approaching is measured."""


@dataclass(frozen=True)
class Film:
    """How one clip is filmed; :meth:`drawn` draws a random one.

    Attributes:
        drift_cm: (right, down, turn, approach) motion of the head from onset to apex, canonical centimetres; for turn
            and approach the motion of a point at `FACE_CM` from the face's middle.
        noise_levels: Standard deviation of a pixel's noise, grey levels of 255.
        grain_px: Sigma of the Gaussian that correlates the noise of neighbouring pixels.
        flicker: Standard deviation of a frame's brightness, as a share.
        seed: Seed of noise and flicker.
    """

    drift_cm: tuple[float, float, float, float]
    noise_levels: float
    grain_px: float
    flicker: float
    seed: int

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Film:
        """Draw at random how a clip is filmed.

        The head's drift, RMS over the face, has a median of 0.4 mm, as in the rig's flow maps before
        their constants were fitted to real maps. The noise is that of laboratory cameras after
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
        """Shift (x, y) of the clip's pixels from the portrait's, up to half a pixel: the first draw of its seed."""
        return np.random.default_rng(self.seed).uniform(-0.5, 0.5, 2)

    def placing(self, face: Face, moved: float) -> Float64[np.ndarray, "2 3"]:
        """Return the affine map from an unfilmed frame's pixels (x, y) to the filmed frame's.

        Args:
            face: The portrait's face.
            moved: Share of the head's drift: 0 at the onset, 1 at the apex.
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
        frames: Frames of one clip, (H, W, 3 or 4) uint8; alpha gets no noise and no flicker.
        times_seconds: Time of each frame.
        onset_seconds: Time at which the drift is 0.
        apex_seconds: Time at which the drift is ``film.drift_cm``. Over time the drift is a sine, so the head sways
            back at the same speed.
        face: The portrait's face.
        film: How to film.

    Yields:
        Frames of the same shape and type.
    """
    rng = np.random.default_rng(film.seed)
    rise_seconds = max(apex_seconds - onset_seconds, 1e-3)
    # All frames are sampled between the portrait's pixels: if not, only frames that moved would be soft.
    rng.uniform(-0.5, 0.5, 2)  # skip the draw that `Film.between_px` uses
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
