"""The FOMM engine: a driver's points and the linear maps around them, through the first-order motion model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mien.engines.motion_net.engine import Parts, PriorDrivenEngine
from mien.engines.motion_net.networks import Architecture

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class FommEngine(PriorDrivenEngine):
    """Drives a portrait by FOMM, with or without a facial prior; see `PriorDrivenEngine` for the fields.

    With a prior the points are the driver's landmarks carried by the measured flow onto the portrait; the
    network says the linear maps around them from the driver's pictures, unless its config has no Jacobians.

    Example:
        >>> engine = FommEngine(prior="awp")  # doctest: +SKIP
        >>> frames = engine.transfer(portrait, motion, driver_frames)  # doctest: +SKIP
    """

    architecture: ClassVar[Architecture] = "fomm"

    def _parts(self, parts: Parts) -> Any:
        from mien.models.fomm import Keypoints

        return Keypoints(*parts)

    def _own(self, source: Any) -> Parts:
        return tuple(source.keypoints)

    def _from_points(self, source: Any, points: Tensor) -> Parts:
        from mien.models.fomm import without_jacobians

        return tuple(without_jacobians(points))

    def _turned(self, own: Parts, points: Tensor, maps: Tensor) -> Parts:
        from mien.models.warping import compose

        return points, compose(maps, own[1])

    def _relative(self, own: Parts, now: Parts, first: Parts) -> Parts:
        from mien.models.fomm import Keypoints, relative

        return tuple(relative(Keypoints(*own), Keypoints(*now), Keypoints(*first)))

    def _stronger(self, own: Parts, poses: Parts, strength: float) -> Parts:
        return tuple(o + strength * (p - o) for o, p in zip(own, poses, strict=True))
