from __future__ import annotations

import json
import shutil

import pytest

from mien.engines.weights import load_weights
from mien.install import install_command
from mien.training import extra, face_sets
from mien.training.architectures import ARCHITECTURES
from mien.training.faces.face_set import FaceSet
from mien.training.faces.held_out import is_held_out

TINY = [
    *("--recipe", "painted", "--set", "generator.image_px=16", "--set", "generator.width=4"),
    *("--set", "generator.blocks=1", "--set", "batch_size=2", "--accelerator", "cpu"),
]


def test_train_resume_export(run, face_set, tmp_path):
    out = tmp_path / "run"
    train = ("train", "ulme-gan", "--data", face_set, "--out", out, "--json")
    first = run(*train, *TINY, "--steps", 3, "--minutes", "0.0000001")
    said = json.loads(first.out)
    assert (first.code, said["step"], said["stopped"]) == (0, 1, "minutes")
    said = json.loads(run(*train, "--resume").out)
    assert (said["step"], said["stopped"]) == (3, "finished")
    assert said["precision"] in ("32-true", "bf16-mixed")
    assert said["validation"]["cycle_l1"] > 0

    exported = run("train", "export", out, "--out", tmp_path / "w", "--trained-on", "Of noise.")
    assert (exported.code, exported.out) == (0, f"{tmp_path / 'w'}: ulme-gan, 30 AUs, 1 shards\n")
    weights = load_weights(tmp_path / "w", "ulme-gan")
    assert weights.config["conditioning"] == "relative" and len(weights.card.aus) == 30
    assert weights.card.recipe["steps_done"] == 3
    assert weights.card.metrics == pytest.approx(said["validation"], abs=1e-6)
    assert "moved by Mien's face rig" in weights.card.training_data
    assert weights.card.training_data.endswith("Of noise.")
    assert weights.card.licence == "not stated"

    again = run(
        *train[:4], "--out", tmp_path / "tuned", *TINY, "--steps", 1, "--init", tmp_path / "w"
    )
    assert again.code == 0, again.err


def people(face_file, folder, count):
    """A folder of ``count`` people who all look alike; the first is held out, the others are not."""
    names = [f"person {number}" for number in range(99)]
    held_out = next(name for name in names if is_held_out(name, 0.1))
    learned = [name for name in names if not is_held_out(name, 0.1)]
    folder.mkdir()
    for name in [held_out, *learned][:count]:
        shutil.copy(face_file, folder / f"{name}{face_file.suffix}")
    return folder


def test_rig_faces_are_made_for_a_run_and_used_again_if_they_are_the_same(
    run, face_file, tmp_path, monkeypatch
):
    folder = people(face_file, tmp_path / "two", 2)
    args = ("train", "ulme-gan", "--data", "rig", "--portraits", folder, "--out", tmp_path / "run")
    options = (*TINY, "--set", "generator.image_px=64", "--set", "batch_size=2")
    # The set is made, and the run stops for something else.
    (tmp_path / "none").mkdir()
    failed = run(*args, *options, "--views", 2, "--init", tmp_path / "none")
    assert failed.code == 2 and "none" in failed.err
    made = FaceSet.open(tmp_path / "run" / "faces")
    assert made.images.shape[:3] == (2, 2, 64) and made.is_paired

    monkeypatch.setattr(face_sets, "build_faces", lambda *a, **k: pytest.fail("made again"))
    assert run(*args, *options, "--views", 2, "--init", tmp_path / "none").err == failed.err
    more = (*args[:5], people(face_file, tmp_path / "three", 3), *args[6:])
    for other in ((*args, *options, "--views", 3), (*more, *options, "--views", 2)):
        with pytest.raises(pytest.fail.Exception, match="made again"):
            run(*other)


def test_too_few_people_are_told_before_their_faces_are_made(run, face_file, tmp_path):
    folder = people(face_file, tmp_path / "one", 1)
    args = ("train", "fomm", "--data", "rig", "--portraits", folder, "--out", tmp_path / "run")
    ran = run(*args, "--prior", "awp", "--recipe", "ours")
    assert ran.code == 2 and "got 1: 50 are nearly always enough" in ran.err
    assert not (tmp_path / "run" / "faces").exists()


