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
