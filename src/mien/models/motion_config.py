"""What the motion-transfer networks' configurations have in common."""

from __future__ import annotations

from dataclasses import dataclass

from mien.errors import UsageError

SCALE = 4
"""Points and motion are found on a picture so many times smaller."""

PUBLISHED_POINTS = 10
"""Keypoints or regions that a network without a prior finds."""

PUBLISHED_PRIOR_POINTS = 18
"""Points of the published priors."""


@dataclass(frozen=True, kw_only=True)
class MotionConfig:
    """The shape of a motion-transfer network; `FommConfig` and `MraaConfig` add to it.

    Attributes:
        image_px: Side of the square picture, a multiple of ``4 * 2 ** hourglass_blocks``.
        points: Keypoints or regions; None for the published 10, or 18 with a prior.
        detector_width: Channels that the hourglass finding points doubles from.
        motion_width: Channels that the hourglass of the dense motion doubles from.
        max_width: At most so many channels in both.
        hourglass_blocks: Halvings in both.
        generator_width: The generator's channels at full size.
        generator_max_width: At most so many in it.
        generator_downs: The generator's halvings.
        generator_blocks: Residual blocks at its smallest size.
        temperature: The heatmaps are a softmax of scores divided by this.
        anchor: Each pixel begins by following the points around it, as far as this (normalised, a
            Gaussian's standard deviation), and learns from there; 0 as published: where the points are
            says nothing of the mixture before it is learned.
        mask_kernel: Side of the convolution that mixes; its cost grows with the square of the points.
    """

    image_px: int = 256
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
    mask_kernel: int = 7

    def __post_init__(self) -> None:
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
        unit = max(SCALE * 2**self.hourglass_blocks, 2**self.generator_downs)
        if self.image_px < unit or self.image_px % unit:
            raise UsageError(
                f"expected image_px as a multiple of {unit} for {self.hourglass_blocks} "
                f"hourglass_blocks and {self.generator_downs} generator_downs, got {self.image_px}"
            )

    @property
    def has_prior(self) -> bool:
        """Whether the points come from outside."""
        return getattr(self, "prior", "none") != "none"

    @property
    def point_count(self) -> int:
        """Keypoints or regions, also where `points` leaves that to what was published."""
        published = PUBLISHED_PRIOR_POINTS if self.has_prior else PUBLISHED_POINTS
        return published if self.points is None else self.points
