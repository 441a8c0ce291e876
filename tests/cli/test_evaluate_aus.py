from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import mien
from tests.recognition.au_squares import au_maps


@pytest.fixture(scope="module")
def clip(small_face, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clip")
    au = "AU4=3@0-0.12-0.12-0.24"
    return mien.generate(small_face, folder / "brow.mkv", au=au, fps=25)


def test_json_with_and_without_openface(run, clip, tmp_path):
    mien.write_openface(tmp_path / "of.csv", clip.track)
    start = ("evaluate", "aus", clip.path, "--track", clip.sidecar, "--json")
    alone = json.loads(run(*start).out)
    both = json.loads(run(*start, "--openface", tmp_path / "of.csv").out)
    assert list(alone) == [
        *("clip", "track", "frames", "fps", "asked", "mien", "blendshapes", "openface", "notes")
    ]
    assert alone["openface"] is None and alone["mien"] == both["mien"]
    assert (alone["frames"], alone["fps"]) == (7, "25")
    assert alone["asked"]["apex_seconds"] == pytest.approx(0.12)
    exact = both["openface"]["aus"]["AU4"]
    assert exact == {
        "correlation": 1.0, "spearman": 1.0, "rmse": 0.0, "mae": 0.0, "amplitude": 1.0, "asked_peak": 3.0
    }  # fmt: skip
    assert both["openface"]["late"]["apex_seconds"] == 0
    assert both["openface"]["timing"] == both["asked"]
    assert list(both["mien"]["mean"]) == ["correlation", "rmse", "amplitude"]
    assert both["mien"]["most_unasked"]["mean"] < 0.5


def test_a_person_reads_a_table(run, clip):
    ran = run("evaluate", "aus", clip.path, "--track", clip.sidecar)
    assert ran.code == 0 and "AU4 │ Mien" in ran.out
    lines = ran.out.splitlines()[-2:]
    assert [line.split(":")[0] for line in lines] == ["asked", "read by Mien"]
    assert all("apex 0.120 s" in line for line in lines)


def test_bad_input_is_one_line(run, clip, small_face, tmp_path):
    mien.write_track(tmp_path / "slow.csv", clip.track.at_frame_rate(12.5))
    grey = mien.generate(small_face, tmp_path / "a.mkv", au="AU4=3@0-.04-.04-.08", fps=25)
    for words, says in (
        ((clip.path,), "--track"),
        ((clip.path, "--track", tmp_path / "none.csv"), "none.csv"),
        ((clip.path, "--track", tmp_path), "a file after --track, got the folder"),
        ((clip.path, "--track", tmp_path / "slow.csv"), "got 4 and 7"),
        ((clip.path, "--track", grey.sidecar), "got 3 and 7"),
        ((tmp_path / "none.mkv", "--track", clip.sidecar), "none.mkv"),
    ):
        ran = run("evaluate", "aus", *words)
        assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1, ran.err


def test_detectors_of_aus(run, clip, tmp_path):
    au_maps("r", 6, 1).write_npz(tmp_path / "real.npz")
    au_maps("g", 12, 2, "rig").write_npz(tmp_path / "made.npz")
    start = ("evaluate", "aus", "--flows", tmp_path / "real.npz", "--seeds", 1)
    augment = ("--augment", tmp_path / "made.npz")
    figures = json.loads(run(*start, *augment, "--json").out)
    assert list(figures) == [
        *(
            "protocol",
            "model",
            "train",
            "seeds",
            "clips",
            "people",
            "auc",
            "f1",
            "mcc",
            "aus",
            "sides",
            "side",
        ),
        *("without", "gain", "with_unseen"),
    ]
    assert figures["auc"] > 0.9 and list(figures["gain"]) == ["mean", "low", "high"]
    lines = run(*start, *augment).out.splitlines()
    assert lines[0] == "kernel, trained on both kinds of maps, loso, one seed: 48 clips of 6 people"
    assert lines[1].startswith("  mean of AUs  AUC ") and lines[-2].startswith("  gain in AUC ")
    plain = json.loads(run(*start, "--json").out)
    assert plain["train"] == "real" and "gain" not in plain
    assert plain["aus"] == figures["without"]["aus"]
    other = au_maps("t", 6, 3, "samm")
    other.write_npz(tmp_path / "samm.npz")
    replace(au_maps("r", 6, 1), dataset=np.full(48, "casme2")).write_npz(tmp_path / "casme2.npz")
    both = ("--flows", tmp_path / "casme2.npz", tmp_path / "samm.npz", "--protocol", "cd6me")
    lines = run("evaluate", "aus", *both, *augment, "--seeds", 1).out.splitlines()
    assert lines[0].endswith("cd6me, one seed: 96 clips of 12 people")
    assert lines[1].startswith("  mean of AUs          F1 0.") and " macro F1 " in lines[1]
    assert "48 clips (MEB has 256)" in "".join(lines) and "gain in F1" in lines[-1]
    said = json.loads(run("evaluate", "aus", *both, "--json").out)
    assert list(said["f1"]) == ["aus", "datasets"] and len(said["aus"]) == 12
    for words, says in (
        ((*start, "--protocol", "cd6me"), "data sets of CD6ME"),
        ((*start, "--epochs", "3"), "--epochs needs --model"),
        ((*start, clip.path), "--flows without CLIP"),
        ((*start, "--start", "0.1"), "--flows without CLIP"),
        ((*start, "--protocol", "cross"), "two data sets or more"),
        (("evaluate", "aus", clip.path, "--track", clip.sidecar, "--seeds", 2), "with --flows"),
        (("evaluate", "aus"), "expected CLIP, or --flows"),
    ):
        ran = run(*words)
        assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1, ran.err
