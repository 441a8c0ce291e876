"""The closed-form part of the envelope fit: fit candidate envelopes to measured AUs.

See :mod:`mien.au.envelope_fit`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from mien.au.intensity import MAX_INTENSITY
from mien.types import Times

_MAX_SAMPLES = 512  # longer tracks are averaged to this length
_CHUNK_NUMBERS = 2_000_000  # largest number of values in a batch of candidate envelopes


@dataclass(frozen=True)
class Samples:
    """The data to fit: times (T,), values (T, A) and weights (T,), with T at most 512.

    With ``from_zero`` the baseline is held at 0.
    """

    times: Float64[np.ndarray, " frames"]
    values: Float64[np.ndarray, "frames aus"]
    weights: Float64[np.ndarray, " frames"]
    from_zero: bool = False

    @classmethod
    def of(
        cls, times: np.ndarray, values: np.ndarray, weights: np.ndarray, from_zero: bool = False
    ) -> Samples:
        """Make samples; average neighbours if there are more than 512 frames."""
        if len(times) <= _MAX_SAMPLES:
            return cls(times, values, weights, from_zero)
        first = np.linspace(0, len(times), _MAX_SAMPLES, endpoint=False).astype(int)
        total = np.add.reduceat(weights, first)
        mean = np.add.reduceat(values * weights[:, None], first) / total[:, None]
        return cls(np.add.reduceat(times * weights, first) / total, mean, total, from_zero)

    def column(self, index: int) -> Samples:
        """Return the samples of one AU alone."""
        return Samples(self.times, self.values[:, [index]], self.weights, self.from_zero)

    def errors(self, corners: np.ndarray) -> np.ndarray:
        """Return the weighted squared errors (K, A) of K envelopes, (K, 4) corners."""
        step = max(1, _CHUNK_NUMBERS // len(self.times))
        parts = [self.solve(corners[i : i + step])[2] for i in range(0, len(corners), step)]
        return np.concatenate(parts)

    def solve(self, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return best amplitudes and baselines, and their weighted squared errors, each (K, A).

        Least squares within amplitude >= 0, baseline >= 0 (or 0, see the class) and their sum <= 5. Values lie in
        [0, 5], so the unbounded solution breaks at most one bound, and the best then lies on that bound. With
        ``from_zero`` the amplitude is cut at 5.
        """
        shapes, w, y = shape_values(corners, self.times), self.weights, self.values
        weighted = shapes * w
        total, sum_y, sum_yy = w.sum(), w @ y, w @ y**2
        sum_e = weighted.sum(axis=1)[:, None]
        sum_ee = (weighted * shapes).sum(axis=1)[:, None]
        sum_ey = weighted @ y
        spread = sum_ee - sum_e**2 / total
        flat = spread <= 1e-12 * total  # an envelope that differs from the baseline in no frame
        amplitude = np.where(
            flat, 0.0, (sum_ey - sum_e * sum_y / total) / np.where(flat, 1, spread)
        )
        amplitude = np.maximum(amplitude, 0.0)
        baseline = (sum_y - amplitude * sum_e) / total
        below = (baseline < 0) | self.from_zero
        amplitude = np.where(below, sum_ey / np.where(sum_ee > 0, sum_ee, 1), amplitude)
        baseline = np.where(below, 0.0, baseline)
        if self.from_zero:
            amplitude = np.minimum(amplitude, MAX_INTENSITY)
        over = amplitude + baseline > MAX_INTENSITY
        if over.any():  # on the bound, y - 5 = amplitude * (e - 1)
            sum_gaps = sum_ee - 2 * sum_e + total
            sum_gap_y = sum_ey - sum_y - MAX_INTENSITY * (sum_e - total)
            bound = np.clip(sum_gap_y / np.where(sum_gaps > 0, sum_gaps, 1), 0.0, MAX_INTENSITY)
            amplitude = np.where(over, bound, amplitude)
            baseline = np.where(over, MAX_INTENSITY - amplitude, baseline)
        error = sum_yy - 2 * (amplitude * sum_ey + baseline * sum_y)
        error += amplitude**2 * sum_ee + 2 * amplitude * baseline * sum_e + baseline**2 * total
        return amplitude, baseline, error


def shape_values(
    corners: Float64[np.ndarray, "envelopes 4"], times_seconds: Times
) -> Float64[np.ndarray, "envelopes frames"]:
    """Return K minimum-jerk envelopes of peak 1 at T times, as :meth:`Envelope.intensity` does."""
    onset, start, stop, offset = (corner[:, None] for corner in corners.T)
    rise = _progress(times_seconds, onset, start)
    fall = _progress(times_seconds, stop, offset)
    values: np.ndarray = np.minimum(_ease(rise), 1.0 - _ease(fall))
    return values


def _ease(t: np.ndarray) -> np.ndarray:
    return t**3 * (10.0 + t * (6.0 * t - 15.0))


def _progress(times: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    length = end - start
    step = length <= 1e-9
    return np.where(
        step, times >= start - 1e-9, np.clip((times - start) / np.where(step, 1, length), 0.0, 1.0)
    )
