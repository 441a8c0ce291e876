from __future__ import annotations

import json

import numpy as np
import pytest

import mien.recognition.kernel as kernel
from mien.au.statistics import statistics_table
from mien.datasets.registry import DATASETS
from mien.datasets.splits import Split
from mien.errors import DatasetError, UsageError
from mien.io.flow_sets import FlowSet
from mien.metrics.recognition import uf1
from mien.recognition.evaluate import evaluate_realism, evaluate_recognition
from mien.recognition.generated import CODES_OF
from mien.recognition.options import RecognitionOptions


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


def test_codes_of_tested_clips_are_refused(tmp_path):
    for name in ("samm", "casme3"):
        maps("a", 3, 0, name).write_npz(tmp_path / f"{name}.npz")
    made = tmp_path / "made"
    made.mkdir()
    maps("g", 3, 1, "folder").write_npz(made / "flows.npz")

    def refused(tested: str, source: str, *datasets: str) -> str | None:
        record = {"drivers": None, "datasets": datasets}
        (made / "augment.json").write_text(json.dumps(record))
        try:
            evaluate_recognition(tmp_path / f"{tested}.npz", RecognitionOptions(augment=source))
        except DatasetError as error:
            return str(error)
        return None

    assert "samm's" in (refused("samm", str(made), "DFME", "SAMM") or "")
    assert "samm's" in (refused("samm", str(made / "flows.npz"), "samm ") or "")
    assert refused("samm", str(made), "DFME", "CAS(ME)3") is None
    assert "casme3's" in (refused("casme3", "rig:30") or "")
    assert set(CODES_OF.values()) == set(statistics_table().datasets)
    assert set(CODES_OF) <= set(DATASETS)
    (made / "augment.json").write_text("[]")
    with pytest.raises(DatasetError, match=r"the record of mien augment, got .*augment\.json"):
        evaluate_recognition(tmp_path / "samm.npz", RecognitionOptions(augment=str(made)))


def test_a_class_of_one_subject_is_refused(tmp_path):
    real = maps("a", 3, 0)
    real.take((real.label != 2) | (real.subject == "a1")).write_npz(tmp_path / "real.npz")
    with pytest.raises(DatasetError, match=r"surprise clips of two subjects.*only a1's"):
        evaluate_recognition(tmp_path / "real.npz", RecognitionOptions())


def test_generated_maps_that_teach_nothing_are_refused(tmp_path):
    maps("a", 4, 0).write_npz(tmp_path / "real.npz")
    made = maps("g", 4, 1)
    made.take(made.label == 3).write_npz(tmp_path / "none.npz")
    made.take(made.label < 2).write_npz(tmp_path / "two.npz")
    nothing = RecognitionOptions(augment=str(tmp_path / "none.npz"))
    with pytest.raises(DatasetError, match="expected generated maps, got none"):
        evaluate_recognition(tmp_path / "real.npz", nothing)
    alone = {"train": "generated", "model": "svm", "use": "mix"}
    two = RecognitionOptions(augment=str(tmp_path / "two.npz"), **alone)
    with pytest.raises(DatasetError, match="got no surprise one"):
        evaluate_recognition(tmp_path / "real.npz", two)
    # Beside real ones, maps of some classes may be all that is wanted.
    beside = RecognitionOptions(augment=str(tmp_path / "two.npz"))
    assert evaluate_recognition(tmp_path / "real.npz", beside)["full"]["uf1"] == 1


def test_a_data_set_named_as_a_figure_is_refused(tmp_path):
    maps("a", 4, 0, "model").write_npz(tmp_path / "real.npz")
    with pytest.raises(DatasetError, match="not named as figures are, got 'model'"):
        evaluate_recognition(tmp_path / "real.npz", RecognitionOptions())


def test_what_is_not_random_runs_once(tmp_path, monkeypatch):
    maps("a", 3, 0).write_npz(tmp_path / "real.npz")
    maps("g", 3, 1, "generated").write_npz(tmp_path / "made.npz")
    runs, run = [], kernel.kernel_left_out_scores
    monkeypatch.setattr(
        kernel, "kernel_left_out_scores", lambda *given: runs.append(given) or run(*given)
    )
    options = RecognitionOptions(augment=str(tmp_path / "made.npz"), seeds=5)
    assert evaluate_recognition(tmp_path / "real.npz", options)["without"]["seeds"] == 5
    assert len(runs) == 2, "once with generated maps and once without"


def test_realism_wants_other_people_and_enough_of_them(tmp_path):
    real = maps("a", 5, 0)
    first = np.arange(len(real)) % 2 == 0
    real.take(first).write_npz(tmp_path / "real.npz")
    real.take(~first).write_npz(tmp_path / "rest.npz")
    maps("g", 3, 1, "generated").write_npz(tmp_path / "few.npz")
    with pytest.raises(DatasetError, match="got a0 in real and in generated"):
        evaluate_realism(tmp_path / "real.npz", str(tmp_path / "rest.npz"))
    with pytest.raises(DatasetError, match=r"generated maps of 5 people or more.*got 3"):
        evaluate_realism(tmp_path / "real.npz", str(tmp_path / "few.npz"))


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
