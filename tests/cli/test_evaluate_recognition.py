from __future__ import annotations

import json

import numpy as np
import pytest

from mien.io.flow_sets import FlowSet
from mien.recognition.names import NET_NAMES


def maps(people: str, count: int, seed: int, labels: int = 3) -> FlowSet:
    """Subjects of six clips each, whose classes are a bright square at three places among noise."""
    rng = np.random.default_rng(seed)
    label, subject = np.tile(np.arange(6) % labels, count), np.repeat(np.arange(count), 6)
    flow = rng.integers(90, 150, (6 * count, 28, 28, 3), dtype=np.uint8)
    for sample, name in zip(flow, label, strict=True):
        sample[4 + 8 * name : 8 + 8 * name, 12:16] = 250
    names = np.array([f"{people}{number}" for number in subject])
    clips = np.array([f"clip{number}" for number in range(len(names))])
    return FlowSet(flow, label, names, np.full(len(names), "casme2"), clips)


@pytest.fixture
def files(tmp_path):
    maps("a", 5, 0).write_npz(tmp_path / "real.npz")
    made = maps("g", 6, 1)
    made.write_npz(tmp_path / "flows.npz")
    return tmp_path / "real.npz", tmp_path


@pytest.mark.parametrize("model", ["kernel", "svm", "ststnet", "off-apexnet"])
def test_json_with_and_without_generated_maps(run, files, model):
    real, folder = files
    ran = run(
        *("evaluate", "recognition", "--flows", real, "--augment", folder, "--model", model),
        *("--use", "mix", "--seeds", 2, "--json"),
        *(("--epochs", 2) if model in NET_NAMES else ()),
    )
    figures = json.loads(ran.out)
    assert list(figures) == ["model", "seeds", "full", "casme2", "confusion", "without", "gain"]
    assert figures["full"] == figures["casme2"] and list(figures["full"]) == ["uf1", "uar"]
    expected = figures["full"]["uf1"] - figures["without"]["full"]["uf1"]
    assert figures["gain"]["mean"] == pytest.approx(expected)
    assert np.sum(figures["confusion"]["full"], 1) == pytest.approx([10, 10, 10])
    if model == "kernel":
        assert figures["confusion"]["full"] == [[10, 0, 0], [0, 10, 0], [0, 0, 10]]
        assert figures["full"]["uf1"] == figures["without"]["full"]["uf1"] == 1


def test_generated_alone_and_finetuned(run, files):
    real, folder = files
    start = ("evaluate", "recognition", "--flows", real, "--augment", folder, "--json")
    alone = json.loads(run(*start, "--train", "generated").out)
    assert alone["full"]["uf1"] == 1 and "gain" not in alone
    assert json.loads(run(*start, "--use", "finetune").out)["full"]["uf1"] == 1


@pytest.mark.parametrize("model", ["sssnet", "resnet18"])
def test_deep_nets_are_trained_too(run, files, model):
    real, folder = files
    options = ("--augment", folder, "--train", "generated", "--epochs", 1, "--seeds", 1, "--json")
    told = json.loads(
        run("evaluate", "recognition", "--flows", real, "--model", model, *options).out
    )
    assert told["model"] == model and np.sum(told["confusion"]["full"]) == 30


def test_maps_from_the_rig_need_no_file(run, files):
    told = json.loads(
        run("evaluate", "realism", "--flows", files[0], "--generated", "rig:30", "--json").out
    )
    assert told["generated"] == 30 and told["auc"] > 0.9, "squares in noise are no faces"


def test_a_person_reads_the_confusion(run, files):
    ran = run("evaluate", "recognition", "--flows", files[0], "--seeds", 1)
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    where = lines.index("negative positive surprise")
    assert lines[where + 1 : where + 4] == ["negative 10 0 0", "positive 0 10 0", "surprise 0 0 10"]


def test_a_leak_says_so(run, files):
    start = ("evaluate", "recognition", "--flows", files[0], "--seeds", 1)
    leaky = run(*start, "--model", "ststnet", "--epochs", 3, "--leak")
    assert "LEAK, no result" in leaky.out
    assert "--model ststnet, off-apexnet, sssnet or resnet18" in run(*start, "--leak").err


def test_realism(run, files, tmp_path):
    real, folder = files
    alike = json.loads(
        run("evaluate", "realism", "--flows", real, "--generated", folder, "--json").out
    )
    made = FlowSet.from_npz(folder / "flows.npz")
    dark = FlowSet(made.flow // 2, made.label, made.subject, made.dataset, made.clip)
    dark.write_npz(tmp_path / "dark.npz")
    told = run("evaluate", "realism", "--flows", real, "--generated", tmp_path / "dark.npz").out
    assert 0.2 < alike["auc"] < 0.8 and told.startswith("AUC 1.000")


def test_bad_input_is_one_line(run, files, tmp_path):
    real, _ = files
    maps("a", 1, 0).write_npz(tmp_path / "one.npz")
    maps("a", 4, 0, labels=2).write_npz(tmp_path / "two.npz")
    np.savez(tmp_path / "bare.npz", flow=np.zeros((2, 28, 28, 3), np.uint8))
    start = ("evaluate", "recognition", "--flows")
    for words, says in (
        ((tmp_path / "one.npz",), "two subjects or more"),
        ((tmp_path / "two.npz",), "none of class surprise"),
        ((tmp_path / "bare.npz",), "no label"),
        ((tmp_path / "none.npz",), "no file"),
        ((real, "--model", "oracle"), "oracle"),
        ((real, "--augment", tmp_path / "rig.npz"), "no file"),
        ((real, "--augment", real), "a0 in both sets"),
        ((real, "--augment", "rig:lots"), "rig:N with N from 30 on, got rig:lots"),
        ((real, "--seeds", 0), "--seeds"),
        ((real, "--train", "generated"), "--augment"),
    ):
        ran = run(*start, *words)
        assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1, ran.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ("--model", "kernel", "--epochs", 3),
            "--epochs needs --model ststnet, off-apexnet, sssnet or resnet18",
        ),
        (("--model", "svm", "--epochs", 3), "got --model svm"),
        (("--use", "mix"), "--use needs --augment"),
        (("--model", "stnet"), "see mien evaluate recognition --help"),
    ],
)
def test_options_without_effect_are_refused(run, files, options, says):
    ran = run("evaluate", "recognition", "--flows", files[0], *options)
    assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1


def test_one_seed_is_no_mean(run, files):
    said = run("evaluate", "recognition", "--flows", files[0], "--seeds", 1).out
    assert said.startswith("kernel, one seed\n")
