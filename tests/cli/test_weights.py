from __future__ import annotations

import json

import torch

from tests.training.official.states import checkpoint, read_here, saved


def test_import_and_show(run, tmp_path, monkeypatch):
    read_here(monkeypatch)
    state = checkpoint("mraa") | {"avd_network": {"decoder.0.weight": torch.zeros(4, 4)}}
    torch.save(state, tmp_path / "mraa.pth")
    out = tmp_path / "w"
    arguments = ("--architecture", "mraa", "--out", out, "--licence", "MIT", "--square-cm", 18)
    ran = run("weights", "import", tmp_path / "mraa.pth", *arguments)
    assert (ran.code, ran.err) == (
        0,
        "mien: warning: avd_network is left out: only the networks that paint are imported\n",
    )
    crop = "a square of 18 canonical centimetres around the face, upright with it, at 256 px"
    assert ran.out == f"{out}: mraa, licence MIT, {crop}\n"

    shown = run("weights", "show", out).out
    assert f"- Crop: {crop}\n" in shown and "- Licence: MIT\n" in shown
    card = json.loads(run("weights", "show", out, "--json").out)
    assert card["recipe"]["imported_from"] == "mraa.pth"
    assert card["config"]["conventions"] == "published" and card["config"]["root"] == "svd"


def test_wrong_input_is_one_line(run, tmp_path):
    file = saved(tmp_path, "ulme-gan")
    for words, said in (
        ((tmp_path / "none.pth", "--architecture", "fomm"), "it is not a file"),
        ((file, "--architecture", "tps"), "expected one of"),
        ((file, "--architecture", "fomm", "--square-cm", "wide"), "expected a number"),
    ):
        ran = run("weights", "import", *words, "--out", tmp_path / "w")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("mien: error: ") and ran.err.count("\n") == 1
        assert said in ran.err, ran.err
    ran = run("weights", "show", tmp_path / "nowhere")
    assert ran.code == 2 and "card.json" in ran.err
    assert not (tmp_path / "w").exists()
