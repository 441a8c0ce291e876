from __future__ import annotations

import math

import pytest
import torch

from mien.training.ulme_gan import losses


def picture(*values: float) -> torch.Tensor:
    """A (1, 3, 2, 2) picture, the same in all channels."""
    return torch.tensor(values, dtype=torch.float32).reshape(1, 1, 2, 2).expand(1, 3, 2, 2)


def test_wgan_by_hand():
    real, fake = torch.tensor([[3.0], [1.0]]), torch.tensor([[0.5], [-0.5]])
    assert losses.critic_distance(real, fake) == -2
    assert losses.realness_of_fakes(torch.tensor([[3.0], [1.0]])) == -2


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_gradient_penalty_by_hand(reduction):
    # score = sum of w * x has the gradient w everywhere: |w| = 5 for w = 3 and 4 in two pixels.
    weight = torch.zeros(3, 2, 2)
    weight[0, 0, 0], weight[1, 1, 1] = 3, 4
    real, fake = torch.rand(2, 3, 2, 2), torch.rand(2, 3, 2, 2)
    found = losses.gradient_penalty(
        lambda x: (x * weight).sum((1, 2, 3)), real, fake, torch.rand(2, 1, 1, 1), reduction
    )
    assert found.item() == pytest.approx((5 - 1) ** 2)


def test_gradient_penalty_is_taken_between_the_pictures_and_of_each():
    # score = |x|^2 / 2 has the gradient x: at the share 0.25, x = 0.25 * real + 0.75 * fake.
    real, fake = torch.zeros(2, 3, 1, 1), torch.zeros(2, 3, 1, 1)
    real[0, 0], fake[0, 0], fake[1, 1] = 8, 4, 2  # norms 2 + 3 = 5, and 0.5 * 2 = 1
    share = torch.tensor([0.25, 0.5]).reshape(2, 1, 1, 1)
    found = losses.gradient_penalty(
        lambda x: x.square().sum((1, 2, 3)) / 2, real, fake, share, "sum"
    )
    assert found.item() == pytest.approx(((5 - 1) ** 2 + (1 - 1) ** 2) / 2)


@pytest.mark.parametrize(("reduction", "slope"), [("sum", 8), ("mean", 4)])
def test_gradient_penalty_of_a_critic_with_several_scores(reduction, slope):
    # Scores 3 x and 5 x of each picture have the sum 8 x and the mean 4 x.
    both = torch.tensor([3.0, 5.0]).reshape(1, 2, 1, 1)
    real, fake = torch.rand(2, 3, 1, 1), torch.rand(2, 3, 1, 1)
    share = torch.rand(2, 1, 1, 1)
    found = losses.gradient_penalty(lambda x: both * x[:, :1], real, fake, share, reduction)
    assert found.item() == pytest.approx((slope - 1) ** 2, rel=1e-5)


def test_gradient_penalty_of_a_linear_critic_with_four_patches():
    # Each 2x2 patch scores 0.5 times the sum of its own 4 pixels of the red channel. The gradient
    # of the sum is 0.5 in 16 pixels, of length 2; that of the mean is a quarter of it.
    def score(x):
        return 2 * torch.nn.functional.avg_pool2d(x[:, :1], 2)

    real, fake = torch.rand(3, 3, 4, 4), torch.rand(3, 3, 4, 4)
    share = torch.rand(3, 1, 1, 1)
    for reduction, length in (("sum", 2.0), ("mean", 0.5)):
        found = losses.gradient_penalty(score, real, fake, share, reduction)
        assert found.item() == pytest.approx((length - 1) ** 2, rel=1e-5)


def test_gradient_penalty_teaches_the_critic():
    scale = torch.tensor(3.0, requires_grad=True)
    ones = torch.ones(1, 3, 1, 1) / math.sqrt(3)
    losses.gradient_penalty(
        lambda x: scale * (x * ones).sum((1, 2, 3)), ones, -ones, torch.rand(1, 1, 1, 1), "sum"
    ).backward()
    assert scale.grad is not None
    assert scale.grad.item() == pytest.approx(2 * (3 - 1), rel=1e-5)


def test_simple_losses_by_hand():
    read, wanted = torch.tensor([[0.5, 0.0]]), torch.tensor([[0.1, 0.2]])
    assert losses.au_regression(read, wanted).item() == pytest.approx((0.16 + 0.04) / 2)
    assert losses.cycle_l1(picture(1, 1, 1, 1), picture(1, 0, 1, 3)).item() == 0.75
    assert losses.attention_mean(torch.tensor([1.0, 0.5]).reshape(2, 1, 1, 1)).item() == 0.75


def test_total_variation_by_hand():
    maps = torch.tensor([[0.0, 1.0], [2.0, 5.0]]).reshape(1, 1, 2, 2)
    # down: 2 and 4, right: 1 and 3
    assert losses.total_variation(maps).item() == 2 * ((4 + 16) / 2 + (1 + 9) / 2)


