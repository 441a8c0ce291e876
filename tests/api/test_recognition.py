from __future__ import annotations

import numpy as np
import pytest

from mien.api.recognition import evaluate_recognition
from mien.api.recognition_options import RecognitionOptions
from mien.datasets.splits import Split
from mien.errors import DatasetError, UsageError
from mien.io.flow_sets import FlowSet
from mien.metrics.recognition import uf1


def maps(people: str, count: int, seed: int, dataset: str = "smic", odd: int = 0) -> FlowSet:
    """Subjects of six clips each, whose classes are a bright square at three places among noise.

    Of the first subject so many clips show another class's square.
    """
    rng = np.random.default_rng(seed)
    label, subject = np.tile(np.arange(6) % 3, count), np.repeat(np.arange(count), 6)
    shown = np.where(np.arange(6 * count) < odd, (label + 1) % 3, label)
    flow = rng.integers(90, 150, (6 * count, 28, 28, 3), dtype=np.uint8)
    for sample, name in zip(flow, shown, strict=True):
        sample[4 + 8 * name : 8 + 8 * name, 12:16] = 250
    names = np.array([f"{people}{number}" for number in subject])
    clips = np.array([f"clip{number}" for number in range(len(names))])
    return FlowSet(flow, label, names, np.full(len(names), dataset), clips)


def test_parts_are_parts_of_one_run(tmp_path):
    both = FlowSet.joined([maps("s", 4, 0, odd=3), maps("c", 4, 1, "casme2")])
    both.write_npz(tmp_path / "both.npz")
    figures = evaluate_recognition(tmp_path / "both.npz", RecognitionOptions(seeds=2))
    assert list(figures) == ["model", "seeds", "full", "smic", "casme2", "confusion"]
    assert (figures["model"], figures["seeds"]) == ("kernel", 2)
    counts = {name: np.array(rows) for name, rows in figures["confusion"].items()}
    assert (counts["full"] == counts["smic"] + counts["casme2"]).all()
    assert (counts["casme2"] == 8 * np.eye(3)).all() and figures["casme2"]["uf1"] == 1
    # One clip of each class shows the next one's square.
    assert (counts["smic"] == 7 * np.eye(3) + np.roll(np.eye(3), 1, 1)).all()
    assert figures["smic"]["uar"] == pytest.approx(7 / 8)
    assert figures["full"]["uf1"] == pytest.approx(float(uf1(counts["full"])))


def test_what_generated_maps_bring(tmp_path):
    # The real clips' squares drown in noise; generated ones show where to look.
    real = maps("r", 3, 0)
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 256, real.flow.shape, dtype=np.uint8)
    dim = (real.flow * 0.25 + noise * 0.75).astype(np.uint8)
    FlowSet(dim, real.label, real.subject, real.dataset, real.clip).write_npz(tmp_path / "r.npz")
    maps("g", 30, 1, "generated").write_npz(tmp_path / "g.npz")
    options = RecognitionOptions(augment=str(tmp_path / "g.npz"), use="finetune")
    figures = evaluate_recognition(tmp_path / "r.npz", options)
    plain = evaluate_recognition(tmp_path / "r.npz", RecognitionOptions())
    assert figures["without"] == plain
    gain = figures["gain"]
    assert gain["mean"] == pytest.approx(figures["full"]["uf1"] - plain["full"]["uf1"])
    assert gain["low"] <= gain["mean"] <= gain["high"] and gain["mean"] > 0.1


def test_nobody_is_in_two_splits(tmp_path):
    maps("a", 3, 0).write_npz(tmp_path / "real.npz")
    maps("a", 2, 1).write_npz(tmp_path / "made.npz")
    options = RecognitionOptions(augment=str(tmp_path / "made.npz"))
    with pytest.raises(DatasetError, match=r"nobody who is tested, got a0 in both"):
        evaluate_recognition(tmp_path / "real.npz", options)
    with pytest.raises(DatasetError, match=r"split a0: expected each clip in one part"):
        Split("a0", (0, 1), (1, 2))


def test_a_class_of_one_subject_is_refused(tmp_path):
    real = maps("a", 3, 0)
    real.take((real.label != 2) | (real.subject == "a1")).write_npz(tmp_path / "real.npz")
    with pytest.raises(DatasetError, match=r"surprise clips of two subjects.*only a1's"):
        evaluate_recognition(tmp_path / "real.npz", RecognitionOptions())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"model": "kernel", "leak": True}, "--model ststnet or off-apexnet"),
        ({"model": "svm", "augment": "rig:90", "use": "finetune"}, "--use mix"),
        ({"train": "generated"}, "--augment"),
        ({"epochs": 0}, "--epochs"),
    ],
)
def test_options_that_do_not_fit(options, says):
    with pytest.raises(UsageError, match=says):
        RecognitionOptions(**options)
