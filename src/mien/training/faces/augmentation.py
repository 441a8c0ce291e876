"""Settings of augmentation: how the faces of a batch are varied."""

from __future__ import annotations

from dataclasses import dataclass, fields

from mien.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How the faces of a batch are varied; 0 switches a variation off.

    Attributes:
        mirror: Share of the samples that are mirrored.
        gain: Largest relative change of a picture's contrast about mid-grey.
        tint: Largest relative change of the contrast of each colour channel.
        shift: Largest change of a picture's brightness, on the scale [-1, 1].
    """

    mirror: float = 0.5
    gain: float = 0.0
    tint: float = 0.0
    shift: float = 0.0

    def __post_init__(self) -> None:
        for part in fields(self):
            value = getattr(self, part.name)
            if not 0 <= value <= 1:
                raise UsageError(f"expected augmentation.{part.name} in [0, 1], got {value}")

    @property
    def has_light(self) -> bool:
        """Whether the light changes (`mien.training.faces.light.other_light`)."""
        return max(self.gain, self.tint, self.shift) > 0


OUR_LIGHT = {"gain": 0.2, "tint": 0.06, "shift": 0.15}
"""The change of light in our own recipes."""
