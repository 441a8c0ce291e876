from __future__ import annotations

import math

import pytest
import torch

from mien.training.ulme_gan.flow_losses import (
    colour_weight,
    flow_agreement,
    flow_loss,
    paint_loss,
    unexplained_mask,
)


def test_flow_loss_by_hand() -> None:
    target = torch.zeros(1, 2, 4, 4)
    target[:, 0] = 2.0
    drawn = torch.zeros(1, 1, 4, 4)
    assert flow_loss(target, target, drawn) == 0
    # Everything moves by 2, a quarter of what gets the full weight: 1 + 4 / 4 = 2 times the error of 1, over 2.
    assert flow_loss(target - 1, target, drawn) == pytest.approx((2 * 1 + 2 * 1) / 2)
    # Half of it does not count: the mean length halves, the rest weighs 1 + 4 * 2 / 4 = 3; one border of error 1 in
    # three rows of neighbours, for x and y.
    drawn[..., 2:, :] = 1
    assert flow_loss(target - 1, target, drawn) == pytest.approx((3 * 2 / 2 + 2 / 3) / 1)


def test_a_faint_motion_counts_as_much_as_a_strong_one() -> None:
    target, drawn = torch.rand(1, 2, 4, 4) + 1, torch.zeros(1, 1, 4, 4)
    strong = flow_loss(0.5 * target, target, drawn)
    assert flow_loss(0.05 * target, 0.1 * target, drawn) == pytest.approx(float(strong))


def test_texture_is_not_painted_but_shading_is() -> None:
    moved = torch.zeros(1, 3, 12, 12)
    checks = 0.3 * ((torch.arange(12)[:, None] + torch.arange(12)) % 2 * 2.0 - 1)
    assert unexplained_mask(moved + checks, moved).max() < 0.25
    assert unexplained_mask(moved + 0.05, moved) == pytest.approx(torch.full((1, 1, 12, 12), 0.5))
    assert unexplained_mask(moved - 0.5, moved).min() == 1


def test_what_has_to_be_painted_counts_five_times() -> None:
    attention, mask = torch.full((1, 1, 2, 2), 0.5), torch.zeros(1, 1, 2, 2)
    mask[..., 0, 0] = 1
    assert paint_loss(attention, mask) == pytest.approx(math.log(2) * (5 + 3) / 4)
    assert paint_loss(1 - mask, mask) < 1e-4


def test_what_is_drawn_counts_more_than_shading() -> None:
    mask, drawn = torch.tensor([0, 0.5, 1, 1]), torch.tensor([1, 0, 0, 0.5])
    shape = (1, 1, 2, 2)
    weight = colour_weight(mask.reshape(shape), drawn.reshape(shape))
    assert weight.flatten().tolist() == [0, 0.5, 1, 5.5]


def test_agreement_by_hand() -> None:
    target = torch.zeros(2, 2, 2, 2)
    target[:, 0] = 1.0
    flow = torch.stack([0.5 * target[0], target[1].flip(0)])  # half as far; at a right angle
    cosine, amplitude = flow_agreement(flow, target, torch.zeros(2, 1, 2, 2))
    assert cosine.tolist() == pytest.approx([1, 0]) and amplitude.tolist() == pytest.approx(
        [0.5, 0]
    )
