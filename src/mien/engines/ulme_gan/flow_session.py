"""A portrait moved by the flow of ULME-GAN's generator, at its own resolution."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

import numpy as np
from jaxtyping import Float32

from mien.au.track import AUTrack
from mien.engines.lift import Paint
from mien.engines.ulme_gan.mouth import Mouth
from mien.engines.ulme_gan.session import UlmeGanSession, channels_last
from mien.types import Image

Motion: TypeAlias = tuple[Float32[np.ndarray, "size size 2"], Paint]
"""Normalised backward displacement of the square (2 is its side), and what is painted in addition."""


class FlowSession(UlmeGanSession):
    """A portrait that a generator with a flow has encoded.

    The flow moves the portrait's own pixels, so that they keep their sharpness. Where the generator paints, the
    difference between its colours and its own moved picture is enlarged and added; where it paints most of a distorted
    pixel, its picture replaces the moved pixel. The generator's flow and paint of the resting face are subtracted. By
    default the rig draws the mouth where the flow parts the lips (`UlmeGanSettings.mouth`).
    """

    def motions(self, track: AUTrack) -> Iterator[Motion]:
        """Yield displacement and paint of each row; equal neighbouring rows are computed once for each batch."""
        rest, rows = self._inputs(track)
        flow, painted = (part[0] for part in self._moved(rest[None]))
        for row_flow, row_painted in self._each(rows, self._moved):
            change = row_painted[..., :3] - painted[..., :3]
            kept, own = row_painted[..., 6], painted[..., 6]
            share = ((own - kept) / np.maximum(own, np.float32(1e-3))).clip(0, 1)
            yield row_flow - flow, Paint(change, row_painted[..., 3:6], share)

    def _moved(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (N, S, S, 2) displacements, and (N, S, S, 7) paint, pictures and attention, of AU rows."""
        import torch

        made = self._made(rows)
        assert made.flow is not None and made.warped is not None, "the engine checks the config"
        paint = (1 - made.attention) * (made.colour - made.warped)
        parts = torch.cat([paint, made.images, made.attention], 1)
        return channels_last(made.flow) * (2 / self.net.config.image_px), channels_last(parts)

    def _images(self, track: AUTrack) -> Iterator[Image]:
        for (flow, paint), image in zip(self.motions(track), self._pictures(track), strict=True):
            lips = self._mouth.flows(flow) if self.settings.mouth == "rig" and flow.any() else None
            if lips is not None:
                paint = self._mouth.shading(paint, lips)
            frame = self._lift.move(flow, paint, finer=1, image=image)
            if lips is not None:
                self._mouth.draw(frame, lips, image)
            yield frame

    @cached_property
    def _mouth(self) -> Mouth:
        return Mouth(self.portrait, self._lift)
