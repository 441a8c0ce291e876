"""Similarity of the motion of a driver (d) and a result (r).

Both fields are smoothed in time by a Gaussian of 10 ms, to reduce camera noise. All frames are compared, at the
vertices that were followed in both clips.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from jaxtyping import Float

from mien.errors import UsageError
from mien.face.regions import eye_region
from mien.motion.field import MotionField

SMOOTHING_SECONDS = 0.010
"""Standard deviation of the temporal smoothing."""


@dataclass(frozen=True)
class MotionScore:
    """How similar a result's motion is to its driver's.

    Attributes:
        cosine: <Ud, Ur> / (|Ud| |Ur|) of the smoothed fields; 1 is perfect.
        amplitude: |Ur| / |Ud| of the smoothed fields.
        timing: Correlation over time of the smoothed fields' RMS over the vertices; 1 is perfect.
        cosine_raw: The cosine of the fields as measured.
        cosine_without_eyes: The smoothed cosine with the eye region left out.
        jitter: RMS second difference in time of the result's raw field, over the mean of the
            vertices' largest displacements.
        jitter_driver: Jitter of the driver's raw field.
        frames: Number of frames compared.
        vertices: Number of vertices compared.
    """

    cosine: float
    amplitude: float
    timing: float
    cosine_raw: float
    cosine_without_eyes: float
    jitter: float
    jitter_driver: float
    frames: int
    vertices: int

    def to_dict(self) -> dict[str, float]:
        """Return the figures by name."""
        return asdict(self)


def compare_motion(driver: MotionField, result: MotionField) -> MotionScore:
    """Compare a result's motion field with its driver's, frame by frame.

    Raises:
        UsageError: The clips differ in length by more than one frame, or share too few vertices.
    """
    driver, result = driver.kept(), result.kept()
    if abs(len(driver) - len(result)) > 1:
        raise UsageError(
            f"expected two clips of one length, got {len(driver)} and {len(result)} frames with a face"
        )
    frames = min(len(driver), len(result))
    seen = driver.seen & result.seen
    if seen.sum() < 20:
        raise UsageError(
            f"expected a face seen in both clips, got {seen.sum()} shared vertices of 468"
        )
    raw_driver = driver.displacement_cm[:frames].astype(np.float64)
    raw_result = result.displacement_cm[:frames].astype(np.float64)
    step = driver.frame_seconds
    smooth_driver = smooth_in_time(raw_driver, step)
    smooth_result = smooth_in_time(raw_result, step)
    without_eyes = seen & ~eye_region()
    return MotionScore(
        cosine=cosine(smooth_driver[:, seen], smooth_result[:, seen]),
        amplitude=_ratio(smooth_result[:, seen], smooth_driver[:, seen]),
        timing=timing(smooth_driver[:, seen], smooth_result[:, seen]),
        cosine_raw=cosine(raw_driver[:, seen], raw_result[:, seen]),
        cosine_without_eyes=cosine(smooth_driver[:, without_eyes], smooth_result[:, without_eyes]),
        jitter=jitter(raw_result[:, seen]),
        jitter_driver=jitter(raw_driver[:, seen]),
        frames=frames,
        vertices=int(seen.sum()),
    )


def smooth_in_time(
    field: Float[np.ndarray, " frames *rest"],
    frame_seconds: float,
    sigma_seconds: float = SMOOTHING_SECONDS,
) -> Float[np.ndarray, " frames *rest"]:
    """Smooth a field in time with a Gaussian; the first and last frame are repeated at the ends.

    Args:
        field: (T, ...).
        frame_seconds: Time from frame to frame.
        sigma_seconds: Standard deviation of the Gaussian.
    """
    from scipy.ndimage import gaussian_filter1d

    smooth: np.ndarray = gaussian_filter1d(
        field, sigma_seconds / frame_seconds, axis=0, mode="nearest"
    )
    return smooth


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """Return <a, b> / (|a| |b|); 0 if one of them is zero."""
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum()) / size if size > 0 else 0.0


def timing(a: Float[np.ndarray, "frames n 2"], b: Float[np.ndarray, "frames m 2"]) -> float:
    """Return the correlation over time of two fields' RMS over the vertices; 0 if one of them does not change."""
    x, y = (np.sqrt((field**2).sum(-1).mean(1)) for field in (a, b))
    return cosine(x - x.mean(), y - y.mean())


def jitter(field: Float[np.ndarray, "frames n 2"]) -> float:
    """Return the RMS second difference in time, divided by the mean of the vertices' largest displacements.

    0 for a still field, and for fewer than three frames.
    """
    largest = float(np.linalg.norm(field, axis=-1).max(0).mean())
    if len(field) < 3 or largest == 0:
        return 0.0
    second = np.diff(field, 2, axis=0)
    return float(np.sqrt((second**2).sum(-1).mean())) / largest


def _ratio(a: np.ndarray, b: np.ndarray) -> float:
    """Return |a| / |b|; 0 if b is zero."""
    size = float(np.linalg.norm(b))
    return float(np.linalg.norm(a)) / size if size > 0 else 0.0