def test_single_pictures_are_told_before_they_are_measured(run, face_file, tmp_path):
    args = ("--data", face_file.parent, "--out", tmp_path / "run", "--recipe", "ours")
    ran = run("train", "mraa", *args, "--prior", "awp")
    assert ran.code == 2 and "do not show mraa how a face moves" in ran.err
    assert not (tmp_path / "run" / "faces").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--data", "rig"), "--portraits FOLDER with --data rig"),
        (("--data", "x", "--portraits", "y"), "--portraits FOLDER with --data rig"),
        (("--data", "nowhere"), "expected a folder of portraits"),
        (("--data", "x", "--recipe", "theirs"), "published, ours"),
        (("--data", "x", "--set", "batchsize=2"), "did you mean batch_size"),
        (("--data", "x", "--resume"), "leave out --resume"),
        (("--data", "x", "--resume", "--steps", "5"), "--resume without --recipe"),
        (("--data", "x", "--minutes", "0"), "minutes over 0"),
        (("--data", "x", "--views", "1"), "--views from 2 on"),
        (("--data", "x", "--steps", "0"), "steps from 1 on"),
    ],
)
def test_wrong_input_is_one_line(run, tmp_path, words, said):
    ran = run("train", "ulme-gan", "--out", tmp_path / "run", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("mien: error: ") and ran.err.count("\n") == 1
    assert said in ran.err
    assert list(tmp_path.iterdir()) == []


def test_export_of_no_run(run, tmp_path):
    ran = run("train", "export", tmp_path, "--out", tmp_path / "w")
    assert ran.code == 2 and "expected a run's folder with checkpoints" in ran.err


def test_without_the_extra_it_is_named(run, monkeypatch, tmp_path):
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    ran = run("train", "ulme-gan", "--data", "x", "--out", tmp_path / "run")
    assert ran.code == 2 and install_command("train") in ran.err


@pytest.fixture
def help_of(capsys, monkeypatch):
    """Return the help of a subcommand, its line breaks as spaces."""
    from mien.cli.main import main

    monkeypatch.setenv("COLUMNS", "200")

    def help_of(*words):
        with pytest.raises(SystemExit) as left:
            main(["train", *words, "--help"])
        assert left.value.code == 0
        return " ".join(capsys.readouterr().out.replace("│", " ").split())

    return help_of


@pytest.mark.parametrize("command", [*ARCHITECTURES, "faces", "export"])
def test_help(help_of, command):
    said = help_of(command)
    assert "--out" in said and "MISSING" not in said and "None" not in said


def test_every_network_has_a_subcommand(help_of):
    said = help_of()
    assert f"{{{','.join(ARCHITECTURES)},faces,export}}" in said
    assert "Train FOMM, with a facial prior or without. Ctrl-C saves and stops" in said


def test_each_network_offers_what_it_takes(help_of):
    gan, fomm, mraa, avd = map(help_of, ARCHITECTURES)
    assert "--data SET|FOLDER|rig Training data: a face set; a folder of portraits" in gan
    assert "--prior" not in gan and "--points" not in gan
    assert (
        "--data SET|rig Training data: a face set of kind rig or flow, or of clips; or rig" in fomm
    )
    assert "--prior none|ewp|awp" in fomm and "--points N" in fomm
    assert "--prior none|awp" in mraa
    assert "--mraa FOLDER" in avd and "--prior" not in avd and "--mraa" not in mraa


def test_a_prior_that_the_network_does_not_take(run, tmp_path):
    ran = run("train", "mraa", "--data", "x", "--out", tmp_path / "run", "--prior", "ewp")
    assert ran.code == 2 and "expected one of awp, none after --prior, got 'ewp'" in ran.err


def test_a_missing_extra_is_told_before_faces_are_made(run, face_file, tmp_path, monkeypatch):
    from importlib.metadata import PackageNotFoundError

    from mien.metrics import vgg_weights

    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(vgg_weights, "distribution", missing)
    args = ("train", "fomm", "--data", "rig", "--portraits", face_file.parent)
    ran = run(*args, "--out", tmp_path / "run")
    assert ran.code == 2 and ran.err.endswith(install_command("perceptual") + "\n")
    assert ran.err.count("\n") == 1 and len(ran.err) < 161
    assert not (tmp_path / "run" / "faces").exists()
    dry = run(*args, "--out", tmp_path / "run", "--dry-run", "--json")
    assert json.loads(dry.out)["weights"]["perceptual"] == 10
    assert (dry.code, dry.err) == (2, ran.err)


def test_avd_follows_an_mraa(run, tmp_path):
    from tests.engines.motion_net.nets import motion_weights

    folder = motion_weights(tmp_path / "mraa", "mraa", prior="awp")
    avd = ("train", "avd", "--data", "x", "--out", tmp_path / "run")
    dry = run(*avd, "--mraa", folder, "--dry-run", "--json")
    assert dry.code == 2 and "expected a folder of portraits, got x" in dry.err
    said = json.loads(dry.out)
    assert said["regions"]["image_px"] == 32 and said["network"]["points"] == 18
    none = run(*avd)
    assert none.code == 2 and "expected --mraa FOLDER" in none.err
    other = run(*avd, "--mraa", motion_weights(tmp_path / "fomm"))
    assert other.code == 2 and "those of fomm" in other.err
    resumed = run(*avd, "--mraa", folder, "--resume")
    assert resumed.code == 2 and "a run keeps its own" in resumed.err
    assert not (tmp_path / "run").exists()
