"""Draw random fields and numbers for flow errors."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32


def frequencies(side: int) -> Float32[np.ndarray, "side half"]:
    """Return the spatial frequency of each Fourier coefficient, (G, G // 2 + 1) cycles per crop."""
    down, across = np.fft.fftfreq(side) * side, np.fft.rfftfreq(side) * side
    cycles: np.ndarray = np.hypot(down[:, None], across).astype(np.float32)
    return cycles


def coloured_noise(
    count: int, channels: int, side: int, gain: np.ndarray, rng: np.random.Generator
) -> Float32[np.ndarray, "count channels side side"]:
    """Draw periodic Gaussian noise whose amplitude spectrum is ``gain``.

    Args:
        count: Number of samples.
        channels: Channels of each sample.
        side: Height and width, pixels.
        gain: (..., G, G // 2 + 1) amplitude by frequency; see :func:`frequencies`.
        rng: Source of randomness.
    """
    from scipy import fft

    shape = (count, channels, side, side // 2 + 1)
    waves = np.empty(shape, np.complex64)
    waves.real = rng.standard_normal(shape, dtype=np.float32)
    waves.imag = rng.standard_normal(shape, dtype=np.float32)
    waves *= gain
    noise: np.ndarray = fft.irfft2(waves, s=(side, side)).astype(np.float32)
    return noise


def unit_rms(
    fields: Float32[np.ndarray, "count channels side side"],
) -> Float32[np.ndarray, "count channels side side"]:
    """Scale each sample to an RMS of 1."""
    rms = np.sqrt(np.einsum("nchw,nchw->n", fields, fields) / fields[0].size)
    scaled: np.ndarray = fields / (rms + 1e-20)[:, None, None, None]
    return scaled


def lognormal(
    median_and_spread: tuple[float, float], shape: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Draw lognormal numbers, float32, from their median and the spread of their logarithm."""
    median, spread = median_and_spread
    numbers: np.ndarray = (median * np.exp(rng.normal(0, spread, shape))).astype(np.float32)
    return numbers
