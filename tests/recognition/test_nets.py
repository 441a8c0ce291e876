from __future__ import annotations

import numpy as np
import pytest
import torch

from mien.recognition.kernel import KernelRecipe, kernel_left_out_scores
from mien.recognition.net_folds import left_out_scores
from mien.recognition.nets import NetRecipe


@pytest.fixture(scope="module")
def easy():
    """Six subjects, whose classes are a bright square at three places among noise."""
    rng = np.random.default_rng(1)
    label, fold = np.tile(np.arange(3), 12), np.repeat(np.arange(6), 6)
    flow = rng.integers(100, 140, (36, 28, 28, 3), dtype=np.uint8)
    for sample, name in zip(flow, label, strict=True):
        sample[4 + 8 * name : 8 + 8 * name, 12:16] = 250
    return flow, label, fold


def test_folds_together_are_folds_alone(easy):
    torch.manual_seed(0)
    together = left_out_scores(*easy, NetRecipe(epochs=3, batch_size=16, folds_together=6), 1)
    alone = left_out_scores(*easy, NetRecipe(epochs=3, batch_size=16, folds_together=1), 1)
    assert np.abs(together - alone).max() < 1e-3
    assert np.abs(together).max() > 0.1


@pytest.mark.parametrize("change", ["label", "flow"])
def test_nothing_of_the_test_subject_is_learnt(easy, change):
    flow, label, fold = (array.copy() for array in easy)
    recipe = NetRecipe(epochs=2, batch_size=16, folds_together=6)
    before = left_out_scores(flow, label, fold, recipe, 0)
    by_kernel = kernel_left_out_scores(flow, label, fold, KernelRecipe())
    first = np.flatnonzero(fold == 0)
    if change == "label":
        label[first] = (label[first] + 1) % 3
        seen = first
        after = kernel_left_out_scores(flow, label, fold, KernelRecipe())
        assert np.allclose(after[seen], by_kernel[seen])
    else:  # another map of the test subject must not move what is said of its first
        flow[first[1:]] = 255 - flow[first[1:]]
        seen = first[:1]
    assert np.abs(left_out_scores(flow, label, fold, recipe, 0)[seen] - before[seen]).max() < 1e-4


def test_both_learn_what_is_easy(easy):
    flow, label, _ = easy
    recipe = NetRecipe(epochs=40, batch_size=16, folds_together=6)
    assert (left_out_scores(*easy, recipe, 0).argmax(1) == label).mean() > 0.9
    assert (kernel_left_out_scores(*easy, KernelRecipe()).argmax(1) == label).all()
    for use in ("mix", "finetune"):
        scores = kernel_left_out_scores(*easy, KernelRecipe(), (flow, label), use)
        assert (scores.argmax(1) == label).all()
