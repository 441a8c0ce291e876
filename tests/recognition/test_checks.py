from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from mien.errors import DatasetError
from mien.io.clip_hash import sha256_file
from mien.recognition.evaluate import evaluate_recognition
from mien.recognition.options import RecognitionOptions
from tests.recognition.squares import maps


def test_nobody_is_in_two_splits(tmp_path):
    maps("a", 3, 0).write_npz(tmp_path / "real.npz")
    maps("a", 2, 1).write_npz(tmp_path / "made.npz")
    options = RecognitionOptions(augment=str(tmp_path / "made.npz"))
    with pytest.raises(DatasetError, match=r"without a test subject, got a0 in both sets"):
        evaluate_recognition(tmp_path / "real.npz", options)


def test_clips_of_no_class_are_refused(tmp_path):
    real = maps("a", 3, 0)
    some = replace(real, label=np.where(np.arange(18) == 4, -1, real.label))
    some.write_npz(tmp_path / "some.npz")
    real.write_npz(tmp_path / "real.npz")
    with pytest.raises(DatasetError, match="three classes, got 1 of none: measure them without"):
        evaluate_recognition(tmp_path / "some.npz", RecognitionOptions())
    replace(some, subject=np.char.add("g", some.subject)).write_npz(tmp_path / "made.npz")
    options = RecognitionOptions(augment=str(tmp_path / "made.npz"))
    with pytest.raises(DatasetError, match="generated maps of the three classes"):
        evaluate_recognition(tmp_path / "real.npz", options)


def test_codes_of_tested_clips_are_refused(tmp_path):
    for name in ("samm", "casme3"):
        maps("a", 3, 0, name).write_npz(tmp_path / f"{name}.npz")
    made = tmp_path / "made"
    made.mkdir()
    maps("g", 3, 1, "folder").write_npz(made / "flows.npz")
    (made / "manifest.csv").write_text("clip\n")
    hashes = {name: sha256_file(made / name) for name in ("manifest.csv", "flows.npz")}
    (made / "maps.json").write_text(json.dumps({"sha256": hashes, "skipped": []}))

    def refused(tested: str, source: str, *datasets: str) -> str | None:
        record = {"drivers": None, "datasets": datasets}
        (made / "augment.json").write_text(json.dumps(record))
        try:
            evaluate_recognition(tmp_path / f"{tested}.npz", RecognitionOptions(augment=source))
        except DatasetError as error:
            return str(error)
        return None

    assert "codes of samm" in (refused("samm", str(made), "DFME", "SAMM") or "")
    assert "codes of samm" in (refused("samm", str(made / "flows.npz"), "samm ") or "")
    assert refused("samm", str(made), "DFME", "CAS(ME)3") is None
    assert "codes of casme3" in (refused("casme3", "rig:30") or "")
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
    with pytest.raises(DatasetError, match="got none of surprise"):
        evaluate_recognition(tmp_path / "real.npz", two)
    # Beside real ones, maps of some classes may be all that is wanted.
    beside = RecognitionOptions(augment=str(tmp_path / "two.npz"))
    assert evaluate_recognition(tmp_path / "real.npz", beside)["full"]["uf1"] == 1


def test_a_data_set_named_as_a_figure_is_refused(tmp_path):
    maps("a", 4, 0, "model").write_npz(tmp_path / "real.npz")
    with pytest.raises(DatasetError, match="names other than the result's keys, got 'model'"):
        evaluate_recognition(tmp_path / "real.npz", RecognitionOptions())
