"""The FOMM engine: a driver's points and the linear maps around them, through the first-order motion model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mien.engines.motion_net.articulation import Articulation, Parts
from mien.engines.motion_net.engine import MotionNetEngine
from mien.engines.motion_net.settings import FOMM_NAME, FommSettings

if TYPE_CHECKING:
    from torch import Tensor


class FommArticulation(Articulation):
    """Poses FOMM's keypoints: points and Jacobians."""

    def for_net(self, parts: Parts) -> Any:
        """Return `Keypoints`."""
        from mien.models.fomm import Keypoints

        return Keypoints(*parts)

    def own(self, source: Any) -> Parts:
        """Return the portrait's keypoints."""
        return tuple(source.keypoints)

    def from_points(self, source: Any, points: Tensor) -> Parts:
        """Return keypoints whose Jacobians are the identity."""
        from mien.models.fomm import without_jacobians

        return tuple(without_jacobians(points))

    def turned(self, own: Parts, points: Tensor, maps: Tensor) -> Parts:
        """Return the keypoints at other points, their Jacobians multiplied from the left by the given maps."""
        from mien.models.fomm import Keypoints, turned

        return tuple(turned(Keypoints(*own), points, maps))

    def relative(self, own: Parts, now: Parts, neutral: Parts) -> Parts:
        """Return the keypoints of relative driving, as published."""
        from mien.models.fomm import Keypoints, relative

        return tuple(relative(Keypoints(*own), Keypoints(*now), Keypoints(*neutral)))

    def at_points(self, points: Tensor) -> Parts:
        """Return keypoints whose Jacobians are the identity."""
        from mien.models.fomm import without_jacobians

        return tuple(without_jacobians(self.net.own_points(points)))

    def absolute(self, own: Parts, now: Parts) -> Parts:
        """Return the driver's keypoints themselves."""
        return now

    def scaled(self, own: Parts, poses: Parts, strength: float) -> Parts:
        """Scale points and Jacobians alike."""
        return tuple(o + strength * (p - o) for o, p in zip(own, poses, strict=True))


class FommEngine(MotionNetEngine):
    """Drives a portrait by FOMM, with or without a facial prior.

    With a prior the points are facial landmarks of the portrait, moved as the flow measured on the driver says. The
    network finds the linear maps around the points in the driver's pictures, unless its config has no Jacobians, or the
    maps are measured on the driver's motion (`measured_maps`).

    Args:
        settings: See `FommSettings`; None for the defaults.

    Example:
        >>> session = FommEngine(FommSettings(prior="awp")).prepare(portrait)  # doctest: +SKIP
        >>> frames = session.transfer(Driver.of(motion, read_frames))  # doctest: +SKIP
    """

    name = FOMM_NAME
    architecture = "fomm"

    def __init__(self, settings: FommSettings | None = None) -> None:
        super().__init__(settings or FommSettings())

    def articulated(self) -> FommArticulation:
        """Return the articulation that poses the network's keypoints."""
        return FommArticulation(self.net)
