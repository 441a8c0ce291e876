"""Evaluation of AU detectors: what is scored, what generated maps bring, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mien.errors import DatasetError, UsageError
from mien.io.flow_sets import FlowSet
from mien.recognition.au_columns import COLUMNS, targets_of
from mien.recognition.au_evaluate import evaluate_au_detection
from mien.recognition.au_kernel import Told
from mien.recognition.au_options import AUDetectionOptions
from mien.recognition.au_scores import Run, figures_of, gain_of, means_of, scored_columns
from mien.recognition.protocol import Part
from tests.recognition.au_squares import au_maps


def run_of(targets: np.ndarray, fold: np.ndarray, scores: np.ndarray) -> Run:
    return Run(Part((), (), fold), Told(scores, np.full(scores.shape, 0.5)))


def test_figures_are_means_over_aus_with_enough_positives() -> None:
    targets = np.zeros((40, len(COLUMNS)), np.int8)
    scores = np.zeros(targets.shape)
    four, six, seven = (COLUMNS.index(name) for name in ("AU4", "AU6", "AU7"))
    targets[:10, four] = 1
    scores[:10, four] = 1  # told rightly
    targets[:10, six] = 1
    scores[5:15, six] = 1  # half of the positive answers are right
    targets[:7, seven] = 1  # too few
    fold = np.arange(40) % 4
    run = run_of(targets, fold, scores)
    assert scored_columns(targets, run.part) == [four, six]
    figures = figures_of([run], targets)
    assert list(figures["aus"]) == ["AU4", "AU6"]
    assert figures["aus"]["AU4"] == {"positives": 10, "auc": 1, "f1": 1, "mcc": 1}
    assert figures["aus"]["AU6"]["f1"] == 0.5
    # 10 x 30 pairs: 5 x 25 in order, 5 x 5 and 5 x 25 equal, 5 x 5 the wrong way round.
    assert figures["aus"]["AU6"]["auc"] == pytest.approx((125 + (25 + 125) / 2) / 300)
    assert figures["f1"] == pytest.approx(0.75)


def test_what_nobody_learned_from_shows_is_not_scored() -> None:
    targets = np.zeros((40, len(COLUMNS)), np.int8)
    targets[:12, COLUMNS.index("AU4")] = 1
    targets[:10, COLUMNS.index("AU6")] = 1
    fold = np.where(np.isin(np.arange(40), (10, 11, 12, 13)), -1, 0)
    part = Part(("a",), ("b",), fold)
    assert scored_columns(targets, part) == [COLUMNS.index("AU4")]
    both = [COLUMNS.index("AU4"), COLUMNS.index("AU6")]
    assert scored_columns(targets, part, unseen=True) == both
    scores = targets.astype(float)
    scores[:, COLUMNS.index("AU6")] = 0  # nothing is told of it
    run = Run(part, Told(scores, np.full(scores.shape, 0.5)))
    assert means_of([run], targets)["auc"] == 1
    assert means_of([run], targets, unseen=True)["auc"] == 0.75
    knows = Run(part, Told(targets.astype(float), np.full(scores.shape, 0.5)))
    person = np.arange(40)
    assert gain_of([knows], [run], targets, person, draws=50).mean == 0
    assert gain_of([knows], [run], targets, person, draws=50, unseen=True).mean == 0.25


def test_sides_and_the_side_of_what_is_on_one_alone() -> None:
    targets = np.zeros((40, len(COLUMNS)), np.int8)
    both, left, right = (COLUMNS.index(name) for name in ("AU12", "AU12L", "AU12R"))
    targets[:10, both], targets[:9, left], targets[9, right] = 1, 1, 1
    scores = np.zeros(targets.shape)
    scores[:6, left], scores[6:9, right], scores[9, right] = 1, 1, 1
    figures = figures_of([run_of(targets, np.arange(40) % 4, scores)], targets)
    assert list(figures["sides"]) == ["AU12L"]
    assert figures["side"] == {"count": 10, "right": 0.7}


def test_the_gain_is_paired_and_its_interval_holds_it() -> None:
    rng = np.random.default_rng(0)
    targets = np.zeros((200, len(COLUMNS)), np.int8)
    column = COLUMNS.index("AU4")
    targets[:, column] = rng.random(200) < 0.3
    person = np.arange(200) % 20
    good = np.zeros(targets.shape)
    good[:, column] = rng.normal(2.0 * targets[:, column], 1)
    bad = good.copy()
    bad[:, column] += rng.normal(0, 2, 200)
    one, other = run_of(targets, person, good), run_of(targets, person, bad)
    gain = gain_of([one], [other], targets, person)
    means = [figures_of([run], targets)["auc"] for run in (one, other)]
    assert gain.mean == pytest.approx(means[0] - means[1], abs=1e-6)
    assert 0 < gain.low < gain.mean < gain.high
    assert gain_of([one], [one], targets, person).high == 0


def write(place: Path, made: FlowSet) -> str:
    made.write_npz(place)
    return str(place)


@pytest.mark.parametrize("protocol", ["loso", "cross", "few:2"])
def test_what_generated_maps_bring(tmp_path: Path, protocol: str) -> None:
    parts = [au_maps(f"{name}_s", 4, n, name, noise=0.8) for n, name in enumerate("ab")]
    real = write(tmp_path / "real.npz", FlowSet.joined(parts))
    made = write(tmp_path / "made.npz", au_maps("g", 30, 7, "rig", noise=0.8))
    how = AUDetectionOptions(protocol=protocol, seeds=2, augment=made)
    figures = evaluate_au_detection(real, how)
    plain = evaluate_au_detection(real, AUDetectionOptions(protocol=protocol, seeds=2))
    alone = evaluate_au_detection(real, replace(how, train="generated"))
    assert (figures["train"], figures["clips"], figures["people"]) == ("both", 64, 8)
    assert figures["without"] == {name: plain[name] for name in figures["without"]}
    assert alone["without"] == figures["without"]
    gain = figures["gain"]
    assert gain["mean"] == pytest.approx(figures["auc"] - plain["auc"], abs=1e-5)
    assert gain["low"] <= gain["mean"] <= gain["high"] and gain["mean"] > 0
    assert set(figures["aus"]) <= {"AU4", "AU12", "AU17"} and "AU12L" in figures["sides"]
    assert ("parts" in figures) == (protocol == "cross")
    if protocol == "cross":
        assert [part["train"] for part in figures["parts"]] == [["a"], ["b"]]
        mean = np.mean([part["gain"]["mean"] for part in figures["parts"]])
        assert mean == pytest.approx(gain["mean"], abs=1e-5)


def test_codes_of_a_table_replace_those_of_the_file_and_clips_without_are_left_out(
    tmp_path: Path,
) -> None:
    real = au_maps("r", 12, 1)
    assert real.aus is not None
    four = targets_of(real.aus)[:, COLUMNS.index("AU4")]
    kept = range(0, 96, 2)
    rows = [f"smic,{real.subject[i]},{real.clip[i]},{'4' if four[i] else '17'}" for i in range(96)]
    (tmp_path / "codes.csv").write_text(
        "dataset,subject,clip,facs\n" + "\n".join(rows[i] for i in kept) + "\n"
    )
    write(tmp_path / "real.npz", real)
    how = AUDetectionOptions(codes=tmp_path / "codes.csv", seeds=1)
    figures = evaluate_au_detection(tmp_path / "real.npz", how)
    assert figures["clips"] == 48
    assert figures["aus"]["AU4"]["positives"] == four[::2].sum()
    assert figures["aus"]["AU4"]["auc"] > 0.9 and "AU12" not in figures["aus"]


def test_what_is_refused(tmp_path: Path) -> None:
    real = au_maps("r", 3, 0)
    place = write(tmp_path / "real.npz", real)
    bare = write(tmp_path / "bare.npz", replace(real, aus=None))
    for flows, augment, says in (
        (bare, None, "expected FACS codes in the flow maps' file or with --codes"),
        (place, bare, "without a test subject, got r0"),
        (
            place,
            write(tmp_path / "old.npz", replace(au_maps("g", 4, 1), aus=None)),
            "maps with AUs",
        ),
        (write(tmp_path / "one.npz", au_maps("r", 1, 0)), None, "two subjects or more"),
    ):
        with pytest.raises(DatasetError, match=says):
            evaluate_au_detection(flows, AUDetectionOptions(augment=augment, seeds=1))
    few = write(tmp_path / "few.npz", real.take(np.arange(0, 24, 4)))
    with pytest.raises(DatasetError, match="AU in 8 tested clips"):
        evaluate_au_detection(few, AUDetectionOptions(seeds=1))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"train": "both"}, "--augment with --train generated or both"),
        ({"train": "real", "augment": "rig:100"}, "it with --train real"),
        ({"augment": "rig:5"}, "rig:N"),
        ({"protocol": "few"}, "few:K"),
        ({"seeds": 0}, "--seeds"),
        ({"train": "all"}, "--train"),
    ],
)
def test_options_that_do_not_fit(given: dict, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        AUDetectionOptions(**given)
