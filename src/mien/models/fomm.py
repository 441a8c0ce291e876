"""FOMM with facial priors: keypoints with Jacobians, dense motion, a generator.

After Siarohin et al., "First Order Motion Model for Image Animation" (NeurIPS 2019). With a prior it follows
Zhang et al. (ACM MM 2021, IEEE TIP 2024; see `mien.models.priors`): the keypoints are then given, their map
is a fourth input channel, and the network predicts the Jacobians only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from mien.errors import UsageError
from mien.models.dense_motion import DenseMotion, Motion
from mien.models.layers import Hourglass, downsample
from mien.models.motion_config import SCALE, MotionConfig
from mien.models.priors import Prior, prior_layer
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
    """FOMM's shape. The defaults are the published ones; see `MotionConfig` for the rest.

    Attributes:
        prior: The facial prior; without one the network finds its own keypoints.
        variance: Variance of the Gaussians that show the points to the dense motion network.
        skips: Whether the generator mixes in the moved source at every size, as MRAA's does.
        jacobians: Whether a linear map around each point is predicted. Without it the pixels around
            a point move as the point does; with a prior there is then no detector. Meant for many
            points.
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

    @property
    def needs_driver(self) -> bool:
        """Whether the network needs the driver's pictures, and not only its points."""
        return self.jacobians


class Keypoints(NamedTuple):
    """Points, each with a linear map of its surroundings.

    Attributes:
        points: (B, K, 2) normalised (x, y).
        jacobians: (B, K, 2, 2).
    """

    points: Points
    jacobians: Matrices


class Source(NamedTuple):
    """What is computed once for a source; S is 1, or the number of driving frames.

    Attributes:
        images: (S, 3, H, W) RGB in [-1, 1].
        small: (S, 3, H/4, W/4).
        keypoints: Of the source.
        gaussians: (S, K, H/4, W/4) at them.
        features: The generator's.
    """

    images: Images
    small: Tensor
    keypoints: Keypoints
    gaussians: Tensor
    features: tuple[Tensor, ...]


class Animated(NamedTuple):
    """A result.

    Attributes:
        images: (B, 3, H, W) RGB in [-1, 1].
        motion: Where their pixels come from, at a quarter of the size.
    """

    images: Images
    motion: Motion


