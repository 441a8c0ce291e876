"""Find the motion of the points with which a network moves a face most like a driver.

The published systems give a network the driver's motion at the points. Between the points the network then moves the
skin as its training faces moved, and not as this driver's skin moves. But the driver's motion is known at all vertices,
so the question can be reversed: which motion of the points, and which linear maps around them, make the network move
all vertices most like the driver? A micro-expression is small, so the network's answer is nearly linear, and the best
motion follows by least squares. The network still makes the motion.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Float32

SHIFT, STRETCH = 0.02, 0.05
"""Usual motion of a point, normalised, and usual change of its linear map: the units of the fit."""

STEP = 0.5
"""Motion, in these units, with which the network's answer is found."""

RIDGE = 1.0
"""Weight of the distance from the measured motion, relative to the mean answer to one number. With this weight the
points move about as far as measured. With a tenth of it they move a quarter farther, which a network has not learned:
large motions of lids and mouths get worse."""


class PointFit:
    """Fits the motion of points to the motion of all vertices.

    Args:
        count: Number of points K.
        answer: The network: takes the change of points (N, K, 2) and linear maps (N, K, 2, 2) from rest, and returns
            the motion of the vertices (N, V, 2), all normalised.
    """

    def __init__(
        self,
        count: int,
        answer: Callable[[np.ndarray, np.ndarray], Float[np.ndarray, "n vertices 2"]],
    ) -> None:
        self._count = count
        self._units = np.repeat([SHIFT, STRETCH], [2 * count, 4 * count])
        tried = STEP * np.diag(self._units)
        self._response = answer(*self._parts(tried)).reshape(len(tried), -1).astype(np.float64)
        self._response /= STEP
        gram = self._response @ self._response.T
        gram += RIDGE * max(np.trace(gram) / len(gram), 1e-12) * np.eye(len(gram))
        self._inverse = np.linalg.solve(gram, self._response)

    def fitted(
        self,
        shift: Float[np.ndarray, "frames points 2"],
        stretch: Float[np.ndarray, "frames points 2 2"],
        wanted: Float[np.ndarray, "frames vertices 2"],
    ) -> tuple[Float32[np.ndarray, "frames points 2"], Float32[np.ndarray, "frames points 2 2"]]:
        """Return the change of points and linear maps that makes the network move the vertices as wanted.

        Args:
            shift: (T, K, 2) measured motion of the points, normalised.
            stretch: (T, K, 2, 2) measured change of the linear maps around them.
            wanted: (T, V, 2) motion of the vertices, normalised.
        """
        frames = len(shift)
        measured = np.concatenate([shift.reshape(frames, -1), stretch.reshape(frames, -1)], 1)
        measured = measured / self._units
        missing = wanted.reshape(frames, -1) - measured @ self._response
        return self._parts((measured + missing @ self._inverse.T) * self._units)

    def _parts(
        self, numbers: Float[np.ndarray, "n numbers"]
    ) -> tuple[Float32[np.ndarray, "n points 2"], Float32[np.ndarray, "n points 2 2"]]:
        shift, stretch = np.split(numbers.astype(np.float32), [2 * self._count], axis=1)
        return shift.reshape(-1, self._count, 2), stretch.reshape(-1, self._count, 2, 2)
