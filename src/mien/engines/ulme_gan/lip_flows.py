"""Divide a network's flow at the lips: one flow for the upper lip, one for the lower lip.

A small network cannot end its flow at the line between the lips. Where lips part, its flow changes over a centimetre or
more from the motion of one lip to that of the other, and stretches both lips over the mouth. Beyond this ramp the flow
is smooth and right. So each lip gets the flow of the skin at its own side of the ramp, continued up to the lips' edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64
from scipy.ndimage import gaussian_filter, gaussian_filter1d, median_filter

from mien.render.region import smoothstep

STRETCHED = 0.15
"""Where the flow's vertical derivative is below minus this, pixels near the lips are stretched across the mouth."""
SURE = 0.15
"""From this much steeper on a ramp counts in full, so that lips do not part with a jump."""
ABOVE_CM = 0.8
"""How far above the line between the lips a ramp may be steepest."""
BELOW_CM = 2.5
"""How far below the line between the lips a ramp may be steepest."""
CORNER_CM = 0.5
"""Distance from a corner of the mouth over which the lips part from nothing to the full ramp."""
GAP_CM = 0.5
"""A ramp may be interrupted over this distance."""
ALONG_CM = 0.3
"""Sigma of the smoothing of a lip's motion along the lip."""
FADE_CM = 0.35
"""Distance beyond the ramp over which the two lips' flows give way to the network's."""


@dataclass(frozen=True, eq=False)
class LipLine:
    """The line between the lips of a portrait at rest, in the square that a network sees.

    Attributes:
        left: Column of the corner of the mouth at the image's left.
        right: Column of the other corner.
        rows: (S,) row of the line in each column; outside the corners those of the corners.
        cell_cm: Side of a cell, canonical centimetres.
    """

    left: float
    right: float
    rows: Float64[np.ndarray, " size"]
    cell_cm: float

    @property
    def inside(self) -> Float64[np.ndarray, " size"]:
        """How far inside the mouth each column is: 0 at and beyond the corners, 1 from `CORNER_CM` on."""
        columns = np.arange(len(self.rows))
        from_corner = np.minimum(columns - self.left, self.right - columns)
        share: np.ndarray = np.clip(from_corner * self.cell_cm / CORNER_CM, 0, 1)
        return share


@dataclass(frozen=True, eq=False)
class LipFlows:
    """The flows of the two lips.

    Attributes:
        upper: (S, S, 2) the upper lip's backward displacement, on the network's scale.
        lower: (S, S, 2) the lower lip's.
        share: (S, S) from 0 (the network's flow is right) to 1 (the lips part here).
    """

    upper: Float32[np.ndarray, "size size 2"]
    lower: Float32[np.ndarray, "size size 2"]
    share: Float32[np.ndarray, "size size"]


def lip_flows(flow: Float32[np.ndarray, "size size 2"], line: LipLine) -> LipFlows | None:
    """Divide a flow at the lips; None if the lips do not part.

    Args:
        flow: (S, S, 2) backward displacement (x, y), normalised (2 is the square's side).
        line: The line between the lips.
    """
    size = len(flow)
    slope = np.gradient(flow[..., 1].astype(np.float64) * (size / 2), axis=0)
    first, last, strength = _ramps(slope, line)
    first, last = _smooth(first, line), _smooth(last, line)
    parts = np.clip(last - first, 0, 1)
    if not parts.any():
        return None
    row = np.arange(size)[:, None]
    fade = FADE_CM / line.cell_cm
    above = smoothstep((row - first) / fade + 1)
    below = smoothstep((last - row) / fade + 1)
    strength = gaussian_filter1d(strength, 1.5)
    opened = np.sqrt(line.inside) * strength  # the mouth closes towards its corners
    upper, lower = (
        _towards(flow, _at(flow, rows, ALONG_CM / line.cell_cm), share * opened)
        for rows, share in ((first, above), (last, below))
    )
    share = np.minimum(above, below) * parts * strength * (line.inside > 0)
    return LipFlows(upper, lower, gaussian_filter(share, (1.0, 2.0)).astype(np.float32))


def _smooth(rows: Float64[np.ndarray, " size"], line: LipLine) -> Float64[np.ndarray, " size"]:
    """Smooth rows along the lips, without outliers."""
    smoothed: np.ndarray = line.rows + gaussian_filter1d(median_filter(rows - line.rows, 7), 1.5)
    return smoothed


def _towards(flow: np.ndarray, lip: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return a flow (S, S, 2) that is the network's where the share (S, S) is 0, and the lip's (S, 2) where it is 1."""
    result: np.ndarray = (flow + share[..., None] * (lip[None] - flow)).astype(np.float32)
    return result


def _ramps(
    slope: Float64[np.ndarray, "size size"], line: LipLine
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the first and the last row (S,) of the ramp in each column, and how surely it is one, from 0 to 1 (S,).

    Both rows are the lips' line where there is no ramp.

    The ramp is the run of stretched cells around the steepest place, with short interruptions. Its ends are between two
    rows, so that they do not jump from frame to frame.
    """
    first, last, strength = line.rows.copy(), line.rows.copy(), np.zeros(len(line.rows))
    above, below, gap = (cm / line.cell_cm for cm in (ABOVE_CM, BELOW_CM, GAP_CM))
    for column in np.flatnonzero(line.inside > 0):
        values = slope[:, column] + STRETCHED
        top = int(np.clip(line.rows[column] - above, 1, len(slope) - 3))
        bottom = int(np.clip(line.rows[column] + below, top + 1, len(slope) - 2))
        steepest = top + int(values[top:bottom].argmin())
        if values[steepest] >= 0:
            continue
        stretched = np.flatnonzero(values[:-1] < 0)
        runs = np.split(stretched, np.flatnonzero(np.diff(stretched) > gap) + 1)
        start, end = next((run[0], run[-1]) for run in runs if run[0] <= steepest <= run[-1])
        first[column] = start - _crossing(values[start], values[max(start - 1, 0)])
        last[column] = end + _crossing(values[end], values[end + 1])
        strength[column] = min(-values[steepest] / SURE, 1)
    return first, last, strength


def _crossing(inside: float, outside: float) -> float:
    """Return where, from 0 to 1, a value that is below 0 reaches 0 on the way to the next row."""
    return float(np.clip(inside / min(inside - outside, -1e-6), 0, 1))


def _at(flow: np.ndarray, rows: Float64[np.ndarray, " size"], sigma: float) -> np.ndarray:
    """Return the flow (S, 2) at one row of each column, smoothed along the lips by a Gaussian of ``sigma`` cells."""
    columns = np.arange(flow.shape[1])
    start = np.floor(rows).astype(int).clip(0, len(flow) - 2)
    share = (rows - start)[:, None]
    found = flow[start, columns] * (1 - share) + flow[start + 1, columns] * share
    smoothed: np.ndarray = gaussian_filter1d(found, sigma, axis=0)
    return smoothed
