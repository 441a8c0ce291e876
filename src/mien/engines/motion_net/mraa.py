"""The MRAA engine: a driver's regions through the articulated motion model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mien.engines.motion_net.engine import Parts, PriorDrivenEngine
from mien.engines.motion_net.networks import Architecture

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class MraaEngine(PriorDrivenEngine):
    """Drives a portrait by MRAA, with or without AWP; see `PriorDrivenEngine` for the fields.

    With the prior nothing is looked at but the points, which measured flow carries onto the portrait; the
    background rests, as another person's driver says nothing of it.
    """

    architecture: ClassVar[Architecture] = "mraa"

    def _parts(self, parts: Parts) -> Any:
        from mien.models.regions import Regions

        return Regions(*parts)

    def _own(self, source: Any) -> Parts:
        return tuple(source.regions)

    def _from_points(self, source: Any, points: Tensor) -> Parts:
        # A prior's map has always the same shape: what changes of it is where the point lies on the grid,
        # and the axes of a nearly round region would turn all around it by 90 degrees.
        _, covariance, affine = (
            part.expand(len(points), *part.shape[1:]) for part in source.regions
        )
        return points, covariance, affine

    def _turned(self, own: Parts, points: Tensor, maps: Tensor) -> Parts:
        from mien.models.warping import compose

        affine = compose(maps, own[2])
        return points, compose(affine, affine.transpose(-1, -2)), affine

    def _relative(self, own: Parts, now: Parts, first: Parts) -> Parts:
        from mien.models.regions import Regions, covariance_root, relative_regions

        # Steadied covariances; their roots anew, for roots of two frames may differ by a turn.
        root = self.net.config.root
        then, before = (Regions(s, c, covariance_root(c, root)) for s, c, _ in (now, first))
        return tuple(relative_regions(Regions(*own), then, before))

    def _stronger(self, own: Parts, poses: Parts, strength: float) -> Parts:
        from mien.models.warping import compose

        shift = own[0] + strength * (poses[0] - own[0])
        affine = own[2] + strength * (poses[2] - own[2])
        return shift, compose(affine, affine.transpose(-1, -2)), affine
