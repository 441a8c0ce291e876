"""Frechet distance of two sets of feature vectors.

Dowson and Landau, "The Frechet distance between multivariate normal distributions", Journal of Multivariate Analysis
1982. FID (Heusel et al., NeurIPS 2017) is this distance on features of Inception-v3. A distance on other features is
another measure, so its name says which features it uses.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float64

from mien.errors import UsageError


def frechet_distance(a: Float[np.ndarray, "n dims"], b: Float[np.ndarray, "m dims"]) -> float:
    """Return the squared Frechet distance of the Gaussians fitted to two sets of vectors.

    Fewer vectors give a larger distance, so compare only distances between sets of equal sizes.

    Args:
        a: (N, D) vectors, N of 2 or more.
        b: (M, D) vectors, M of 2 or more.

    Raises:
        UsageError: Fewer than two vectors in a set, or vectors of different lengths.
    """
    if min(len(a), len(b)) < 2:
        raise UsageError(f"expected two vectors or more in each set, got {len(a)} and {len(b)}")
    if a.shape[1] != b.shape[1]:
        raise UsageError(f"expected vectors of one length, got {a.shape[1]} and {b.shape[1]}")
    x, y = (each.astype(np.float64) for each in (a, b))
    covariances = (np.atleast_2d(np.cov(each, rowvar=False)) for each in (x, y))
    return frechet_of_gaussians(x.mean(0), y.mean(0), *covariances)


def frechet_of_gaussians(
    mean_a: Float64[np.ndarray, " dims"],
    mean_b: Float64[np.ndarray, " dims"],
    covariance_a: Float64[np.ndarray, "dims dims"],
    covariance_b: Float64[np.ndarray, "dims dims"],
) -> float:
    """Return ``|m_a - m_b|^2 + tr(A + B - 2 (A B)^(1/2))``, the squared distance of two Gaussians.

    ``tr (A B)^(1/2)`` is computed as the trace of the root of the symmetric ``A^(1/2) B A^(1/2)``, which has the same
    eigenvalues and stays real for singular covariances.
    """
    values, vectors = np.linalg.eigh(covariance_a)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    shared = np.sqrt(np.linalg.eigvalsh(root @ covariance_b @ root).clip(0)).sum()
    between = float(((mean_a - mean_b) ** 2).sum())
    spread = float(np.trace(covariance_a) + np.trace(covariance_b) - 2 * shared)
    return between + max(spread, 0.0)
