from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.models.recognisers.flow_kernel import (
    features,
    kernel,
    median_scales,
    mirrored,
    squared_distances,
)
from mien.recognition.kernel import KernelRecipe, kernel_left_out_scores, kernel_scores


@pytest.fixture(scope="module")
def easy():
    """Five subjects, whose classes are a bright square at three places among noise; class 0 is commonest."""
    rng = np.random.default_rng(4)
    label, fold = np.tile([0, 0, 0, 1, 2, 0], 5), np.repeat(np.arange(5), 6)
    flow = rng.integers(100, 140, (30, 28, 28, 3), dtype=np.uint8)
    for sample, name in zip(flow, label, strict=True):
        sample[4 + 8 * name : 8 + 8 * name, 12:16] = 250
    return flow, label, fold


def test_a_fold_is_weighted_ridge_regression_on_the_others(easy):
    """The same by another way: least squares of the kernel's columns, each class of one weight."""
    flow, label, fold = easy
    scores = kernel_left_out_scores(*easy, KernelRecipe())
    seen, mine = fold != 2, fold == 2
    taught = features(np.concatenate([flow[seen], mirrored(flow[seen])]))
    asked = features(np.concatenate([flow[mine], mirrored(flow[mine])]))
    among = squared_distances(taught, taught)
    scales = median_scales(among)
    matrix = kernel(among, scales)
    classes = np.tile(label[seen], 2)
    weight = len(classes) / (3 * np.bincount(classes)[classes])
    # Minimise sum w (K a - y)^2 + ridge a' K a.
    target = np.eye(3)[classes] - 1 / 3
    left = matrix.T @ (weight[:, None] * matrix) + 0.3 * matrix
    solved = np.linalg.solve(left, matrix.T @ (weight[:, None] * target))
    said = kernel(squared_distances(asked, taught), scales) @ solved
    assert np.allclose(scores[mine], (said[:6] + said[6:]) / 2, atol=1e-5)
    assert (scores.argmax(1) == label).all()


def test_a_map_and_its_mirror_image_are_one(easy):
    flow, label, fold = easy
    turned = np.where((np.arange(30) % 2 == 0)[:, None, None, None], mirrored(flow), flow)
    scores = kernel_left_out_scores(*easy, KernelRecipe())
    assert np.allclose(kernel_left_out_scores(turned, label, fold, KernelRecipe()), scores)


def test_generated_maps_weigh_less_the_less_they_are_believed(easy):
    """Maps that lie about their class do harm in proportion."""
    flow, label, _ = easy
    lie = (flow[::-1].copy(), (label[::-1] + 1) % 3)
    right = [
        kernel_left_out_scores(*easy, replace(KernelRecipe(), generated_weight=w), lie, "mix")[
            np.arange(30), label
        ].mean()
        for w in (1e-6, 0.1, 1.0)
    ]
    assert right[0] > right[1] > right[2]
    plain = kernel_left_out_scores(*easy, KernelRecipe())[np.arange(30), label].mean()
    assert right[0] == pytest.approx(plain, abs=1e-3)


def test_finetuning_corrects_what_generated_maps_said(easy):
    flow, label, _ = easy
    lie = (flow, (label + 1) % 3)
    alone = kernel_scores(flow, lie, KernelRecipe())
    corrected = kernel_left_out_scores(*easy, KernelRecipe(), lie, "finetune")
    assert (alone.argmax(1) == label).mean() < 0.2
    assert (corrected.argmax(1) == label).mean() > 0.8
    truth = kernel_left_out_scores(*easy, KernelRecipe(), (flow, label), "finetune")
    assert truth[np.arange(30), label].min() > corrected[np.arange(30), label].min()
