from __future__ import annotations

import numpy as np
import pytest
import torch

from mien.errors import UsageError
from mien.recognition.net_folds import _groups, first_net, left_out_scores
from mien.recognition.nets import NetRecipe, net_scores

SHORT = NetRecipe(epochs=2, batch_size=16)


@pytest.fixture(scope="module")
def easy():
    """Four subjects, whose classes are a bright square at three places among noise."""
    rng = np.random.default_rng(3)
    label, fold = np.tile(np.arange(3), 8), np.repeat(np.arange(4), 6)
    flow = rng.integers(100, 140, (24, 28, 28, 3), dtype=np.uint8)
    for sample, name in zip(flow, label, strict=True):
        sample[4 + 8 * name : 8 + 8 * name, 12:16] = 250
    return flow, label, fold


@pytest.mark.parametrize(
    ("folds", "together", "threads", "sizes"),
    [
        (68, 8, 2, [7] * 8 + [6] * 2),
        (68, 8, 1, [8] * 5 + [7] * 4),
        (3, 8, 2, [2, 1]),
        (1, 8, 2, [1]),
    ],
)
def test_groups_keep_every_core_busy_to_the_end(folds, together, threads, sizes):
    recipe = NetRecipe(folds_together=together)
    groups = _groups(np.arange(folds), recipe, threads)
    assert [len(group) for group in groups] == sizes
    assert np.concatenate(groups).tolist() == list(range(folds))


def test_folds_that_share_no_work_are_on_their_own():
    groups = _groups(np.arange(5), NetRecipe(net="resnet18"), 2)
    assert [group.tolist() for group in groups] == [[0], [1], [2], [3], [4]]


def test_groups_on_two_cores_say_the_same_and_give_the_threads_back(easy):
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        two = left_out_scores(*easy, SHORT, 0)
        assert torch.get_num_threads() == 2
        torch.set_num_threads(1)
        one = left_out_scores(*easy, SHORT, 0)
    finally:
        torch.set_num_threads(before)
    assert np.abs(two - one).max() < 1e-3 and two.std() > 0.01


def test_a_seed_gives_the_same_scores_and_another_others(easy):
    first, again, other = (left_out_scores(*easy, SHORT, seed) for seed in (0, 0, 1))
    assert np.array_equal(first, again) and np.abs(first - other).max() > 1e-3


def test_a_leak_finds_something_in_nothing(easy):
    """Of pure noise nothing can be learnt, yet some epoch is always lucky; no subject's is worse than the last."""
    _, label, fold = easy
    noise = np.random.default_rng(0).integers(0, 256, (24, 28, 28, 3), dtype=np.uint8)
    recipe = NetRecipe(epochs=25, batch_size=8, learning_rate=3e-3, decay="none")
    fair = left_out_scores(noise, label, fold, recipe, 1).argmax(1) == label
    leaky = left_out_scores(noise, label, fold, recipe, 1, leak=True).argmax(1) == label
    each = [(leaky[fold == n].mean(), fair[fold == n].mean()) for n in range(4)]
    assert all(cheat >= honest for cheat, honest in each)
    assert leaky.mean() > fair.mean() + 0.1


def test_given_maps_reach_every_fold_and_have_no_scores(easy):
    flow, label, fold = easy
    # Alone nobody has a clip of class 2 to teach it by; given ones do.
    few = label != 2
    recipe = NetRecipe(epochs=30, batch_size=16)
    given = (flow[~few], label[~few])
    with_it = left_out_scores(flow[few], label[few], fold[few], recipe, 0, given)
    assert with_it.shape == (16, 3)
    alone = left_out_scores(flow[few], label[few], fold[few], recipe, 0)
    assert alone[:, 2].max() < alone[:, :2].max(1).min()
    assert with_it[:, 2].mean() != pytest.approx(alone[:, 2].mean(), abs=0.1)


def test_folds_begin_with_the_first_net(easy):
    """A net that knows the squares, and hardly learns further, already tells them apart."""
    flow, label, _ = easy
    first = first_net((flow, label), NetRecipe(epochs=40, batch_size=16), 0)
    assert (net_scores(first, flow, SHORT)[0].argmax(1) == label).mean() > 0.9
    slow = NetRecipe(epochs=1, batch_size=16, learning_rate=1e-6)
    begun = left_out_scores(*easy, slow, 0, first=first)
    fresh = left_out_scores(*easy, slow, 0)
    assert (begun.argmax(1) == label).mean() > 0.9 > (fresh.argmax(1) == label).mean()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"net": "resnet"}, "a net of ststnet, off-apexnet, sssnet or resnet18, got 'resnet'"),
        ({"epochs": 0}, "learning_rate above 0"),
        ({"learning_rate": 0.0}, "learning_rate above 0"),
    ],
)
def test_recipes_are_checked(change, says):
    with pytest.raises(UsageError, match=says):
        NetRecipe(**change)
