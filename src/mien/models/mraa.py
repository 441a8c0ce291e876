"""MRAA with facial priors: regions, a background, pixelwise flow, a generator.

After Siarohin et al., "Motion Representations for Articulated Animation" (CVPR 2021); with the
adaptive-weight prior after Zhang et al. (IEEE TIP 2024). With a prior, the prior's maps are the heatmaps of the
regions, and no network finds regions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mien.errors import UsageError
from mien.models.dense_motion import DenseMotion, Motion
from mien.models.fomm import Animated, check_points, guide_layer, heatmaps, widened
from mien.models.layers import Encoder, Hourglass, downsample, from_range, to_range
from mien.models.motion_config import MotionConfig
from mien.models.priors import euclidean_maps, own_points
from mien.models.regions import Regions, Root, regions_of, transport
from mien.models.ulme_gan import Images
from mien.models.warp_generator import WarpGenerator
from mien.models.warping import (
    Points,
    apply_linear,
    gaussian_maps,
    identity_grid,
    local_displacements,
)

PriorHeat: TypeAlias = Literal["normalised", "published"]
"""Scale of a prior's maps when they are used as heatmaps of regions."""


@dataclass(frozen=True, kw_only=True)
class MraaConfig(MotionConfig):
    """Config of MRAA. The defaults are the published ones.

    Attributes:
        prior: The facial prior; with ``none`` the network finds its own regions.
        root: Which square root of a region's covariance is its affine map.
        prior_heat: Scale of the prior's maps as heatmaps: they sum to 1 (``normalised``, as
            without a prior), or their largest value is 1 (``published``), which makes a region's
            standard deviation about ten times as large. With the published conventions it is always ``published``.
        background: Whether the network finds the background's motion; otherwise the background is still.
        background_width: Channels of the background's encoder at full size; they double.
        skips: Whether the generator mixes in the warped source at every size.

    Raises:
        UsageError: A value out of its range, or values that do not fit together.
    """

    prior: Literal["none", "awp"] = "none"
    root: Root = "principal"
    prior_heat: PriorHeat = "normalised"
    background: bool = True
    background_width: int = 32
    skips: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.prior not in ("none", "awp"):
            raise UsageError(f"expected prior none or awp, got {self.prior}")
        if self.root not in ("principal", "symmetric", "svd"):
            raise UsageError(f"expected root principal, symmetric or svd, got {self.root}")
        if self.prior_heat not in ("normalised", "published"):
            raise UsageError(f"expected prior_heat normalised or published, got {self.prior_heat}")
        if self.background_width < 1:
            raise UsageError(
                f"expected background_width of at least 1, got {self.background_width}"
            )

    @property
    def needs_driver(self) -> bool:
        """Whether the network needs the driver's pictures, and not only its points."""
        return not self.has_prior


class MraaSource(NamedTuple):
    """Everything that depends on the source alone. S is 1, or the number of driving frames.

    Attributes:
        images: (S, 3, H, W) RGB in [-1, 1], or in [0, 1] with the published conventions.
        small: (S, 3, h, w) downsampled.
        regions: Regions of the source.
        gaussians: (S, K, h, w) Gaussians with the regions' covariances.
        features: Features of the generator, from the smallest size up; empty if no pictures will be made.
    """

    images: Images
    small: Tensor
    regions: Regions
    gaussians: Tensor
    features: tuple[Tensor, ...]


class RegionFinder(nn.Module):
    """Find regions in pictures, or make them from prior points."""

    def __init__(self, config: MraaConfig) -> None:
        super().__init__()
        self.config = config
        if not config.has_prior:
            shape = config.detector_width, config.max_width, config.hourglass_blocks
            self.hourglass = Hourglass(3, *shape)
            self.heat_head = nn.Conv2d(
                self.hourglass.channels_out, config.point_count, 7, padding=3
            )

    def forward(self, small: Tensor, points: Points | None = None) -> Regions:
        """Find regions.

        Args:
            small: (B, 3, h, w) downsampled pictures, in the range of `MraaSource.images`.
            points: (B, K, 2) prior points in the network's own coordinates; None without a prior.
        """
        check_points(self.config, points)
        root, how = self.config.root, self.config.how
        if points is None:
            scores = self.heat_head(self.hourglass(small))
            return regions_of(heatmaps(scores, self.config.temperature), root, how=how)
        points = points.float()
        height, width = small.shape[-2:]
        maps = euclidean_maps(points, height, width, how)
        if self.config.prior_heat == "normalised" and not how.published:
            maps = maps / maps.sum((-2, -1), keepdim=True)
        return regions_of(maps, root, points, how)


class BackgroundMotion(nn.Module):
    """Find the affine motion of the background between two pictures; a new network finds no motion."""

    def __init__(self, config: MraaConfig) -> None:
        super().__init__()
        self.how = config.how
        shape = config.background_width, config.max_width, config.hourglass_blocks
        self.encoder = Encoder(6, *shape)
        self.head = nn.Linear(self.encoder.channels_out, 6)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, source: Images, driving: Images) -> Float[Tensor, "batch 2 3"]:
        """Return the map from driving to source coordinates, normalised, minus the identity."""
        both = to_range(torch.cat([source, driving], 1), self.how)
        deepest = self.encoder(both)[-1]
        numbers: Tensor = self.head(deepest.mean((-2, -1)))
        return numbers.float().view(-1, 2, 3)