class KeypointDetector(nn.Module):
    """Map pictures, and with a prior their points, to keypoints with Jacobians."""

    def __init__(self, config: FommConfig) -> None:
        super().__init__()
        self.config = config
        self.prior = prior_layer(config.prior, config.point_count) if config.has_prior else None
        channels = 4 if config.has_prior else 3
        shape = config.detector_width, config.max_width, config.hourglass_blocks
        self.hourglass = Hourglass(channels, *shape)
        count, channels = config.point_count, self.hourglass.channels_out
        # With a prior this tells where to read the Jacobians, not where the points are.
        self.heat_head = nn.Conv2d(channels, count, 7, padding=3)
        self.jacobian_head = nn.Conv2d(channels, 4 * count, 7, padding=3)
        nn.init.zeros_(self.jacobian_head.weight)
        with torch.no_grad():
            self.jacobian_head.bias.copy_(torch.eye(2).flatten().repeat(count))  # type: ignore[union-attr]

    def forward(self, small: Tensor, points: Points | None = None) -> Keypoints:
        """Find keypoints.

        Args:
            small: (B, 3, h, w) downscaled pictures, RGB in [-1, 1].
            points: (B, K, 2) the prior's points, normalised; None without a prior.
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
        return Keypoints(centres(heat) if points is None else points.float(), jacobians)


class Fomm(nn.Module):
    """The keypoint detector, the dense motion and the generator."""

    def __init__(self, config: FommConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or FommConfig()
        self.detector = KeypointDetector(config) if config.jacobians else None
        self.dense_motion = DenseMotion(config)
        self.generator = WarpGenerator(
            config.generator_width,
            config.generator_max_width,
            config.generator_downs,
            config.generator_blocks,
            skips=config.skips,
        )

    def detect(self, images: Images, points: Points | None = None) -> Keypoints:
        """Find the keypoints of (B, 3, H, W) pictures; ``points`` as in `KeypointDetector.forward`."""
        return self._keypoints(downsample(images, SCALE), points)

    def _keypoints(self, small: Tensor, points: Points | None) -> Keypoints:
        if self.detector is not None:
            return self.detector(small, points)
        check_points(self.config, points)
        assert points is not None, "a config without jacobians has a prior"
        return without_jacobians(points)

    def encode_source(
        self, images: Images, points: Points | None = None, *, painted: bool = True
    ) -> Source:
        """Compute once what depends only on the source.

        Args:
            images: (S, 3, H, W) RGB in [-1, 1], of the config's ``image_px``.
            points: (S, K, 2) its prior points, normalised; None without a prior.
            painted: Whether pictures will be made; the motion alone needs no features.
        """
        small = downsample(images, SCALE)
        keypoints = self._keypoints(small, points)
        height, width = small.shape[-2:]
        gaussians = gaussian_maps(keypoints.points, height, width, self.config.variance)
        features = self.generator.encode(images) if painted else ()
        return Source(images, small, keypoints, gaussians, features)

    def motion(self, source: Source, driving: Keypoints) -> Motion:
        """Return the motion that moves a source's keypoints to the driving keypoints.

        Args:
            source: Of one picture, or of as many pictures as there are frames.
            driving: (B, K, ...) the driving keypoints, for example from `relative`.
        """
        batch = len(driving.points)
        height, width = source.small.shape[-2:]
        own = Keypoints(*(widened(part, batch) for part in source.keypoints))
        gaussians = gaussian_maps(driving.points, height, width, self.config.variance)
        linear = compose(own.jacobians, inverse_2x2(driving.jacobians))
        local = local_displacements(own.points, driving.points, linear, height, width)
        small = widened(source.small, batch)
        return self.dense_motion(small, gaussians - source.gaussians, local, driving.points)

    def paint(self, source: Source, motion: Motion) -> Images:
        """Return the source after a motion."""
        batch = len(motion.displacement)
        features = tuple(widened(level, batch) for level in source.features)
        return self.generator.decode(widened(source.images, batch), features, motion)

    def animate(self, source: Source, driving: Keypoints) -> Animated:
        """Move a source so that its keypoints become the driving keypoints; see `motion`."""
        motion = self.motion(source, driving)
        return Animated(self.paint(source, motion), motion)

    def forward(
        self,
        source: Images,
        driving: Images,
        source_points: Points | None = None,
        driving_points: Points | None = None,
    ) -> Animated:
        """Rebuild driving frames from sources of the same faces, as in training."""
        encoded = self.encode_source(source, source_points)
        return self.animate(encoded, self.detect(driving, driving_points))


def without_jacobians(points: Points) -> Keypoints:
    """Return keypoints whose linear maps are the identity: nothing around them stretches or turns."""
    eye = torch.eye(2, device=points.device)
    return Keypoints(points.float(), eye.expand(*points.shape[:2], 2, 2))


def relative(
    portrait: Keypoints, driver: Keypoints, driver_first: Keypoints, scale: float = 1.0
) -> Keypoints:
    """Return the portrait's keypoints, changed as the driver's changed since its first frame.

    Args:
        portrait: (1 or B, K, ...).
        driver: (B, K, ...) the driver's frames.
        driver_first: (1 or B, K, ...) its first frame.
        scale: Size of the portrait's face divided by that of the driver's, in normalised coordinates.
    """
    points = portrait.points + scale * (driver.points - driver_first.points)
    change = compose(driver.jacobians, inverse_2x2(driver_first.jacobians))
    return Keypoints(points, compose(change, portrait.jacobians))


def heatmaps(scores: Tensor, temperature: float) -> Tensor:
    """Turn scores (B, K, h, w) into maps that each sum to 1, in float32."""
    return (scores.float().flatten(2) / temperature).softmax(-1).view(scores.shape)


def centres(heat: Tensor) -> Points:
    """Return the mean position (B, K, 2), normalised, of each heatmap (B, K, h, w) that sums to 1."""
    height, width = heat.shape[-2:]
    grid = identity_grid(height, width, heat)
    return (heat[..., None] * grid).sum((2, 3))


def widened(tensor: Tensor, batch: int) -> Tensor:
    """Repeat a tensor of one sample ``batch`` times, without copying."""
    return tensor if len(tensor) == batch else tensor.expand(batch, *tensor.shape[1:])


def check_points(config: MotionConfig, points: Points | None) -> None:
    """Refuse points if the network has no prior, and missing points if it has one."""
    if config.has_prior != (points is not None):
        came = "none" if points is None else "some"
        raise UsageError(
            f"expected points {'with' if config.has_prior else 'only with'} a prior, got {came}"
        )
    if points is not None and points.shape[1:] != (config.point_count, 2):
        raise UsageError(
            f"expected (batch, {config.point_count}, 2) points, got {tuple(points.shape)}"
        )
