from __future__ import annotations

import numpy as np
import pytest

from mien.io.flow_sets import FlowSet
from mien.metrics.recognition import uf1
from mien.recognition import kernel
from mien.recognition.evaluate import evaluate_recognition
from mien.recognition.options import RecognitionOptions
from tests.recognition.squares import maps


def test_parts_are_parts_of_one_run(tmp_path):
    both = FlowSet.joined([maps("s", 4, 0, odd=3), maps("c", 4, 1, "casme2")])
    both.write_npz(tmp_path / "both.npz")
    figures = evaluate_recognition(tmp_path / "both.npz", RecognitionOptions(seeds=2))
    assert list(figures) == ["model", "seeds", "full", "smic", "casme2", "confusion"]
    assert (figures["model"], figures["seeds"]) == ("kernel", 1), "nothing is random: one run"
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


def test_what_is_not_random_runs_once(tmp_path, monkeypatch):
    maps("a", 3, 0).write_npz(tmp_path / "real.npz")
    maps("g", 3, 1, "generated").write_npz(tmp_path / "made.npz")
    runs, run = [], kernel.kernel_left_out_scores
    monkeypatch.setattr(
        kernel, "kernel_left_out_scores", lambda *given: runs.append(given) or run(*given)
    )
    options = RecognitionOptions(augment=str(tmp_path / "made.npz"), seeds=5)
    assert evaluate_recognition(tmp_path / "real.npz", options)["without"]["seeds"] == 1
    assert len(runs) == 2, "once with generated maps and once without"
