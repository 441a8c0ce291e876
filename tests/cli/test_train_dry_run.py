"""``mien train NETWORK --dry-run``: the recipe, the data and the precision, without training."""

from __future__ import annotations

import json

import pytest

from mien.engines import compute
from mien.training.faces.face_set import IMAGES_NAME
from mien.training.faces.held_out import is_held_out
from tests.cli.test_train import TINY, people

PEOPLE = [f"person {number}" for number in range(24)]
OUT = sorted(name for name in PEOPLE if is_held_out(name, 0.1))


@pytest.fixture
def dry(run, tmp_path):
    """Run a dry run that leaves nothing behind."""

    def dry(data, *words, network="ulme-gan"):
        there = sorted(tmp_path.rglob("*"))
        ran = run("train", network, "--data", data, "--out", tmp_path / "run", "--dry-run", *words)
        assert sorted(tmp_path.rglob("*")) == there
        return ran

    return dry


def test_it_says_what_the_data_are_and_which_precision_is_used(dry, face_set, monkeypatch):
    for half, said in ((True, "bf16-mixed: the device has"), (False, "32-true: the device has no")):
        monkeypatch.setattr(compute, "_has_bfloat16", lambda device, half=half: half)
        ran = dry(face_set, *TINY)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.splitlines()[-2:] == [
            f"data {face_set}: 24 people ({len(OUT)} held out: {', '.join(OUT)}), 24 faces, "
            "48 pictures of 16 px; a first batch of 2 can be read",
            f"precision {said} bfloat16",
        ]
    ran = dry(face_set, *TINY, "--set", "precision=32-true")
    assert ran.out.splitlines()[-1] == "precision 32-true"


def test_with_json_stdout_is_the_recipe_alone(dry, face_set):
    ran = dry(face_set, *TINY, "--json")
    recipe = json.loads(ran.out)
    assert recipe["generator"]["image_px"] == 16 and recipe["weights"]["adversarial"] == 0
    data, precision = ran.err.splitlines()
    assert data.startswith(f"mien: note: data {face_set}: 24 people") and ran.code == 0
    assert precision.startswith("mien: note: precision ")


def test_the_recipe_is_beside_the_official_values_also_without_data(dry):
    published, ours = (dry("x", "--recipe", name) for name in ("published", "ours"))
    assert (published.code, published.err.count("\n")) == (2, 1)
    assert "expected a folder of portraits, got x" in published.err
    published, ours = (
        {line.split()[0]: line.split()[1:] for line in ran.out.splitlines()}
        for ran in (published, ours)
    )
    assert published["field"] == ["this", "run", "official"]
    assert published["weights.au"] == ["160", "160"]
    assert published["penalty_reduction"] == ["sum", "sum"]
    assert ours["penalty_reduction"] == ["mean", "sum", "differs"]
    assert ours["generator.aus"][:2] == ["AU1L,AU1R,AU2L,AU2R,...", "(30)"]
    fields = json.loads(dry("x", "--json").out)
    assert {name for name in fields if not isinstance(fields[name], dict)} <= published.keys()
    assert fields["batch_size"] == 25


def test_data_that_do_not_fit_are_one_line(dry, face_set, tmp_path):
    wrong = {
        (face_set, "--recipe", "painted"): "expected faces of 128 px, got 16",
        (face_set, "--recipe", "ours", "--set", "generator.image_px=16"): "face set of kind flow",
        (face_set, *TINY, "--init", tmp_path / "none"): "expected a folder of weights or a run",
        (tmp_path / "empty", *TINY): "expected pictures in",
    }
    (tmp_path / "empty").mkdir()
    for words, said in wrong.items():
        ran = dry(*words)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert ran.err.startswith("mien: error: ") and said in ran.err
    with (face_set / IMAGES_NAME).open("r+b") as images:
        images.truncate(100)
    ran = dry(face_set, *TINY)
    assert (ran.code, ran.err.count("\n")) == (2, 1) and "is damaged" in ran.err


def test_portraits_of_which_the_run_makes_a_set(dry, face_file, tmp_path):
    folder = people(face_file, tmp_path / "three", 3)
    held_out = next(file.stem for file in folder.iterdir() if is_held_out(file.stem, 0.1))
    (folder / "a bad one.png").write_bytes(b"no picture")
    said = (
        f"data {folder}: 4 people (1 held out: {held_out}), 4 portraits; a first face can be read"
    )
    ran = dry(folder, "--recipe", "published")
    assert ran.code == 0 and said in ran.out
    ran = dry("rig", "--portraits", folder, "--recipe", "ours", "--prior", "awp", network="fomm")
    assert ran.code == 0 and said in ran.out
    for file in folder.glob(f"*{face_file.suffix}"):
        file.write_bytes(b"no picture")
    ran = dry(folder, "--recipe", "published")
    assert ran.code == 2 and "expected pictures of faces seen from the front" in ran.err


def test_portraits_for_a_recipe_that_needs_pairs_are_refused_at_once(dry, face_file):
    ran = dry(face_file.parent, "--recipe", "painted")
    assert ran.code == 2 and "do not show ulme-gan how a face moves" in ran.err
