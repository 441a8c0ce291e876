"""Nets that detect AUs: what they learn, whom they never see, and where they start."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.io.flow_sets import FlowSet
from mien.recognition.au_columns import COLUMNS, MIRRORED, targets_of
from mien.recognition.au_options import AUDetectionOptions
from mien.recognition.names import NET_NAMES
from tests.recognition.au_squares import au_maps

pytest.importorskip("torch")

from mien.recognition.au_nets import first_au_net, net_left_out_scores, told_by
from mien.recognition.nets import NetRecipe

QUICK = NetRecipe(epochs=40, learning_rate=0.01)
FOUR, LEFT = COLUMNS.index("AU4"), COLUMNS.index("AU12L")


def targets(made: FlowSet) -> np.ndarray:
    assert made.aus is not None
    return targets_of(made.aus)


def right(told_scores: np.ndarray, true: np.ndarray, column: int) -> float:
    return float(((told_scores[:, column] >= 0) == (true[:, column] == 1)).mean())


def test_aus_and_their_sides_are_learned() -> None:
    real = au_maps("r", 16, 0)
    true = targets(real)
    fold = np.where(np.arange(128) < 64, -1, 0)
    told = net_left_out_scores(real.flow, true, fold, QUICK, 0)
    assert np.isnan(told.scores[:64]).all() and (told.threshold == 0).all()
    assert right(told.scores[64:], true[64:], FOUR) > 0.9
    assert right(told.scores[64:], true[64:], LEFT) > 0.9


def test_a_fold_does_not_learn_from_its_own_clips() -> None:
    real = au_maps("r", 4, 0)
    true = targets(real)
    fold = np.arange(32) // 16
    first = net_left_out_scores(real.flow, true, fold, NetRecipe(epochs=2), 0).scores
    turned = true.copy()
    turned[:16] = 1 - turned[:16]
    again = net_left_out_scores(real.flow, turned, fold, NetRecipe(epochs=2), 0).scores
    np.testing.assert_array_equal(first[:16], again[:16])
    assert np.abs(first[16:] - again[16:]).max() > 0.01


def test_what_is_unknown_teaches_nothing() -> None:
    real = au_maps("r", 4, 0)
    one = targets(real)
    one[:, LEFT], one[:, MIRRORED[LEFT]] = -1, -1
    first = first_au_net(real.flow, one, NetRecipe(epochs=3), 0)
    untrained = first_au_net(real.flow, np.full_like(one, -1), NetRecipe(epochs=3), 0)
    weights = [net.weight.detach().numpy()[0] for net in (first, untrained)]  # type: ignore[union-attr]
    np.testing.assert_array_equal(weights[0][LEFT], weights[1][LEFT])
    assert np.abs(weights[0][FOUR] - weights[1][FOUR]).max() > 1e-4


def test_folds_start_from_what_generated_maps_taught() -> None:
    made, real = au_maps("g", 20, 3, "rig"), au_maps("r", 6, 1)
    net = first_au_net(made.flow, targets(made), QUICK, 0)
    alone = told_by(net, real.flow, QUICK).scores
    assert right(alone, targets(real), FOUR) > 0.9
    # Two people and one pass teach little by themselves.
    fold = np.where(np.arange(48) < 16, -1, 0)
    short = NetRecipe(epochs=1)
    plain = net_left_out_scores(real.flow, targets(real), fold, short, 0).scores[16:]
    begun = net_left_out_scores(real.flow, targets(real), fold, short, 0, net).scores[16:]
    true = targets(real)[16:]
    assert right(begun, true, FOUR) > right(plain, true, FOUR)


def test_epochs_are_of_nets() -> None:
    for net in NET_NAMES:
        assert AUDetectionOptions(model=net, epochs=3).epochs == 3
    for given, says in (
        ({"epochs": 3}, "--epochs needs --model ststnet, .* or resnet18"),
        ({"model": "svm"}, "--model"),
        ({"model": "ststnet", "epochs": 0}, "--epochs"),
    ):
        with pytest.raises(UsageError, match=says):
            AUDetectionOptions(**given)