class Mraa(nn.Module):
    """MRAA: region finder, background motion, pixelwise flow and generator."""

    def __init__(self, config: MraaConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or MraaConfig()
        self.finder = RegionFinder(config)
        self.background = BackgroundMotion(config) if config.background else None
        self.dense_motion = DenseMotion(config)
        self.guide = guide_layer(config)
        self.generator = WarpGenerator(
            config.generator_width,
            config.generator_max_width,
            config.generator_downs,
            config.generator_blocks,
            skips=config.skips,
            how=config.how,
        )

    def own_points(self, points: Points) -> Points:
        """Convert (B, K, 2) points from Mien's normalised coordinates to the network's own, those of regions."""
        return own_points(points, self.config.image_px, self.config.how)

    def detect(self, images: Images, points: Points | None = None) -> Regions:
        """Find regions in (B, 3, H, W) pictures; ``images`` and ``points`` as for `encode_source`."""
        how = self.config.how
        return self._regions(downsample(to_range(images, how), self.config.scale, how), points)

    def _regions(self, small: Tensor, points: Points | None) -> Regions:
        found: Regions = self.finder(small, None if points is None else self.own_points(points))
        return found

    def encode_source(
        self, images: Images, points: Points | None = None, *, painted: bool = True
    ) -> MraaSource:
        """Compute everything that depends on the source alone.

        Args:
            images: (S, 3, H, W) RGB in [-1, 1], of the config's ``image_px``.
            points: (S, K, 2) prior points in Mien's normalised coordinates; None without a prior.
            painted: Whether pictures will be made; the motion alone needs no features.
        """
        how = self.config.how
        images = to_range(images, how)
        small = downsample(images, self.config.scale, how)
        regions = self._regions(small, points)
        height, width = small.shape[-2:]
        gaussians = gaussian_maps(regions.shift, height, width, regions.covariance, how)
        features = self.generator.encode(images) if painted else ()
        return MraaSource(images, small, regions, gaussians, features)

    def motion(
        self,
        source: MraaSource,
        driving: Regions,
        background: Float[Tensor, "batch 2 3"] | None = None,
    ) -> Motion:
        """Compute the motion that takes the source's regions to the driving ones.

        Args:
            source: One source for all frames, or one for each frame.
            driving: (B, K, ...) regions, for example from `mien.models.regions.relative_regions`
                or `mien.models.avd.Avd`.
            background: (B, 2, 3) from `BackgroundMotion`; None if the background is still, as it is if the driver is
                another person.
        """
        how, batch = self.config.how, len(driving.shift)
        height, width = source.small.shape[-2:]
        own = Regions(*(widened(part, batch) for part in source.regions))
        gaussians = gaussian_maps(driving.shift, height, width, driving.covariance, how)
        linear = transport(own.affine, driving.affine, how)
        local = local_displacements(own.shift, driving.shift, linear, height, width, how)
        behind = None
        if background is not None:
            grid = identity_grid(height, width, local, how).expand(batch, 1, -1, -1, -1)
            turned = apply_linear(background[:, None, :, :2], grid)[:, 0]
            behind = turned + background[:, None, None, :, 2]
        small = widened(source.small, batch)
        change = gaussians - source.gaussians
        guide = None if self.guide is None else self.guide(driving.shift, height, width)
        motion: Motion = self.dense_motion(
            small,
            change,
            local,
            driving.shift,
            behind,
            source=own.shift,
            linear=linear,
            guide=guide,
        )
        return motion

    def paint(self, source: MraaSource, motion: Motion) -> Images:
        """Make the pictures of the source moved by a motion: (B, 3, H, W) RGB in [-1, 1]."""
        batch = len(motion.displacement)
        features = tuple(widened(level, batch) for level in source.features)
        painted = self.generator.decode(widened(source.images, batch), features, motion)
        return from_range(painted, self.config.how)

    def animate(
        self,
        source: MraaSource,
        driving: Regions,
        background: Float[Tensor, "batch 2 3"] | None = None,
    ) -> Animated:
        """Move the source's regions to the driving ones, and make the pictures; see `motion`."""
        motion = self.motion(source, driving, background)
        return Animated(self.paint(source, motion), motion)

    def forward(
        self,
        source: Images,
        driving: Images,
        source_points: Points | None = None,
        driving_points: Points | None = None,
    ) -> Animated:
        """Reconstruct driving frames from sources of the same faces, as in training.

        Args:
            source: (B, 3, H, W) RGB in [-1, 1].
            driving: (B, 3, H, W) RGB in [-1, 1].
            source_points: (B, K, 2) prior points of the sources; None without a prior.
            driving_points: (B, K, 2) prior points of the driving frames; None without a prior.
        """
        encoded = self.encode_source(source, source_points)
        behind = None if self.background is None else self.background(source, driving)
        return self.animate(encoded, self.detect(driving, driving_points), behind)
