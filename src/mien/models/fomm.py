"""FOMM with facial priors: keypoints with Jacobians, dense motion, a generator.

After Siarohin et al., "First Order Motion Model for Image Animation" (NeurIPS 2019); with a prior
after Zhang et al. (ACM MM 2021, IEEE TIP 2024; see `mien.models.priors`). With a prior the keypoints are given. The
prior's map is a fourth input channel, and the network finds only the Jacobians.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from mien.errors import UsageError
from mien.models.conventions import MIEN, Conventions
from mien.models.dense_motion import DenseMotion, Motion
from mien.models.layers import Hourglass, downsample, from_range, to_range
from mien.models.motion_config import MotionConfig
from mien.models.priors import Prior, own_points, prior_layer
from mien.models.ulme_gan import Images
from mien.models.warp_generator import WarpGenerator
from mien.models.warping import (
    Matrices,
    Points,
    compose,
    gaussian_maps,
    identity_grid,
    inverse_2x2,
    local_displacements,
)


@dataclass(frozen=True, kw_only=True)
class FommConfig(MotionConfig):
    """Config of FOMM. The defaults are the published ones.

    Attributes:
        prior: The facial prior; with ``none`` the network finds its own keypoints.
        variance: Variance of the Gaussians that show the points to the dense motion network, normalised.
        skips: Whether the generator mixes in the warped source at every size, as MRAA does.
        jacobians: Whether the network finds the linear map around each point. If not, the config needs a prior, there
            is no detector, and a point only translates its surroundings, unless ``measured_maps`` is set. This is meant
            for many points.

    Raises:
        UsageError: A value out of its range, or values that do not fit together.
    """

    prior: Prior = "none"
    variance: float = 0.01
    skips: bool = False
    jacobians: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.prior not in ("none", "ewp", "awp"):
            raise UsageError(f"expected prior none, ewp or awp, got {self.prior}")
        if not self.variance > 0:
            raise UsageError(f"expected a variance over 0, got {self.variance}")
        if not (self.jacobians or self.has_prior):
            raise UsageError("expected jacobians without a prior, got none to find")
        if self.jacobians and self.measured_maps:
            raise UsageError(
                "expected jacobians or measured_maps, got both: set one of them to false"
            )

    @property
    def needs_driver(self) -> bool:
        """Whether the network needs the driver's pictures, and not only its points."""
        return self.jacobians


class Keypoints(NamedTuple):
    """Points, and the linear map around each.

    Attributes:
        points: (B, K, 2) normalised (x, y), in the network's own coordinates.
        jacobians: (B, K, 2, 2) the linear maps.
    """

    points: Points
    jacobians: Matrices


class Source(NamedTuple):
    """Everything that depends on the source alone. S is 1, or the number of driving frames.

    Attributes:
        images: (S, 3, H, W) RGB in [-1, 1], or in [0, 1] with the published conventions.
        small: (S, 3, h, w) downsampled.
        keypoints: Keypoints of the source.
        gaussians: (S, K, h, w) Gaussians at the keypoints.
        features: Features of the generator, from the smallest size up; empty if no pictures will be made.
    """

    images: Images
    small: Tensor
    keypoints: Keypoints
    gaussians: Tensor
    features: tuple[Tensor, ...]


class Animated(NamedTuple):
    """An animated source.

    Attributes:
        images: (B, 3, H, W) RGB in [-1, 1].
        motion: Where the pixels come from, at the size of the downsampled pictures (``1 / scale``).
    """

    images: Images
    motion: Motion


