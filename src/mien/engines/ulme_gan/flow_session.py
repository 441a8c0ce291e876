"""A portrait moved by the flow of ULME-GAN's generator, at its own resolution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from jaxtyping import Float32

from mien.au.track import AUTrack
from mien.engines.ulme_gan.session import UlmeGanSession, channels_last
from mien.types import Image

Motion: TypeAlias = tuple[Float32[np.ndarray, "size size 2"], Float32[np.ndarray, "size size 3"]]
"""Normalised backward displacement of the square (2 is its side), and the paint on a scale of [-1, 1]."""


class FlowSession(UlmeGanSession):
    """A portrait that a generator with flow has looked at.

    The flow moves the portrait's own pixels, so that they keep their sharpness. Where the generator paints, the
    difference of its colours to its own moved picture is enlarged and added. What the generator makes of the
    resting face is subtracted from both.
    """

    def motions(self, track: AUTrack) -> Iterator[Motion]:
        """Yield displacement and paint of each row; equal rows in a run are computed once."""
        rest, rows = self._inputs(track)
        flow, paint = (part[0] for part in self._moved(rest[None]))
        for row_flow, row_paint in self._each(rows, self._moved):
            yield row_flow - flow, row_paint - paint

    def _moved(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (N, S, S, 2) displacements and (N, S, S, 3) paint of AU rows."""
        made = self._made(rows)
        assert made.flow is not None and made.warped is not None, "the engine checks the config"
        paint = (1 - made.attention) * (made.colour - made.warped)
        return channels_last(made.flow) * (2 / self.net.config.image_px), channels_last(paint)

    def _images(self, track: AUTrack) -> Iterator[Image]:
        for flow, paint in self.motions(track):
            yield self._lift.move(flow, paint, finer=1)
