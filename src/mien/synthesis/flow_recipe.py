"""How flow maps are generated from the rig: every constant in one place.

Lengths are centimetres on the face, so that a crop's size in pixels plays no part. A pair is the range of a uniform
draw, unless its name says that it is a lognormal's median and spread.
"""

from __future__ import annotations

from dataclasses import dataclass

from mien.errors import UsageError

Range = tuple[float, float]

CLASS_OF_EMOTION = {
    "anger": 0,
    "contempt": 0,
    "disgust": 0,
    "fear": 0,
    "sadness": 0,
    "happiness": 1,
    "surprise": 2,
}
"""MEGC2019's classes: 0 negative, 1 positive, 2 surprise. "others" has none and is never drawn."""

SEEN_DATASETS = ("CAS(ME)3", "DFME")
"""Whose codes are drawn. None of the composite's: no code of a clip that is tested may be seen."""


@dataclass(frozen=True, kw_only=True)
class RigFlowRecipe:
    """How flow maps are generated.

    Raises:
        UsageError: a data set whose clips are tested, or a number out of its range.
    """

    datasets: tuple[str, ...] = SEEN_DATASETS
    """Whose counted AU combinations are drawn, each clip equally likely within its class."""

    faces: int = 96
    """Faces in the bank, each with a pose and a crop of its own; every sample is one of them or its mirror image."""

    grid: int = 56
    """Side of the dense flow, pixels, before it is brought to 28."""

    identity_spread: float = 1.0
    """Standard deviation of the identity modes' weights."""

    turn_degrees: tuple[float, float, float] = (7.0, 6.0, 2.0)
    """Standard deviations of pitch, yaw and roll."""

    eye_distance_share: Range = (0.44, 0.6)
    """Distance of the eyes' middles over the crop's width."""

    eye_row_share: Range = (0.21, 0.31)
    """Where the eyes lie between the crop's top and bottom."""

    crop_height: Range = (1.1, 1.4)
    """The crop's height over its width, centimetres, before both become 28 pixels."""

    crop_shift_cm: float = 0.22
    """Standard deviation of how far the face lies beside the crop's middle."""

    smear_cm: Range = (0.3, 0.6)
    """Width of the Gaussian that carries the vertices' motion to the pixels between."""

    person_spread: float = 0.43
    """Lognormal spread of each face's own size of each shape; faces move differently."""

    cheek_with_smile: Range = (0.0, 0.6)
    """Share of the lip corner's intensity (AU12) with which the cheek above it (AU6) is pushed up, coded or not."""

    strength: tuple[float, float] = (0.98, 0.34)
    """Median and lognormal spread of a sample's motion beside its intensity: how much of it flow followed."""

    side_spread: float = 0.25
    """Lognormal spread of one side's intensity against the other's."""

    still_share: Range = (0.14, 0.89)
    """Motion of this share of the strongest is half lost, and less of it more: flow loses faint motion."""

    gaps: Range = (0.1, 0.5)
    """Lognormal spread of how much of the skin's motion flow follows from place to place."""

    head_cm: tuple[float, float] = (0.07, 0.55)
    """Median and lognormal spread of the head's motion left after alignment, RMS over the crop."""

    ground_still: float = 0.35
    """How often what lies beyond the head stays when the head moves."""

    blink_chance: float = 0.4
    """How often the lids move by themselves."""

    blink_cm: float = 0.41
    """Standard deviation of how far they go then, up or down."""

    gaze_chance: float = 0.14
    """How often the eyes turn."""

    gaze_cm: float = 0.15
    """Standard deviation of how far the irises go then."""

    noise_cm: tuple[float, float] = (0.01, 1.7)
    """Median and lognormal spread of the RMS of the flow's errors."""

    noise_slope: Range = (2.0, 3.0)
    """Exponent at which the errors' amplitude falls with spatial frequency."""

    noise_corner: Range = (0.98, 7.2)
    """Cycles over the crop up to which it does not fall."""

    noise_patchiness: Range = (0.15, 1.7)
    """Lognormal spread of the errors' size from place to place: skin without texture misleads flow in patches."""

    noise_plain: Range = (0.05, 0.8)
    """Size of the errors on plain skin, 1 being their size at the lids."""

    part_cm: tuple[float, float] = (0.017, 0.31)
    """Median and lognormal spread of the RMS of errors that keep a part of the face together."""

    part_spread: float = 1.8
    """Lognormal spread of one part's error against another's."""

    part_blur_cm: Range = (0.21, 0.76)
    """How softly parts end: of the Gaussian around each of a part's vertices."""

    steps: Range = (0.0, 0.95)
    """How far flow goes in steps, 0 to 1: total variation prefers flat places with an edge between them."""

    step_size: Range = (0.26, 2.0)
    """Height of a step over the flow's standard deviation."""

    grain: Range = (0.037, 1.1)
    """Lognormal spread of the strain's size from pixel to pixel: derivatives show what the grid does not hold."""

    floor: tuple[float, float] = (0.2, 0.91)
    """Median and lognormal spread of the finest noise's strain, as a share of the strain's RMS."""

    patches: float = 0.78
    """Mean number of small patches where flow went astray."""

    patch_cm: Range = (0.18, 1.2)
    """Width of such a patch."""

    patch_size: tuple[float, float] = (0.08, 0.8)
    """Median and lognormal spread of a patch's motion, centimetres."""

    hair_chance: float = 0.34
    """How often hair or the crop's edge at the top moves by itself."""

    hair_cm: float = 0.05
    """Standard deviation of its motion."""

    def __post_init__(self) -> None:
        strange = set(self.datasets) - set(SEEN_DATASETS)
        if strange or not self.datasets:
            raise UsageError(
                f"expected codes of {' and '.join(SEEN_DATASETS)} alone, got "
                f"{', '.join(sorted(strange)) or 'none'}: others' clips are tested on"
            )
        if self.faces < 1 or self.grid < 28:
            raise UsageError(
                f"expected 1 face or more and a grid of 28 pixels or more, got {self.faces} and "
                f"{self.grid}"
            )
