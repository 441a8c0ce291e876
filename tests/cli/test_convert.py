from __future__ import annotations

import json

from tests.io.timelines.layouts import FEX

EVENTS = (
    "au,onset_seconds,apex_start_seconds,apex_end_seconds,offset_seconds,peak_intensity,confidence\n"
    "observed fps=30,0,,,1,,\nAU12L,0.1,0.2,0.25,0.4,B,0.9\nAU4,0.36666666666666664,,,0.5,,\n"
)


def test_a_person_reads_what_is_lost(run, tmp_path):
    (tmp_path / "a.csv").write_text(EVENTS)
    ran = run("convert", tmp_path / "a.csv", tmp_path / "b.tsv")
    assert ran.code == 0
    assert (
        ran.out == f"{tmp_path / 'b.tsv'}: 2 events of AU4 AU12L (mien-events to boris-tabular)\n"
    )
    assert ran.err.splitlines() == [
        "mien: warning: lost: BORIS, tabular events has no confidence of an event",
        "mien: warning: lost: BORIS, tabular events has whole milliseconds: 1 of 6 times rounded, by up to 0.33 ms; "
        "frames at 30 a second are not whole milliseconds apart",
    ]


def test_json(run, tmp_path):
    (tmp_path / "fex.csv").write_text(FEX)
    ran = run(
        *("convert", tmp_path / "fex.csv", tmp_path / "b.json"),
        *("--fps", "25", "--scale", "5", "--json"),
    )
    made = json.loads(ran.out)
    assert (made["from"], made["to"], made["frames"]) == ("fex", "mien", 4)
    assert made["losses"] and made["notes"] == [
        "fex.csv: left out what is not among Mien's AUs: AU11"
    ]
    assert json.loads((tmp_path / "b.json").read_text())["names"] == made["aus"]


def test_errors_are_one_line(run, tmp_path):
    (tmp_path / "fex.csv").write_text(FEX)
    (tmp_path / "text.csv").write_text("a,b\n1,2\n")
    for words, says in (
        (("fex.csv", "b.csv"), "give one with --fps"),
        (("fex.csv", "b.csv", "--fps", "25"), "--scale 5"),
        (("fex.csv", "b.csv", "--fps", "25", "--scale", "6"), "above 0 and up to 5"),
        (("text.csv", "b.csv"), "iMotions"),
        (("none.csv", "b.csv"), "does not exist"),
        (("fex.csv",), "expected B"),
        (("fex.csv", "b.csv", "--from", "imotions"), "Brow Furrow"),
    ):
        files = [tmp_path / w if w.endswith(".csv") else w for w in words]
        ran = run("convert", *files)
        assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1, ran.err
        assert not (tmp_path / "b.csv").exists()


def test_aus_of_other_commands_take_every_format(run, face_file, tmp_path):
    (tmp_path / "fex.csv").write_text(FEX)
    start = (
        "generate",
        face_file,
        "--out",
        tmp_path / "a.mkv",
        "--aus",
        tmp_path / "fex.csv",
        "--fps",
        25,
    )
    refused = run(*start)
    assert refused.code == 2 and "--aus-scale 5" in refused.err and refused.err.count("\n") == 1
    assert run(*start, "--aus-scale", 2).code == 0
    sidecar = json.loads((tmp_path / "a.mkv.json").read_text())
    names, values = sidecar["track"]["names"], sidecar["track"]["values"]
    assert [row[names.index("AU12")] for row in values] == [0.4, 1.9, 1.5, 1.1]
    assert sidecar["settings"]["aus_scale"] == 2
    recode = (
        "recode",
        tmp_path / "fex.csv",
        "--out",
        tmp_path / "r.csv",
        "--fps",
        25,
        "--mode",
        "none",
    )
    assert "--aus-scale" in run(*recode).err
    ran = run(*recode, "--aus-scale", 5, "--json")
    assert ran.code == 0 and "AU12" in json.loads(ran.out)["kept"]
    (tmp_path / "table.csv").write_text(f"portrait,aus,aus_scale,fps\n{face_file},fex.csv,4,25\n")
    assert run("batch", tmp_path / "table.csv", "--out", tmp_path / "clips").code == 0
    (clip,) = (tmp_path / "clips").glob("*.mp4.json")
    assert json.loads(clip.read_text())["settings"]["aus_scale"] == 4
    unused = run(
        "generate", face_file, "--out", tmp_path / "b.mkv", "--expression", "fear", "--aus-scale", 2
    )
    assert unused.code == 2 and "--aus-scale needs --aus" in unused.err


def test_agreement(run, tmp_path):
    (tmp_path / "a.csv").write_text(EVENTS)
    (tmp_path / "b.csv").write_text(EVENTS.replace("0.1,0.2", "0.13333333333333333,0.2"))
    ran = run(
        "evaluate", "agreement", tmp_path / "a.csv", tmp_path / "b.csv", "--tolerance-ms", "40"
    )
    assert ran.code == 0 and "│ AU12L │     30 │    9 │    8 │ 0.918 │    1.000 │" in ran.out
    assert "30 frames a second up to 1 s, tolerance 40 ms; errors are B minus A" in ran.out
    made = json.loads(
        run("evaluate", "agreement", tmp_path / "a.csv", tmp_path / "b.csv", "--json").out
    )
    assert list(made) == [
        *("a", "b", "format_a", "format_b", "fps", "end_seconds", "tolerance_ms", "aus", "pooled"),
        *("not_compared", "notes"),
    ]
    assert made["aus"]["AU12L"]["onset_error_ms"] == 33.333 and made["aus"]["AU4"]["kappa"] == 1
    assert list(made["pooled"]) == [
        *(
            "frames",
            "present_a",
            "present_b",
            "agreement",
            "kappa",
            "tolerant_kappa",
            "events_a",
            "events_b",
        ),
        *("matched", "f1", "onset_error_ms", "onset_absolute_error_ms", "offset_error_ms"),
        "offset_absolute_error_ms",
    ]
    refused = run("evaluate", "agreement", tmp_path / "a.csv", tmp_path / "none.csv")
    assert refused.code == 2 and refused.err.count("\n") == 1