def test_one_scale_of_the_pair_loss_by_hand():
    source, target = picture(0, 0, 0, 0), picture(0.4, 0, 0, 0)
    # Mean change 0.1, so the moved pixel is fully moved and counts 1 + 4 times; two of the four
    # differences (down and right) see it.
    found = losses._distance(source, target, source).item()
    assert found == pytest.approx((1 + 4) * 0.4 / 4 + 0.4 / 2 + 0.4 / 2)


def test_pair_loss_by_hand():
    source, target = torch.zeros(1, 3, 4, 4), torch.zeros(1, 3, 4, 4)
    target[..., 0, 0] = 0.8
    # Mean change 0.05. Full scale: the pixel counts 5 times, 2 of 24 differences see it. Half scale:
    # a pixel of 0.2 in 2x2, its mean change 0.05, so it is fully moved too.
    full = 5 * 0.8 / 16 + 2 * 0.8 / 12
    half = 5 * 0.2 / 4 + 2 * 0.2 / 2
    assert losses.pair_loss(source, target, source).item() == pytest.approx((full + half) / 0.05)


def test_a_faint_pair_counts_as_much_as_a_strong_one():
    source = torch.zeros(1, 3, 8, 8)
    shape = torch.rand(1, 3, 8, 8)
    faint, strong = (losses.pair_loss(source, k * shape, source).item() for k in (0.02, 0.4))
    assert faint == pytest.approx(strong, rel=1e-4)
    assert losses.pair_loss(shape, shape, source) == 0


def test_each_pair_has_its_own_scale():
    torch.manual_seed(0)
    source = torch.rand(3, 3, 8, 8)
    target = source + torch.tensor([0.01, 0.1, 0.5])[:, None, None, None] * torch.rand(3, 3, 8, 8)
    output = torch.rand(3, 3, 8, 8)
    alone = [
        losses.pair_loss(output[k : k + 1], target[k : k + 1], source[k : k + 1]).item()
        for k in range(3)
    ]
    together = losses.pair_loss(output, target, source).item()
    assert together == pytest.approx(sum(alone) / 3, rel=1e-5)
    each = losses._distance(output, target, source)
    for k in range(3):
        one = losses._distance(output[k : k + 1], target[k : k + 1], source[k : k + 1])
        assert each[k].item() == pytest.approx(one.item(), rel=1e-5)


def test_an_unmoved_pair_asks_that_nothing_moves():
    source = torch.rand(1, 3, 8, 8)
    assert losses.pair_loss(source, source, source) == 0
    assert losses.pair_loss(source + 0.01, source, source).item() == pytest.approx(
        2 * 0.01 / losses.SMALLEST_CHANGE, rel=1e-3
    )


def test_mask_and_repainting_by_hand():
    source, target = torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 8)
    target[0, 1, 2, 2], target[0, 0, 6, 6] = 0.5, losses.VISIBLE_CHANGE / 2
    mask = losses.moved_mask(target, source)
    assert (mask[0, 0, 2, 2], mask[0, 0, 6, 6]) == (1, 0.5)
    assert mask.sum() == 1.5  # no margin at 8 px
    quarter = torch.full((1, 1, 8, 8), 0.25)  # repaints 0.75 of every pixel
    repainted = 1.5 * math.log(0.75) + (64 - 1.5) * math.log(0.25)
    assert losses.repaint_loss(quarter, mask).item() == pytest.approx(-repainted / 64, rel=1e-5)


def test_the_mask_s_margin_grows_with_the_width():
    # 128 wide: 5 x 5 around a moved pixel; three at the corner. Grey that stays is no motion.
    source = torch.full((1, 3, 64, 128), 0.3)
    target = source.clone()
    target[0, 0, 20, 50] = target[0, 2, 0, 127] = 0.5
    mask = losses.moved_mask(target, source)[0, 0]
    assert mask.shape == (64, 128)
    assert mask[18:23, 48:53].min() == 1
    assert mask[:3, 125:].min() == 1
    assert mask.sum() == 5 * 5 + 3 * 3


def test_full_certainty_costs_no_more_than_the_logarithm_of_a_millionth():
    one = torch.ones(1, 1, 2, 2)
    for kept, moves in ((1, 1), (0, 0)):  # keeps what moves; repaints what does not
        found = losses.repaint_loss(kept * one, moves * one)
        assert found.item() == pytest.approx(-math.log(1e-6), abs=0.1)
    for kept, moves in ((1, 0), (0, 1)):
        assert losses.repaint_loss(kept * one, moves * one).item() == pytest.approx(0, abs=1e-5)


def test_colours_count_where_something_moves():
    mask = torch.zeros(1, 1, 4, 4)
    mask[..., 0, :2] = 1
    target, colour = torch.zeros(1, 3, 4, 4), torch.ones(1, 3, 4, 4)
    colour[..., 0, 0] = 0.5
    assert losses.colour_loss(colour, target, mask).item() == pytest.approx(0.75)
    assert losses.colour_loss(colour, target, torch.zeros(1, 1, 4, 4)) == 0
    # Half a pixel that is 0.2 off in all three channels.
    half = torch.zeros(1, 1, 4, 4)
    half[..., 3, 3] = 0.5
    target[..., 3, 3] = 0.8
    assert losses.colour_loss(colour, target, half).item() == pytest.approx(0.2)
