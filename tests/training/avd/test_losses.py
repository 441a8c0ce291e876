from __future__ import annotations

import torch

from mien.models.regions import Regions
from mien.training.avd.losses import mean_distance, region_losses, stretched


def region(shift: list[float], affine: list[list[float]]) -> Regions:
    """One region of one picture."""
    matrix = torch.tensor(affine)[None, None]
    return Regions(torch.tensor(shift)[None, None], matrix @ matrix.mT, matrix)


def test_a_stretch_by_hand():
    one = region([0.4, -0.2], [[0.1, 0.02], [0.0, 0.2]])
    made = stretched(one, torch.tensor([[1.2, 0.5]]))
    torch.testing.assert_close(made.shift, torch.tensor([[[0.48, -0.1]]]))
    # The rows are x and y of what the map makes: x grows by 1.2, y is halved.
    wanted = torch.tensor([[0.12, 0.024], [0.0, 0.1]])
    torch.testing.assert_close(made.affine[0, 0], wanted)
    torch.testing.assert_close(made.covariance[0, 0], wanted @ wanted.T)


def test_losses_by_hand():
    made = region([0.1, 0.3], [[0.2, 0.0], [0.0, 0.2]])
    wanted = region([0.4, -0.1], [[0.2, 0.1], [0.0, 0.1]])
    losses = region_losses(made, wanted)
    torch.testing.assert_close(losses["shift"], torch.tensor((0.3 + 0.4) / 2))
    torch.testing.assert_close(losses["affine"], torch.tensor((0.1 + 0.1) / 4))
    torch.testing.assert_close(mean_distance(made, wanted), torch.tensor(0.5))