class KeypointDetector(nn.Module):
    """Find keypoints with Jacobians; with a prior the points are given."""

    def __init__(self, config: FommConfig) -> None:
        super().__init__()
        self.config = config
        self.prior: nn.Module | None = None
        if config.has_prior:
            self.prior = prior_layer(config.prior, config.point_count, config.how)
        channels = 4 if config.has_prior else 3
        shape = config.detector_width, config.max_width, config.hourglass_blocks
        self.hourglass = Hourglass(channels, *shape)
        count, channels = config.point_count, self.hourglass.channels_out
        # With a prior the heatmaps do not locate the points; they weight their Jacobians.
        padding = 0 if config.how.published else 3
        self.heat_head = nn.Conv2d(channels, count, 7, padding=padding)
        self.jacobian_head = nn.Conv2d(channels, 4 * count, 7, padding=padding)
        nn.init.zeros_(self.jacobian_head.weight)
        with torch.no_grad():
            self.jacobian_head.bias.copy_(torch.eye(2).flatten().repeat(count))  # type: ignore[union-attr]

    def forward(self, small: Tensor, points: Points | None = None) -> Keypoints:
        """Find keypoints.

        Args:
            small: (B, 3, h, w) downsampled pictures, in the range of `Source.images`.
            points: (B, K, 2) prior points in the network's own coordinates; None without a prior.
        """
        check_points(self.config, points)
        height, width = small.shape[-2:]
        seen = small
        if self.prior is not None and points is not None:
            seen = torch.cat([small, self.prior(points, height, width).to(small.dtype)], 1)
        features = self.hourglass(seen)
        heat = heatmaps(self.heat_head(features), self.config.temperature)
        maps = self.jacobian_head(features).float().unflatten(1, (-1, 4))
        jacobians = (heat[:, :, None] * maps).sum((-2, -1)).unflatten(-1, (2, 2))
        found = centres(heat, self.config.how) if points is None else points.float()
        return Keypoints(found, jacobians)


