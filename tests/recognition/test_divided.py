"""Recognition across data sets and from a few people."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import DatasetError, UsageError
from mien.io.flow_sets import FlowSet
from mien.metrics.recognition import paired_gain
from mien.recognition.evaluate import evaluate_recognition
from mien.recognition.kernel import KernelRecipe, kernel_left_out_scores
from mien.recognition.options import RecognitionOptions
from tests.recognition.squares import maps


@pytest.fixture
def real(tmp_path) -> FlowSet:
    """Three data sets; a third of the clips of the last one are as if wrongly labelled."""
    parts = [maps("a", 3, 0, "casme2"), maps("b", 3, 1, "samm"), maps("c", 3, 2, "smic", odd=6)]
    made = FlowSet.joined(parts)
    made.write_npz(tmp_path / "real.npz")
    return made


def test_across_data_sets(real, tmp_path):
    how = RecognitionOptions(protocol="cross", seeds=3)
    figures = evaluate_recognition(tmp_path / "real.npz", how)
    assert list(figures) == ["model", "seeds", "protocol", "full", "confusion", "parts"]
    parts = {tuple(part["train"]): part for part in figures["parts"]}
    assert len(parts) == 6 and parts[("casme2", "samm")]["test"] == ["smic"]
    # Six of eighteen clips of smic show another class's square.
    assert parts[("casme2", "samm")]["full"]["uar"] == pytest.approx(2 / 3)
    assert parts[("casme2",)]["full"]["uar"] == pytest.approx(5 / 6)
    single = [parts[(name,)]["full"]["uf1"] for name in ("casme2", "samm", "smic")]
    assert figures["full"]["uf1"] == pytest.approx(np.mean(single))
    assert np.sum(parts[("casme2", "samm")]["confusion"]["full"]) == 18


def test_a_few_people_teach_all_others(real, tmp_path):
    maps("g", 30, 4, "generated").write_npz(tmp_path / "g.npz")
    how = RecognitionOptions(protocol="few:2", seeds=3, augment=str(tmp_path / "g.npz"))
    figures = evaluate_recognition(tmp_path / "real.npz", how)
    assert np.sum(figures["confusion"]["full"]) == pytest.approx(7 * 6)
    gain = figures["gain"]
    assert gain["mean"] == pytest.approx(figures["full"]["uf1"] - figures["without"]["full"]["uf1"])
    assert gain["low"] <= gain["mean"] <= gain["high"]
    plain = evaluate_recognition(
        tmp_path / "real.npz", RecognitionOptions(protocol="few:2", seeds=3)
    )
    assert plain["full"] == figures["without"]["full"] and "parts" not in plain


def test_a_division_is_the_machine_that_saw_the_other_data_sets_alone(real, tmp_path):
    """Labels of the tested data set do not reach its own scores."""
    train, test = real.take(real.dataset == "casme2"), real.take(real.dataset != "casme2")
    fold = np.r_[np.zeros(len(train), np.int64), np.ones(len(test), np.int64)]
    both = FlowSet.joined([train, test])
    scores = kernel_left_out_scores(both.flow, both.label, fold, KernelRecipe())
    shuffled = np.r_[train.label, (test.label + 1) % 3]
    other = kernel_left_out_scores(both.flow, shuffled, fold, KernelRecipe())
    np.testing.assert_array_equal(scores[fold == 1], other[fold == 1])


def test_what_is_refused(real, tmp_path):
    lacking = real.take((real.dataset != "samm") | (real.label != 2))
    lacking.write_npz(tmp_path / "lacking.npz")
    with pytest.raises(DatasetError, match="expected surprise clips in samm to learn from"):
        evaluate_recognition(tmp_path / "lacking.npz", RecognitionOptions(protocol="cross"))
    with pytest.raises(UsageError, match="--leak needs --protocol loso"):
        RecognitionOptions(protocol="cross", leak=True, model="ststnet")
    with pytest.raises(UsageError, match="few:K"):
        RecognitionOptions(protocol="few:none")


def test_the_gain_counts_tested_clips_alone():
    label = np.arange(60) % 3
    fold = np.arange(60) // 6
    tested = np.arange(60) < 30
    wrong = np.where(tested, label, (label + 1) % 3)
    kept = [tested]
    assert paired_gain(label, [wrong], [label], fold, tested=kept).mean == 0
    assert paired_gain(label, [wrong], [label], fold).mean < -0.3
