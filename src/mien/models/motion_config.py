"""The config that all motion-transfer networks share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mien.errors import UsageError
from mien.face.square import SQUARE_CM, SquareSize
from mien.models.config_checks import check_config
from mien.models.conventions import CONVENTIONS, Conventions

PUBLISHED_POINTS = 10
"""Number of keypoints or regions that a network without a prior finds, as published."""

PUBLISHED_PRIOR_POINTS = 18
"""Number of points of the published priors."""


@dataclass(frozen=True, kw_only=True)
class MotionConfig:
    """Config of a motion-transfer network; `FommConfig` and `MraaConfig` extend it.

    Attributes:
        image_px: Side of the square picture, a multiple of ``scale * 2 ** hourglass_blocks``.
        scale: Factor by which the picture is downsampled to find points and motion.
        points: Number of keypoints or regions; None for the published 10, or 18 with a prior.
        detector_width: Channels at full size of the hourglass that finds points; they double.
        motion_width: Channels at full size of the dense motion's hourglass; they double.
        max_width: Largest number of channels in both hourglasses.
        hourglass_blocks: Number of halvings in both hourglasses.
        generator_width: Channels of the generator at full size; they double.
        generator_max_width: Largest number of channels in the generator.
        generator_downs: Number of halvings in the generator.
        generator_blocks: Number of residual blocks at the generator's smallest size.
        temperature: The heatmaps are a softmax of scores divided by this.
        anchor: Standard deviation (normalised) of the Gaussian with which a new network weights the points around each
            pixel. 0, as published: the mixture is learned from random weights.
        modes: Number of motion modes, which are mixtures of the motions of all points; the network adds them where they
            are needed. 0, as published: a pixel follows a weighted mean of the points' motions.
        guided: Whether the hourglass that finds the dense motion also gets the prior's map.
        measured_maps: Whether the linear maps around points are given, as measured on the driver
            (`mien.face.local_maps`). If not, they come from the network, as published.
        mask_kernel: Side of the convolution that gives the mixture. The cost of this convolution grows with the square
            of the number of points.
        prior: The facial prior; with ``none`` the network finds its own points.
        conventions: How coordinates are counted and pictures sampled, a key of
            `mien.models.conventions.CONVENTIONS`.
        square_cm: Side of the square around a face that the network gets, canonical centimetres.
        square_down_cm: How far the square's middle lies below the face's, canonical centimetres.

    Raises:
        UsageError: A value out of its range, or values that do not fit together.
    """

    image_px: int = 256
    scale: int = 4
    points: int | None = None
    detector_width: int = 32
    motion_width: int = 64
    max_width: int = 1024
    hourglass_blocks: int = 5
    generator_width: int = 64
    generator_max_width: int = 512
    generator_downs: int = 2
    generator_blocks: int = 6
    temperature: float = 0.1
    anchor: float = 0.0
    modes: int = 0
    guided: bool = False
    measured_maps: bool = False
    mask_kernel: int = 7
    prior: str = "none"
    conventions: str = "mien"
    square_cm: float = SQUARE_CM
    square_down_cm: float = 0.0

    def __post_init__(self) -> None:
        check_config(self)
        counts = {
            name: getattr(self, name)
            for name in (
                *("detector_width", "motion_width", "max_width", "hourglass_blocks"),
                *("generator_width", "generator_max_width", "generator_downs", "generator_blocks"),
            )
        }
        for name, count in counts.items():
            if count < 1:
                raise UsageError(f"expected {name} of at least 1, got {count}")
        if self.points is not None and self.points < 1:
            raise UsageError(f"expected at least 1 point, got {self.points}")
        if not 0 <= self.anchor < float("inf"):
            raise UsageError(f"expected an anchor of at least 0, got {self.anchor}")
        if self.mask_kernel < 1 or not self.mask_kernel % 2:
            raise UsageError(f"expected an odd mask_kernel, got {self.mask_kernel}")
        if not self.temperature > 0:
            raise UsageError(f"expected a temperature over 0, got {self.temperature}")
        if self.conventions not in CONVENTIONS:
            raise UsageError(
                f"expected conventions {', '.join(CONVENTIONS)}, got {self.conventions!r}"
            )
        if not 0 < self.square_cm < float("inf"):
            raise UsageError(f"expected a square_cm over 0, got {self.square_cm}")
        if not np.isfinite(self.square_down_cm):
            raise UsageError(f"expected a finite square_down_cm, got {self.square_down_cm}")
        if self.scale != 1 and (self.scale < 1 or self.scale % 2):
            raise UsageError(f"expected scale 1 or an even number, got {self.scale}")
        if self.modes < 0:
            raise UsageError(f"expected modes of at least 0, got {self.modes}")
        if (self.guided or self.measured_maps) and not self.has_prior:
            raise UsageError("expected a prior with guided or measured_maps, got none")
        unit = max(self.scale * 2**self.hourglass_blocks, 2**self.generator_downs)
        if self.image_px < unit or self.image_px % unit:
            raise UsageError(
                f"expected image_px as a multiple of {unit} for {self.hourglass_blocks} "
                f"hourglass_blocks and {self.generator_downs} generator_downs, got {self.image_px}"
            )

    @property
    def how(self) -> Conventions:
        """How the network counts coordinates and samples pictures."""
        return CONVENTIONS[self.conventions]

    @property
    def square(self) -> SquareSize:
        """The square around a face that the network gets."""
        return SquareSize(self.square_cm, self.square_down_cm)

    @property
    def has_prior(self) -> bool:
        """Whether the points are given rather than found."""
        return self.prior != "none"

    @property
    def point_count(self) -> int:
        """Number of keypoints or regions; the published number if `points` is None."""
        published = PUBLISHED_PRIOR_POINTS if self.has_prior else PUBLISHED_POINTS
        return published if self.points is None else self.points
