"""CD6ME: its folds, its AUs and its figures, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.errors import DatasetError, UsageError
from mien.io.flow_sets import FlowSet
from mien.recognition.au_columns import COLUMNS, targets_of
from mien.recognition.au_evaluate import evaluate_au_detection
from mien.recognition.au_kernel import Told
from mien.recognition.au_options import AUDetectionOptions
from mien.recognition.au_scores import Run
from mien.recognition.cd6me import AUS, PUBLISHED_CLIPS, cd6me_figures, scored_targets
from mien.recognition.options import RecognitionOptions
from mien.recognition.protocol import Part, Protocol, parts_of
from tests.recognition.au_squares import au_maps

FOUR, NINE = COLUMNS.index("AU4"), COLUMNS.index("AU9")


def test_the_benchmarks_aus_and_data_sets() -> None:
    assert [int(name[2:]) for name in AUS] == [1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17]
    assert sum(PUBLISHED_CLIPS.values()) == 2031


def test_one_data_set_is_left_out_at_a_time() -> None:
    names = ("casme", "casme2", "samm")
    real = FlowSet.joined(au_maps(f"{name}_s", 2, n, name) for n, name in enumerate(names))
    parts = parts_of(real, Protocol.parse("cd6me"), 0)
    assert [part.test for part in parts] == [("casme",), ("casme2",), ("samm",)]
    assert parts[1].train == ("casme", "samm")
    for part in parts:
        assert set(real.dataset[part.tested]) == set(part.test)
    with pytest.raises(UsageError, match="got cd6me: use it with mien evaluate aus"):
        RecognitionOptions(protocol="cd6me")


def two_data_sets() -> tuple[list[Run], np.ndarray, np.ndarray]:
    """Ten clips of each of two data sets. AU4 is told rightly in the first; in the second half of it is missed."""
    dataset = np.repeat(["casme2", "samm"], 10)
    targets = np.zeros((20, len(COLUMNS)), np.int8)
    targets[[0, 1, 10, 11, 12, 13], FOUR] = 1
    targets[5, NINE] = -1  # doubtful
    told = np.zeros(targets.shape)
    told[[0, 1, 10, 11], FOUR] = 1
    told[5, NINE] = 1  # found, but nobody knows
    runs = []
    for left_out, rest in (("casme2", "samm"), ("samm", "casme2")):
        # What is said of the data set that was learned from must not count: all wrong.
        scores = np.where((dataset == left_out)[:, None], told, 1)
        part = Part((rest,), (left_out,), np.where(dataset == left_out, 0, -1))
        runs.append(Run(part, Told(scores, np.full(scores.shape, 0.5))))
    return runs, targets, dataset


def test_both_means_of_both_kinds_of_f1() -> None:
    runs, targets, dataset = two_data_sets()
    figures = cd6me_figures(runs, [], targets, dataset, np.arange(20))
    # All clips together: 4 found of 6, none wrongly.
    assert figures["aus"]["AU4"]["f1"] == pytest.approx(2 * 4 / 10)
    assert figures["aus"]["AU4"]["positives"] == 6
    assert figures["aus"]["AU9"] == {"positives": 0, "f1": 0, "macro_f1": 1, "auc": None}
    assert figures["f1"]["aus"] == pytest.approx(0.8 / 12, abs=1e-6)
    # One data set after the other: 1, and 2 found of 4.
    assert figures["datasets"]["casme2"]["f1"] == pytest.approx(1 / 12, abs=1e-6)
    assert figures["datasets"]["samm"]["f1"] == pytest.approx(2 / 3 / 12, abs=1e-6)
    assert figures["f1"]["datasets"] == pytest.approx((1 + 2 / 3) / 2 / 12, abs=1e-6)
    # "Absent": 14 right of 16 said and 14 true.
    assert figures["macro_f1"]["aus"] == pytest.approx(((0.8 + 28 / 30) / 2 + 11) / 12, abs=1e-6)
    assert figures["auc"] == pytest.approx((1 + 0.75) / 2)
    assert figures["datasets"]["samm"]["clips"] == 10
    assert figures["datasets"]["samm"]["published_clips"] == 159


def test_the_gain_is_that_of_the_f1_of_aus_and_seeds_are_averaged() -> None:
    runs, targets, dataset = two_data_sets()
    none = [Run(r.part, Told(np.zeros_like(r.told.scores), r.told.threshold)) for r in runs]
    figures = cd6me_figures(runs + none, none + none, targets, dataset, np.arange(20) % 5)
    assert figures["f1"]["aus"] == pytest.approx(0.4 / 12, abs=1e-6)
    assert figures["without"]["f1"]["aus"] == 0
    gain = figures["gain"]
    assert gain["mean"] == pytest.approx(0.4 / 12, abs=1e-6)
    assert gain["low"] <= gain["mean"] <= gain["high"]


def test_only_the_twelve_aus_are_learned() -> None:
    kept = scored_targets(np.zeros((2, len(COLUMNS)), np.int8))
    assert {COLUMNS[column] for column in np.flatnonzero(kept[0] == 0)} == set(AUS)
    assert (np.delete(kept, [COLUMNS.index(name) for name in AUS], axis=1) == -1).all()


@pytest.mark.parametrize("model", ["kernel", "ststnet", "sssnet"])
def test_several_files_with_and_without_generated_maps(tmp_path: Path, model: str) -> None:
    files = []
    for number, name in enumerate(("casme2", "samm", "mmew")):
        files.append(tmp_path / f"{name}.npz")
        au_maps(f"{name}_s", 3, number, name, noise=0.6).write_npz(files[-1])
    made = tmp_path / "made.npz"
    au_maps("g", 20, 7, "rig", noise=0.6).write_npz(made)
    epochs = None if model == "kernel" else 1
    how = AUDetectionOptions(
        protocol="cd6me", seeds=1, augment=str(made), model=model, epochs=epochs
    )  # type: ignore[arg-type]
    figures = evaluate_au_detection(files, how)
    assert (figures["model"], figures["clips"], figures["people"]) == (model, 72, 9)
    assert list(figures["datasets"]) == ["casme2", "mmew", "samm"]
    true = sum(
        (targets_of(FlowSet.from_npz(file).aus)[:, FOUR] == 1).sum()  # type: ignore[arg-type]
        for file in files
    )
    assert figures["aus"]["AU4"]["positives"] == true
    assert figures["gain"]["mean"] == pytest.approx(
        figures["f1"]["aus"] - figures["without"]["f1"]["aus"], abs=2e-6
    )
    assert model != "kernel" or figures["auc"] > 0.8  # one epoch teaches nothing


def test_other_data_sets_and_a_single_one_are_refused(tmp_path: Path) -> None:
    how = AUDetectionOptions(protocol="cd6me", seeds=1)
    for names, says in ((("samm", "smic"), "CD6ME .*got smic"), (("samm",), "got only samm")):
        files = [tmp_path / f"{name}.npz" for name in names]
        for file in files:
            au_maps(f"{file.stem}_s", 2, 0, file.stem).write_npz(file)
        with pytest.raises(DatasetError, match=says):
            evaluate_au_detection(files, how)
    with pytest.raises(DatasetError, match="got codes of casme3"):
        files = [tmp_path / f"{name}.npz" for name in ("samm", "casme3")]
        au_maps("c", 2, 0, "casme3").write_npz(files[1])
        evaluate_au_detection(files, AUDetectionOptions(protocol="cd6me", augment="rig:30"))
