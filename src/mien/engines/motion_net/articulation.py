"""What FOMM's keypoints and MRAA's regions have in common: how a portrait's are posed by a driver's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from torch import Tensor

Parts: TypeAlias = "tuple[Tensor, ...]"
"""Keypoints or regions as tensors (T, K, ...), their positions first."""


class Articulation(ABC):
    """Poses the keypoints or regions of a portrait.

    Args:
        net: The network.
    """

    def __init__(self, net: Any) -> None:
        self.net = net

    @abstractmethod
    def for_net(self, parts: Parts) -> Any:
        """Return parts in the network's own type."""

    @abstractmethod
    def own(self, source: Any) -> Parts:
        """Return an encoded portrait's own parts."""

    @abstractmethod
    def from_points(self, source: Any, points: Tensor) -> Parts:
        """Return the parts at (T, K, 2) points if the network looks at no pictures of the driver."""

    @abstractmethod
    def turned(self, own: Parts, points: Tensor, maps: Tensor) -> Parts:
        """Return the portrait's parts at (T, K, 2) points, their surroundings mapped by (T, K, 2, 2)."""

    @abstractmethod
    def relative(self, own: Parts, now: Parts, neutral: Parts) -> Parts:
        """Return the portrait's parts after the driver's change from neutral to now."""

    @abstractmethod
    def scaled(self, own: Parts, poses: Parts, strength: float) -> Parts:
        """Return poses whose change from the portrait's own is multiplied by a strength."""
