"""The MRAA engine: a driver's regions through the articulated motion model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from mien.engines.motion_net.articulation import Articulation, Parts
from mien.engines.motion_net.avd import load_avd
from mien.engines.motion_net.engine import MotionNetEngine
from mien.engines.motion_net.settings import MRAA_NAME, MraaSettings
from mien.engines.weights import weights_record

if TYPE_CHECKING:
    from torch import Tensor

    from mien.models.avd import Avd
    from mien.models.mraa import Mraa


_AT_ONCE = 16
"""Number of frames whose regions are computed at once."""


class MraaArticulation(Articulation):
    """Poses MRAA's regions: shift, covariance and affine map.

    Args:
        net: The network.
        avd: The network of AVD, if it drives the portrait.
    """

    def __init__(self, net: Mraa, avd: Avd | None = None) -> None:
        super().__init__(net)
        self.avd = avd

    def for_net(self, parts: Parts) -> Any:
        """Return `Regions`."""
        from mien.models.regions import Regions

        return Regions(*parts)

    def own(self, source: Any) -> Parts:
        """Return the portrait's regions."""
        return tuple(source.regions)

    def from_points(self, source: Any, points: Tensor) -> Parts:
        """Return regions of the portrait's own shape at other points."""
        # A prior's heatmap always has the same shape; only sampling on the grid changes it a little. A new
        # covariance could turn the axes of a nearly round region by up to 90 degrees.
        _, covariance, affine = (
            part.expand(len(points), *part.shape[1:]) for part in source.regions
        )
        return points, covariance, affine

    def turned(self, own: Parts, points: Tensor, maps: Tensor) -> Parts:
        """Return the regions at other points, their affine maps multiplied from the left by the given maps."""
        from mien.models.regions import Regions, turned_regions

        return tuple(turned_regions(Regions(*own), points, maps))

    def relative(self, own: Parts, now: Parts, neutral: Parts) -> Parts:
        """Return the regions of relative driving, as published."""
        from mien.models.regions import Regions, covariance_root, relative_regions

        # The covariances are smoothed in time. Roots are computed from them and not smoothed themselves,
        # because the roots of two frames may differ by a rotation.
        root = self.net.config.root
        then, before = (Regions(s, c, covariance_root(c, root)) for s, c, _ in (now, neutral))
        return tuple(relative_regions(Regions(*own), then, before))

    def at_points(self, points: Tensor) -> Parts:
        """Return the regions of the prior's heatmaps around the points."""
        import torch

        side = self.net.config.image_px
        found = [
            tuple(self.net.detect(points.new_zeros(len(some), 3, side, side), some))
            for some in points.split(_AT_ONCE)
        ]
        return tuple(torch.cat(part) for part in zip(*found, strict=True))

    def absolute(self, own: Parts, now: Parts) -> Parts:
        """Return the driver's regions themselves, or with AVD the regions that it makes of them."""
        from mien.models.regions import Regions, covariance_root

        shift, covariance, _ = now
        # The covariances are smoothed in time; see `relative`.
        driver = Regions(shift, covariance, covariance_root(covariance, self.net.config.root))
        if self.avd is None:
            return tuple(driver)
        portrait = Regions(*(part.expand(len(shift), *part.shape[1:]) for part in own))
        return tuple(self.avd(portrait, driver))

    def scaled(self, own: Parts, poses: Parts, strength: float) -> Parts:
        """Scale shifts and affine maps; the covariance follows from the map."""
        from mien.models.warping import compose

        shift = own[0] + strength * (poses[0] - own[0])
        affine = own[2] + strength * (poses[2] - own[2])
        return shift, compose(affine, affine.transpose(-1, -2)), affine


class MraaEngine(MotionNetEngine):
    """Drives a portrait by MRAA, with or without the AWP prior.

    With the adaptive-weight prior (AWP) the network gets only the portrait's facial points, moved by the optical flow
    that was measured on the driver. Without the prior, the network finds its own regions in the driver's pictures. The
    background stays still, because a clip of another person says nothing about it. Animation via disentanglement (AVD)
    is a further network, which gives the driver's regions the portrait's shape.

    Args:
        settings: See `MraaSettings`; None for the defaults.
    """

    name = MRAA_NAME
    architecture = "mraa"

    def __init__(self, settings: MraaSettings | None = None) -> None:
        super().__init__(settings or MraaSettings())

    @cached_property
    def avd(self) -> Avd | None:
        """The network of AVD; None if it is not used.

        Raises:
            WeightsError: The weights cannot be read, or are another network's.
            UsageError: The weights are for another number of regions or other conventions.
        """
        asked = self._mraa
        if asked.avd is None:
            return None
        return load_avd(asked.avd, self.net.config, asked.device)

    def articulated(self) -> MraaArticulation:
        """Return the articulation that poses the network's regions, with AVD or without."""
        return MraaArticulation(self.net, self.avd)

    def record(self) -> dict[str, Any]:
        """Return what a record stores of the network, and the record of AVD's weights under ``avd`` if AVD is used."""
        asked = self._mraa
        further = {} if asked.avd is None else {"avd": weights_record(asked.avd)}
        return super().record() | further

    @property
    def _mraa(self) -> MraaSettings:
        assert isinstance(self.settings, MraaSettings)
        return self.settings
