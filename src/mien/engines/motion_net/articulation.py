"""How a portrait's keypoints (FOMM) or regions (MRAA) are posed by a driver's."""

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
        """Return the parts at (T, K, 2) points if the network looks at no pictures of the driver."""

    @abstractmethod
    def turned(self, own: Parts, points: Tensor, maps: Tensor, wide: Tensor | None = None) -> Parts:
        """Return the portrait's keypoints or regions at other points, their surroundings mapped linearly.

        Args:
            own: The portrait's.
            points: (T, K, 2) where they go.
            maps: (T, K, 2, 2) linear map around each point.
            wide: (T, K, 2, 3) motion of a wide neighbourhood of each point, if the network takes it.
        """

    @abstractmethod
    def relative(self, own: Parts, now: Parts, neutral: Parts) -> Parts:
        """Return the portrait's parts after the driver's change from neutral to now."""

    @abstractmethod
    def at_points(self, points: Tensor) -> Parts:
        """Return a driver's own parts at its (T, K, 2) points if the network looks at no pictures of it."""

    @abstractmethod
    def absolute(self, own: Parts, now: Parts) -> Parts:
        """Return the parts that pose the portrait as the driver is.

        Args:
            own: The portrait's.
            now: The driver's own, as found in its pictures and smoothed in time.
        """

    @abstractmethod
    def scaled(self, own: Parts, poses: Parts, strength: float) -> Parts:
        """Return poses whose change from the portrait's own is multiplied by a strength."""


def there(parts: Any) -> Parts:
    """Return the parts of keypoints or regions that a network has."""
    return tuple(part for part in parts if part is not None)
