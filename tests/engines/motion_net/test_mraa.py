from __future__ import annotations

from pathlib import Path

import torch

from mien.engines.motion_net.mraa import MraaArticulation, MraaEngine
from mien.engines.motion_net.settings import MraaSettings
from mien.models.regions import covariance_root
from tests.engines.motion_net.nets import motion_weights

Parts = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def region(x: float, y: float, affine: list[list[float]]) -> Parts:
    """One region: its place, covariance and affine map."""
    linear = torch.tensor([[affine]])
    return torch.tensor([[[x, y]]]), linear @ linear.mT, linear


OWN = region(0.1, -0.2, [[0.3, 0.1], [-0.05, 0.2]])
POSE = region(0.4, 0.3, [[0.2, -0.15], [0.1, 0.4]])


def test_measured_maps_come_after_the_portrait_s_own() -> None:
    maps = torch.tensor([[[[1.1, 0.4], [-0.2, 0.9]]]])
    shift, covariance, affine = MraaArticulation(None).turned(OWN, POSE[0], maps)
    torch.testing.assert_close(shift, POSE[0])
    # [[1.1, 0.4], [-0.2, 0.9]] times [[0.3, 0.1], [-0.05, 0.2]], by hand.
    torch.testing.assert_close(affine[0, 0], torch.tensor([[0.31, 0.19], [-0.105, 0.16]]))
    torch.testing.assert_close(covariance, affine @ affine.mT)


def test_the_driver_s_change_comes_after_the_portrait_s_own(tmp_path: Path) -> None:
    weights = motion_weights(tmp_path / "w", "mraa", prior="none", root="symmetric")
    engine = MraaEngine(MraaSettings(weights=weights))
    first = region(0.0, 0.1, [[0.5, 0.2], [0.1, 0.3]])
    shift, covariance, affine = MraaArticulation(engine.net).relative(OWN, POSE, first)
    torch.testing.assert_close(shift[0, 0], torch.tensor([0.1 + 0.4, -0.2 + 0.2]))
    # Of the driver's regions only the covariances count, and of these the symmetric roots.
    now, before = (covariance_root(part[1], "symmetric") for part in (POSE, first))
    torch.testing.assert_close(affine, now @ torch.linalg.inv(before) @ OWN[2])
    torch.testing.assert_close(covariance, affine @ affine.mT)


def test_strength_multiplies_what_changes_of_places_and_maps() -> None:
    shift, covariance, affine = MraaArticulation(None).scaled(OWN, POSE, 2.0)
    torch.testing.assert_close(shift[0, 0], torch.tensor([0.7, 0.8]))
    torch.testing.assert_close(affine[0, 0], torch.tensor([[0.1, -0.4], [0.25, 0.6]]))
    torch.testing.assert_close(covariance, affine @ affine.mT)