class Fomm(nn.Module):
    """FOMM: keypoint detector, dense motion and generator."""

    def __init__(self, config: FommConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or FommConfig()
        self.detector = KeypointDetector(config) if config.jacobians else None
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
        """Convert (B, K, 2) points from Mien's normalised coordinates to the network's own, those of keypoints."""
        return own_points(points, self.config.image_px, self.config.how)

    def detect(self, images: Images, points: Points | None = None) -> Keypoints:
        """Find keypoints in (B, 3, H, W) pictures; ``images`` and ``points`` as for `encode_source`."""
        how = self.config.how
        return self._keypoints(downsample(to_range(images, how), self.config.scale, how), points)

    def _keypoints(self, small: Tensor, points: Points | None) -> Keypoints:
        points = None if points is None else self.own_points(points)
        if self.detector is not None:
            found: Keypoints = self.detector(small, points)
            return found
        check_points(self.config, points)
        assert points is not None, "a config without jacobians has a prior"
        return without_jacobians(points)

    def encode_source(
        self, images: Images, points: Points | None = None, *, painted: bool = True
    ) -> Source:
        """Compute everything that depends on the source alone.

        Args:
            images: (S, 3, H, W) RGB in [-1, 1], of the config's ``image_px``.
            points: (S, K, 2) prior points in Mien's normalised coordinates; None without a prior.
            painted: Whether pictures will be made; the motion alone needs no features.
        """
        how = self.config.how
        images = to_range(images, how)
        small = downsample(images, self.config.scale, how)
        keypoints = self._keypoints(small, points)
        height, width = small.shape[-2:]
        gaussians = gaussian_maps(keypoints.points, height, width, self.config.variance, how)
        features = self.generator.encode(images) if painted else ()
        return Source(images, small, keypoints, gaussians, features)

    def motion(self, source: Source, driving: Keypoints) -> Motion:
        """Compute the motion that takes the source's keypoints to the driving ones.

        Args:
            source: One source for all frames, or one for each frame.
            driving: (B, K, ...) keypoints, for example from `relative`.
        """
        how, batch = self.config.how, len(driving.points)
        height, width = source.small.shape[-2:]
        own = Keypoints(*(widened(part, batch) for part in source.keypoints))
        gaussians = gaussian_maps(driving.points, height, width, self.config.variance, how)
        linear = compose(own.jacobians, inverse_2x2(driving.jacobians))
        local = local_displacements(own.points, driving.points, linear, height, width, how)
        small = widened(source.small, batch)
        change = gaussians - source.gaussians
        guide = None if self.guide is None else self.guide(driving.points, height, width)
        motion: Motion = self.dense_motion(
            small, change, local, driving.points, source=own.points, linear=linear, guide=guide
        )
        return motion

    def paint(self, source: Source, motion: Motion) -> Images:
        """Make the pictures of the source moved by a motion: (B, 3, H, W) RGB in [-1, 1]."""
        batch = len(motion.displacement)
        features = tuple(widened(level, batch) for level in source.features)
        painted = self.generator.decode(widened(source.images, batch), features, motion)
        return from_range(painted, self.config.how)

    def animate(self, source: Source, driving: Keypoints) -> Animated:
        """Move the source's keypoints to the driving ones, and make the pictures; see `motion`."""
        motion = self.motion(source, driving)
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
        return self.animate(encoded, self.detect(driving, driving_points))


def guide_layer(config: MotionConfig) -> nn.Module | None:
    """Return the layer that makes the prior's map for the dense motion network; None if it gets no map."""
    if not config.guided:
        return None
    return prior_layer(cast(Prior, config.prior), config.point_count, config.how)


def turned(own: Keypoints, points: Points, maps: Matrices) -> Keypoints:
    """Return keypoints moved to other points, the Jacobian of each multiplied by a linear map.

    Args:
        own: The source's keypoints.
        points: (B, K, 2) the points to move to, in the network's own coordinates.
        maps: (B, K, 2, 2) linear map around each point, from the source to the new point.
    """
    return Keypoints(points, compose(maps, own.jacobians))


def without_jacobians(points: Points) -> Keypoints:
    """Return keypoints with identity Jacobians at (B, K, 2) points."""
    eye = torch.eye(2, device=points.device)
    return Keypoints(points.float(), eye.expand(*points.shape[:2], 2, 2))


def relative(
    portrait: Keypoints, driver: Keypoints, driver_first: Keypoints, scale: float = 1.0
) -> Keypoints:
    """Apply the driver's change since its first frame to the portrait's keypoints.

    Args:
        portrait: (1 or B, K, ...) keypoints of the portrait.
        driver: (B, K, ...) keypoints of the driver's frames.
        driver_first: (1 or B, K, ...) keypoints of its first frame.
        scale: Size of the portrait's face divided by the driver's, in normalised coordinates.
    """
    points = portrait.points + scale * (driver.points - driver_first.points)
    change = compose(driver.jacobians, inverse_2x2(driver_first.jacobians))
    return Keypoints(points, compose(change, portrait.jacobians))


def heatmaps(scores: Tensor, temperature: float) -> Tensor:
    """Turn scores (B, K, h, w) into maps that each sum to 1, in float32."""
    return (scores.float().flatten(2) / temperature).softmax(-1).view(scores.shape)


def centres(heat: Tensor, how: Conventions = MIEN) -> Points:
    """Return the centre of each heatmap (B, K, h, w) that sums to 1: (B, K, 2) normalised."""
    height, width = heat.shape[-2:]
    grid = identity_grid(height, width, heat, how)
    return (heat[..., None] * grid).sum((2, 3))


def widened(tensor: Tensor, batch: int) -> Tensor:
    """Expand a tensor of one sample to ``batch`` samples, without copying."""
    return tensor if len(tensor) == batch else tensor.expand(batch, *tensor.shape[1:])


def check_points(config: MotionConfig, points: Points | None) -> None:
    """Refuse points for a network without a prior, and missing points or a wrong number for one with a prior.

    Raises:
        UsageError: The points do not fit the config.
    """
    if config.has_prior != (points is not None):
        came = "none" if points is None else "some"
        raise UsageError(
            f"expected points {'with' if config.has_prior else 'only with'} a prior, got {came}"
        )
    if points is not None and points.shape[1:] != (config.point_count, 2):
        raise UsageError(
            f"expected (batch, {config.point_count}, 2) points, got {tuple(points.shape)}"
        )
