"""``mien experiment analyse``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mien.cli.main import main
from tests.experiment.simulated import simulated


@pytest.fixture
def results(tmp_path: Path) -> Path:
    answers = simulated(6, 5, 0.6)
    assert answers.stimuli is not None
    lines = ["participant,stimulus_file,correct_answer,answer,level,naturalness"]
    rows = zip(answers.participants, answers.stimuli, answers.correct, answers.given, strict=True)
    lines += [
        ",".join((*row, "BC"[number % 2], str(number % 5))) for number, row in enumerate(rows)
    ]
    path = tmp_path / "results.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_what_it_prints_and_writes(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, confusion = tmp_path / "table.csv", tmp_path / "confusion.csv"
    command = ["experiment", "analyse", str(results), "--by", "level", "--rating", "naturalness"]
    assert main([*command, "--table", str(table), "--confusion", str(confusion)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("6 participants, 120 trials; correct 0.")
    assert lines[1].startswith("anger      hit rate 0.") and "unbiased 0." in lines[1]
    assert any(line.startswith("correct by level: B 0.") for line in lines)
    assert any("Fleiss' kappa" in line for line in lines)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [row["category"] for row in rows] == ["anger", "disgust", "fear", "happiness"]
    assert all(
        float(row["hit_rate"]) == pytest.approx(int(row["hits"]) / 30, abs=1e-4) for row in rows
    )
    counts = [row[1:] for row in csv.reader(confusion.read_text(encoding="utf-8").splitlines())][1:]
    assert sum(int(cell) for row in counts for cell in row) == 120
    # A second run replaces its own tables.
    assert main([*command, "--table", str(table), "--confusion", str(confusion), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["people"], record["trials"]) == (6, 120)
    assert record["categories"]["fear"]["hits"] == int(rows[2]["hits"])


def test_a_table_of_somebody_else_stays(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = tmp_path / "theirs.csv"
    theirs.write_text("a,b\n", encoding="utf-8")
    assert main(["experiment", "analyse", str(results), "--table", str(theirs)]) == 2
    assert "did not write" in capsys.readouterr().err
    assert main(["experiment", "analyse", str(results), "--key", "1"]) == 2
    assert "expected --key KEY=ANSWER" in capsys.readouterr().err


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    """Files as the rating page writes them."""
    folder = tmp_path / "ratings"
    folder.mkdir()
    for person in range(3):
        lines = [
            "rater,trial,stimulus_file,answer,rated_intensity,naturalness,portrait,correct_answer,intensity,level,duration_ms,side"
        ]
        for number in range(12):
            asked = 1 + number % 4
            answer = ("anger", "fear")[(number + (person == number)) % 2]
            lines.append(
                f"r{person},{number + 1},s{number},{answer},{asked + person},{5 - asked // 2},face{number % 2},"
                f"{('anger', 'fear')[number % 2]},{asked},{'ABCD'[asked - 1]},200,{'' if number else 'left'}"
            )
        (folder / f"r{person}.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "session.json").write_text("{}")
    return folder


def test_ratings_are_read_without_naming_columns(
    ratings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {name: tmp_path / name for name in ("t.md", "t.tex", "n.csv", "plots")}
    command = ["experiment", "analyse", str(ratings), "--by", "portrait", "side"]
    more = ["--norms", str(files["n.csv"]), "--plots", str(files["plots"])]
    assert main([*command, "--table", str(files["t.md"]), *more]) == 0
    out = capsys.readouterr().out
    assert "3 participants, 36 trials; correct 0.92" in out
    assert "rated_intensity: mean 3.50 (2.50 to 4.50); ICC(2,1) " in out
    assert "rated_intensity by intensity asked for: 1 2.00" in out
    assert (
        "rated_intensity and intensity asked for, neutral clips left out: Spearman's rho 1.00"
        in out
    )
    assert "naturalness by portrait: face0 4.50" in out and "correct by portrait: face0 0.89" in out
    assert "Cohen's kappa of each pair of participants: mean 0.67" in out
    assert "correct by side: (none) 0.94" in out and ", left 0.67" in out
    assert (
        main([*command, "--table", str(files["t.tex"]), *more]) == 0
    )  # its own files are replaced
    markdown = files["t.md"].read_text(encoding="utf-8")
    assert "| Expression | Trials | Hit rate |" in markdown and "| anger | 18 | 0.89 [" in markdown
    tex = files["t.tex"].read_text(encoding="utf-8")
    assert r"\toprule" in tex and r"95 \% intervals" in tex and r"anger & 18 & 0.89 [" in tex
    rows = list(csv.DictReader(files["n.csv"].read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 12 and rows[0]["stimulus"] == "s0" and rows[0]["hits"] == "2"
    assert sorted(each.name for each in files["plots"].iterdir()) == [
        "confusion.png",
        "hit_rates.png",
        "naturalness_by_intensity.png",
        "rated_intensity_by_intensity.png",
    ]


def test_sheets_of_coders_are_known_by_their_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "coder,trial,stimulus_file,au,side,level,onset_frame,apex_frame,offset_frame\n"
    (tmp_path / "a.csv").write_text(f"{head}a,1,x,AU12,both,C,1,2,3\na,2,y,,,,,,\n")
    (tmp_path / "b.csv").write_text(f"{head}b,1,x,AU12,left,C,1,4,5\nb,2,y,,,,,,\n")
    table = tmp_path / "out" / "aus.csv"
    assert (
        main(
            [
                "experiment",
                "analyse",
                str(tmp_path / "a.csv"),
                str(tmp_path / "b.csv"),
                "--table",
                str(table),
            ]
        )
        == 0
    )
    out = capsys.readouterr().out
    assert "2 coders, 2 clips that all of them coded" in out
    assert "AU12  seen in 1, 1 clips; Cohen's kappa 1.00" in out and "same side 0.00" in out
    assert "frames apart: onset 0.0, apex 2.0, offset 2.0" in out
    assert table.read_text().splitlines()[1].startswith("AU12,1,1.0,")
    assert main(["experiment", "analyse", str(tmp_path / "a.csv"), "--norms", str(table)]) == 2
    assert "got FACS sheets" in capsys.readouterr().err


def test_catch_trials_have_no_level(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "catch.csv"
    text = "participant,correct_answer,answer,level\n1,fear,fear,B\n1,neutral,fear,\n"
    place.write_text(text, encoding="utf-8")
    assert main(["experiment", "analyse", str(place), "--by", "level"]) == 0
    said = capsys.readouterr()
    assert "correct by level: (none) 0.00" in said.out and ", B 1.00" in said.out
    assert "a single participant: no 95 % intervals over participants" in said.err


LATE = "participant,correct_answer,answer,dropped_frames\n" + "".join(
    f"{person},{emotion},anger,{dropped}\n"
    for person in (1, 2)
    for emotion, dropped in (("anger", 0), ("fear", 2), ("anger", 1), ("fear", 0), ("anger", ""))
)


def test_trials_with_dropped_frames_are_named_and_can_be_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "late.csv"
    place.write_text(LATE, encoding="utf-8")
    command = ["experiment", "analyse", str(place), "--json"]
    found = {}
    for most in ((), ("--most-dropped", "1"), ("--most-dropped", "0")):
        assert main([*command, *most]) == 0
        said = capsys.readouterr()
        record = json.loads(said.out)
        found[most] = (record["trials"], record["dropped_frames"]["trials_left_out"])
        assert record["dropped_frames"]["trials_measured"] == 8
        assert record["dropped_frames"]["trials_with_dropped_frames"] == 4
        assert "4 of 8 trials had dropped frames" in said.err
        assert ("leave them out with --most-dropped 0" in said.err) == (not most)
    assert list(found.values()) == [(10, 0), (8, 2), (6, 4)]


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        ("correct_answer,answer\nfear,fear\n", "0", "expected a column dropped_frames in"),
        (LATE, "-1", "expected --most-dropped of 0 or more, got -1"),
        (LATE + "3,fear,fear,9\n", "2", "leaves no trial of participant 3"),
        (LATE + "3,fear,fear,x\n", "2", "line 12, column dropped_frames: expected a number"),
    ],
)
def test_dropped_frames_that_cannot_be_left_out(
    text: str, most: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "late.csv"
    place.write_text(text, encoding="utf-8")
    assert main(["experiment", "analyse", str(place), f"--most-dropped={most}"]) == 2
    assert said in capsys.readouterr().err
