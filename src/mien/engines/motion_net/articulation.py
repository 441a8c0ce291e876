"""Pose a portrait's keypoints (FOMM) or regions (MRAA) by those of a driver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from torch import Tensor

Parts: TypeAlias = "tuple[Tensor, ...]"
"""Keypoints or regions as tensors (T, K, ...); the first tensor holds their positions."""


class Articulation(ABC):
    """Poses the keypoints or regions of a portrait.

    Args:
        net: The network.
    """

    def __init__(self, net: Any) -> None:
        self.net = net

    @abstractmethod
    def for_net(self, parts: Parts) -> Any:
        """Return keypoints or regions as the type that the network takes."""

    @abstractmethod
    def own(self, source: Any) -> Parts:
        """Return the keypoints or regions of an encoded portrait."""

    @abstractmethod
    def from_points(self, source: Any, points: Tensor) -> Parts:
        """Return the parts at (T, K, 2) points, for a network that looks at no pictures of the driver."""

    @abstractmethod
    def turned(self, own: Parts, points: Tensor, maps: Tensor) -> Parts:
        """Return the portrait's parts at other points, each turned and stretched by a linear map.

        Args:
            own: The portrait's parts.
            points: (T, K, 2) the new positions.
            maps: (T, K, 2, 2) linear map around each point.
        """

    @abstractmethod
    def relative(self, own: Parts, now: Parts, neutral: Parts) -> Parts:
        """Return the portrait's parts after the driver's change from neutral to now."""

    @abstractmethod
    def at_points(self, points: Tensor) -> Parts:
        """Return a driver's own parts at its (T, K, 2) points, for a network that looks at no pictures of it."""

    @abstractmethod
    def absolute(self, own: Parts, now: Parts) -> Parts:
        """Return the parts that pose the portrait as the driver is posed.

        Args:
            own: The portrait's parts.
            now: The driver's parts in each frame, smoothed in time.
        """

    @abstractmethod
    def scaled(self, own: Parts, poses: Parts, strength: float) -> Parts:
        """Return poses whose change from the portrait's own is multiplied by a strength."""
