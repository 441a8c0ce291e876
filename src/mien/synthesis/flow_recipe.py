"""Constants for generating flow maps from the rig, all in one place.

Lengths are centimetres on the face, independent of the crop's size in pixels. A pair is the range
of a uniform draw, unless its text says that it is a lognormal's median and spread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mien.datasets.names import SEEN_DATASETS
from mien.errors import UsageError

Range: TypeAlias = tuple[float, float]
"""Least and largest value of a uniform draw."""


@dataclass(frozen=True, kw_only=True)
class RigFlowRecipe:
    """How flow maps are generated.

    Raises:
        UsageError: A data set whose clips are tested, or a number out of its range.
    """

    datasets: tuple[str, ...] = SEEN_DATASETS
    """Data sets whose AU combinations are drawn; within a class every coded clip is equally likely."""

    faces: int = 96
    """Number of faces in the bank, each with its own pose and crop."""

    grid: int = 56
    """Side of the dense flow, pixels, before it is reduced to 28."""

    identity_spread: float = 1.0
    """Standard deviation of the identity modes' weights."""

    turn_degrees: tuple[float, float, float] = (7.0, 6.0, 2.0)
    """Standard deviations of pitch, yaw and roll."""

    eye_distance_share: Range = (0.44, 0.6)
    """Distance between the eyes' middles over the crop's width."""

    eye_row_share: Range = (0.21, 0.31)
    """Height of the eyes in the crop, 0 at the top and 1 at the bottom."""

    crop_height: Range = (1.1, 1.4)
    """The crop's height over its width, before both become 28 pixels."""

    crop_shift_cm: float = 0.22
    """Standard deviation of the horizontal distance from the face to the crop's middle."""

    smear_cm: Range = (0.3, 0.6)
    """Width of the Gaussian that carries the vertices' motion to the pixels between them."""

    person_spread: float = 0.43
    """Lognormal spread of the size of each shape from face to face."""

    cheek_with_smile: Range = (0.0, 0.6)
    """Least intensity of AU6 as a share of AU12's on the same side, whether AU6 is coded or not."""

    strength: tuple[float, float] = (0.98, 0.34)
    """Median and lognormal spread of the share of a sample's motion that flow follows."""

    side_spread: float = 0.25
    """Lognormal spread of each side's intensity."""

    still_share: Range = (0.14, 0.89)
    """Motion of this share of the strongest is halved, and weaker motion is reduced more."""

    gaps: Range = (0.1, 0.5)
    """Lognormal spread, from place to place, of how much of the skin's motion flow follows."""

    head_cm: tuple[float, float] = (0.07, 0.55)
    """Median and lognormal spread of the head motion left after alignment, RMS over the crop."""

    ground_still: float = 0.35
    """Probability that the background stays when the head moves."""

    blink_chance: float = 0.4
    """Probability that the lids move by themselves."""

    blink_cm: float = 0.41
    """Standard deviation of the vertical motion of lids that move by themselves."""

    gaze_chance: float = 0.14
    """Probability that the eyes turn."""

    gaze_cm: float = 0.15
    """Standard deviation of the irises' motion when the eyes turn."""

    noise_cm: tuple[float, float] = (0.01, 1.7)
    """Median and lognormal spread of the RMS of the flow's errors."""

    noise_slope: Range = (2.0, 3.0)
    """Exponent with which the errors' amplitude falls with spatial frequency."""

    noise_corner: Range = (0.98, 7.2)
    """Spatial frequency, cycles per crop, from which the errors' amplitude begins to fall."""

    noise_patchiness: Range = (0.15, 1.7)
    """Lognormal spread of the errors' size from place to place, since patches of skin lack texture."""

    noise_plain: Range = (0.05, 0.8)
    """Size of the errors on plain skin; at the lids it is 1."""

    part_cm: tuple[float, float] = (0.017, 0.31)
    """Median and lognormal spread of the RMS of errors that are equal within a part of the face."""

    part_spread: float = 1.8
    """Lognormal spread of the errors' size from part to part."""

    part_blur_cm: Range = (0.21, 0.76)
    """Width of the Gaussian around a part's vertices, which makes the parts' edges soft."""

    steps: Range = (0.0, 0.95)
    """How stepped flow is, 0 to 1: total variation prefers flat regions with edges between them."""

    step_size: Range = (0.26, 2.0)
    """Height of a step over the flow's standard deviation."""

    grain: Range = (0.037, 1.1)
    """Lognormal spread of the strain's size from pixel to pixel, finer than the grid resolves."""

    floor: tuple[float, float] = (0.2, 0.91)
    """Median and lognormal spread of the strain of pixel noise, as a share of the strain's RMS."""

    patches: float = 0.78
    """Mean number of small patches in which flow is wrong."""

    patch_cm: Range = (0.18, 1.2)
    """Width of a patch."""

    patch_size: tuple[float, float] = (0.08, 0.8)
    """Median and lognormal spread of a patch's motion, centimetres."""

    hair_chance: float = 0.34
    """Probability that hair, or the crop's upper edge, moves by itself."""

    hair_cm: float = 0.05
    """Standard deviation of the motion of hair, or of the crop's upper edge."""

    def __post_init__(self) -> None:
        strange = set(self.datasets) - set(SEEN_DATASETS)
        if strange or not self.datasets:
            raise UsageError(
                f"expected codes of {' and '.join(SEEN_DATASETS)} only, got "
                f"{', '.join(sorted(strange)) or 'none'}: clips of other data sets are tested on"
            )
        if self.faces < 1 or self.grid < 28:
            raise UsageError(
                f"expected 1 face or more and a grid of 28 pixels or more, got {self.faces} and "
                f"{self.grid}"
            )
