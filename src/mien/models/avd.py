"""Animation via disentanglement (AVD): regions with the portrait's shape and the driver's pose.

After Siarohin et al., "Motion Representations for Articulated Animation" (CVPR 2021). There it is trained after the
other networks, on regions alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from mien.errors import UsageError
from mien.models.config_checks import check_config
from mien.models.conventions import CONVENTIONS, Conventions
from mien.models.regions import Regions, is_turned
from mien.models.warping import compose, inverse_2x2

_NUMBERS = 6  # per region: two for its place, four for its affine map


@dataclass(frozen=True, kw_only=True)
class AvdConfig:
    """Config of AVD. The defaults are the published ones.

    Attributes:
        points: Number of regions.
        identity_size: Size of the code of the portrait's shape.
        pose_size: Size of the code of the driver's pose.
        widths: Hidden layers of the encoders; those of the decoder are in reverse order.
        conventions: Conventions of the MRAA network whose regions it maps, a key of
            `mien.models.conventions.CONVENTIONS`.

    Raises:
        UsageError: A value out of its range.
    """

    points: int = 10
    identity_size: int = 64
    pose_size: int = 64
    widths: tuple[int, ...] = (256, 512, 1024)
    conventions: str = "mien"

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))
        check_config(self)
        sizes = (self.points, self.identity_size, self.pose_size, *self.widths)
        if min(sizes) < 1 or not self.widths:
            raise UsageError(f"expected points, sizes and widths of at least 1, got {sizes}")
        if self.conventions not in CONVENTIONS:
            raise UsageError(
                f"expected conventions {', '.join(CONVENTIONS)}, got {self.conventions!r}"
            )

    @property
    def how(self) -> Conventions:
        """How the network counts coordinates and samples pictures."""
        return CONVENTIONS[self.conventions]


class Avd(nn.Module):
    """Map the regions of portrait and driver to the portrait's regions in the driver's pose."""

    def __init__(self, config: AvdConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or AvdConfig()
        size = _NUMBERS * config.points
        self.identity = _mlp((size, *config.widths, config.identity_size))
        self.pose = _mlp((size, *config.widths, config.pose_size))
        both = config.identity_size + config.pose_size
        self.decoder = _mlp((both, *config.widths[::-1], size))

    def forward(self, portrait: Regions, driver: Regions) -> Regions:
        """Return the portrait's regions (B, K, ...) in the driver's pose; both arguments have the same B and K."""
        linear = compose(portrait.affine, inverse_2x2(driver.affine))
        # Principal axes have no sign: give the portrait's the sign of the driver's.
        affine = torch.where(is_turned(linear, self.config.how), -portrait.affine, portrait.affine)
        identity = self.identity(_numbers(portrait.shift, affine))
        pose = self.pose(_numbers(driver.shift, driver.affine))
        out = self.decoder(torch.cat([pose, identity], 1)).float().unflatten(1, (-1, _NUMBERS))
        made = out[..., 2:].unflatten(-1, (2, 2))
        return Regions(out[..., :2], compose(made, made.transpose(-1, -2)), made)


def _numbers(shift: Tensor, affine: Tensor) -> Tensor:
    return torch.cat([shift, affine.flatten(2)], -1).flatten(1)


def _mlp(sizes: tuple[int, ...]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes[:-1]):
        layers += [nn.Linear(before, after), nn.BatchNorm1d(after), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))
