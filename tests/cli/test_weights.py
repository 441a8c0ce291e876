from __future__ import annotations

import json

import torch

from tests.training.official.states import read_here, saved, with_avd


def test_import_and_show(run, tmp_path, monkeypatch):
    read_here(monkeypatch)
    torch.save(with_avd(), tmp_path / "mraa.pth")
    out, avd = tmp_path / "w", tmp_path / "avd"
    arguments = (
        "--architecture",
        "mraa",
        "--out",
        out,
        "--licence",
        "MIT",
        "--square-cm",
        18,
        "--avd",
        avd,
    )
    ran = run("weights", "import", tmp_path / "mraa.pth", *arguments)
    assert (ran.code, ran.err) == (
        0,
        f"mien: warning: avd_network is in {avd}: drive with --driving avd --avd {avd}\n",
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
