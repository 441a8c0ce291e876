"""Engines that drive a portrait by points of a face through a motion-transfer network."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from mien.engines.compute import uses_bfloat16
from mien.engines.motion_net.articulation import Articulation
from mien.engines.motion_net.networks import Architecture, motion_net_for, motion_weights
from mien.engines.motion_net.session import MotionNetSession
from mien.engines.motion_net.settings import MotionNetSettings, lids_by, measured_maps_asked
from mien.engines.weights import weights_record
from mien.errors import UsageError
from mien.face.portrait import Portrait

if TYPE_CHECKING:
    import torch


class MotionNetEngine(ABC):
    """Base of the engines of FOMM and MRAA.

    The portrait's own pixels are moved, at full size, by the motion that the network finds. The network's picture adds
    only what this motion does not explain (`painted_beyond`).

    Args:
        settings: See `MotionNetSettings`.
    """

    name: ClassVar[str]
    architecture: ClassVar[Architecture]

    def __init__(self, settings: MotionNetSettings) -> None:
        self.settings = settings

    @cached_property
    def net(self) -> Any:
        """The network, read at its first use.

        Raises:
            WeightsError: There are no weights, or they are another network's, or damaged.
            MissingExtraError: PyTorch is not installed.
            UsageError: The weights are for another prior or another number of points than asked for.
        """
        asked = self.settings
        net = motion_net_for(
            self.architecture,
            asked.weights,
            asked.prior,
            asked.points,
            asked.device,
            asked.precision,
        )
        if not net.config.has_prior and asked.jacobians == "measured":
            raise UsageError(
                "expected weights with a prior for --jacobians measured, got weights without: nothing is measured "
                "at points that the network finds"
            )
        if (
            net.config.measured_maps
            and asked.jacobians == "learned"
            and asked.driving == "relative"
        ):
            raise UsageError(
                "expected weights that learned the maps around points for --jacobians learned, got weights trained "
                "with measured ones: leave it out, or give other weights"
            )
        return net

    @property
    def device(self) -> torch.device:
        """Device of the network."""
        result: torch.device = next(iter(self.net.parameters())).device
        return result

    @property
    def needs_frames(self) -> bool:
        """Whether the network looks at the driver's pictures, not only at the measured motion."""
        config = self.net.config
        return bool(config.needs_driver) and not measured_maps_asked(self.settings, config)

    @abstractmethod
    def articulated(self) -> Articulation:
        """Return the articulation that poses the network's keypoints or regions."""

    def prepare(self, portrait: Portrait) -> MotionNetSession:
        """Read the network and encode the portrait; see `mien.engines.base.MotionEngine.prepare`."""
        return MotionNetSession(
            portrait, self.net, self.articulated(), self.settings, self.needs_frames
        )

    def record(self) -> dict[str, Any]:
        """Return what a record stores of the network, as JSON values.

        These are the weights and their hashes, the prior, the number of points (null for the published number), where
        the linear maps around points come from, what closes the lids, the device and the precision. A clip adds
        ``gain``, the factor by which its motion was multiplied (null if not calibrated).
        """
        config, asked = self.net.config, self.settings
        folder = motion_weights(self.architecture, asked.weights, asked.prior, asked.points)
        half = uses_bfloat16(self.device, asked.precision)
        measured = measured_maps_asked(asked, config)
        absolute = config.measured_maps and asked.driving == "absolute"
        return weights_record(folder) | {
            "prior": config.prior,
            "points": config.points,
            "jacobians": "measured" if measured or absolute else "learned",
            "lids": lids_by(asked, needs_frames=self.needs_frames),
            "device": self.device.type,
            "precision": "bfloat16" if half else "float32",
        }
