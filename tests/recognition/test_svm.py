from __future__ import annotations

import numpy as np
import pytest

from mien.recognition.svm import svm_left_out_scores, svm_scores


@pytest.fixture(scope="module")
def easy():
    """Five subjects, whose classes are a bright square at three places among noise."""
    rng = np.random.default_rng(2)
    label, fold = np.tile(np.arange(3), 10), np.repeat(np.arange(5), 6)
    flow = rng.integers(100, 140, (30, 28, 28, 3), dtype=np.uint8)
    for sample, name in zip(flow, label, strict=True):
        sample[4 + 8 * name : 8 + 8 * name, 12:16] = 250
    return flow, label, fold


def test_scores_stand_in_the_samples_order(easy):
    flow, label, fold = easy
    scores = svm_left_out_scores(*easy)
    assert scores.shape == (30, 3) and (scores.argmax(1) == label).all()
    order = np.random.default_rng(0).permutation(30)
    mixed = svm_left_out_scores(flow[order], label[order], fold[order])
    # One class's score tells; how the others, both as far off, are ranked is a matter of votes.
    assert np.allclose(mixed.max(1), scores[order].max(1), atol=1e-3)
    assert (mixed.argmax(1) == label[order]).all()


def test_a_left_out_subjects_labels_teach_nothing(easy):
    flow, label, fold = easy
    wrong = np.where(fold == 0, (label + 1) % 3, label)
    scores, after = svm_left_out_scores(*easy), svm_left_out_scores(flow, wrong, fold)
    assert np.allclose(after[fold == 0], scores[fold == 0])
    assert not np.allclose(after[fold == 1], scores[fold == 1])


def test_more_maps_reach_every_fold(easy):
    flow, label, fold = easy
    # Alone nobody has a clip of class 2 to teach it by; given ones do.
    few = label != 2
    scores = svm_left_out_scores(flow[few], label[few], fold[few], extra=(flow[~few], label[~few]))
    assert scores.shape == (20, 3) and (scores.argmax(1) == label[few]).all()
    assert (svm_scores(flow, (flow, label)).argmax(1) == label).all()


def test_two_classes_have_one_score(easy):
    flow, label, fold = easy
    scores = svm_left_out_scores(flow, (label == 1).astype(np.int64), fold)
    assert scores.shape == (30, 1)
    assert scores[label == 1].min() > scores[label != 1].max()
