from __future__ import annotations

import torch

from mien.engines.motion_net.fomm import FommArticulation

# One point, and matrices of which no two commute.
OWN = torch.tensor([[[0.1, -0.2]]]), torch.tensor([[[[1.2, 0.5], [-0.3, 0.8]]]])
POSE = torch.tensor([[[0.4, 0.3]]]), torch.tensor([[[[0.7, -0.4], [0.1, 1.1]]]])


def test_measured_maps_come_after_the_portrait_s_own() -> None:
    maps = torch.tensor([[[[1.1, 0.4], [-0.2, 0.9]]]])
    points, jacobians = FommArticulation(None).turned(OWN, POSE[0], maps)
    torch.testing.assert_close(points, POSE[0])
    # [[1.1, 0.4], [-0.2, 0.9]] times [[1.2, 0.5], [-0.3, 0.8]], by hand.
    torch.testing.assert_close(jacobians[0, 0], torch.tensor([[1.2, 0.87], [-0.51, 0.62]]))


def test_the_driver_s_change_comes_after_the_portrait_s_own() -> None:
    first = torch.tensor([[[0.0, 0.1]]]), torch.tensor([[[[0.9, -0.6], [0.2, 1.3]]]])
    points, jacobians = FommArticulation(None).relative(OWN, POSE, first)
    torch.testing.assert_close(points[0, 0], torch.tensor([0.1 + 0.4, -0.2 + 0.2]))
    change = POSE[1] @ torch.linalg.inv(first[1])
    torch.testing.assert_close(jacobians, change @ OWN[1])


def test_strength_multiplies_what_changes_of_places_and_maps() -> None:
    points, jacobians = FommArticulation(None).scaled(OWN, POSE, 2.0)
    torch.testing.assert_close(points[0, 0], torch.tensor([0.7, 0.8]))
    torch.testing.assert_close(jacobians[0, 0], torch.tensor([[0.2, -1.3], [0.5, 1.4]]))
