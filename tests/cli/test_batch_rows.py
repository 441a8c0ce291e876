"""A bad row of a batch table fails alone, and is named by its line in the file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mien.io.sidecar import read_sidecar

FEW = "portrait,expression,intensity,name"


@pytest.mark.parametrize(
    ("bad", "name", "expected"),
    [
        (",fear,B,b", "b", "expected a portrait, got an empty cell"),
        ("face.png,fear,B,../up", "../up", "expected a file name in the column name, got '../up'"),
        ("face.png,fear,B", "", "expected 4 cells as in the header, got 3"),
        ("face.png,fear,B,b,more", "b", "expected 4 cells as in the header, got 5"),
        ("face.png,fear,Q,b", "b", "got 'Q'"),
        ("face.png,fear,B,FIRST", "FIRST", "got 'FIRST', which line 2 has already"),
    ],
)
def test_a_bad_row_fails_alone(batch, table, bad, name, expected):
    good = ("face.png,fear,B,first", "face.png,anger,B,last")
    ran, _ = batch(table(good[0], bad, good[1], header=FEW))
    assert ran.code == 2 and json.loads(ran.out)["made"] == 2
    said = f"mien: error: 1 of 3 rows failed, the first in line 3{f' ({name})' if name else ''}: "
    assert ran.err.startswith(said) and expected in ran.err and ran.err.count("\n") == 1
    with Path(json.loads(ran.out)["manifest"]).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["status"]) for row in rows] == [
        ("2", "made"),
        ("3", "failed"),
        ("4", "made"),
    ]
    assert expected in rows[1]["error"] and not rows[1]["file"]


def test_lines_are_those_of_the_file(run, table, tmp_path):
    """A byte order mark, blank lines, and cells with line ends do not change how lines are counted."""
    path = table()
    text = (
        "\n",
        f"{FEW},aus\n",  # line 2
        "\n\n",
        'face.png,,,a,"AU12=2@0-.1-.1-.2;\nAU6=1@0-.1-.1-.2"\n',  # lines 5 and 6
        ",fear,B,b,\n",  # line 7
        "\n",
        "face.png,fear,B,A,\n",  # line 9
        'face.png,fear,B,"c\nd",\n',  # lines 10 and 11
        "face.png,fear,Q,e,\n",  # line 12
    )
    for mark, end in (("\ufeff", "\n"), ("", "\r\n")):
        path.write_bytes((mark + "".join(text).replace("\n", end)).encode())
        ran = run("batch", path, "--out", tmp_path / "clips", "--fps", 25)
        assert ran.code == 2
        assert "4 of 5 rows failed, the first in line 7 (b): expected a portrait" in ran.err
        assert f"; also lines 9, 10, 12: see {tmp_path / 'clips' / 'manifest.csv'}" in ran.err
        with (tmp_path / "clips" / "manifest.csv").open(newline="") as file:
            rows = {int(row["line"]): row["error"] for row in csv.DictReader(file)}
        assert list(rows) == [5, 7, 9, 10, 12] and rows[5] == ""
        assert "expected each name once, got 'A', which line 5 has already" in rows[9]
        assert "expected a file name" in rows[10]


def test_two_rows_never_write_one_file(batch, table, tmp_path):
    rows = ("face.png,fear,B,a", "face.png,anger,B,b", "face.png,anger,C,A", "face.png,joy,B,a")
    ran, _ = batch(table(*rows, header=FEW))
    assert ran.code == 2 and "2 of 4 rows failed, the first in line 4 (A)" in ran.err
    record = read_sidecar(tmp_path / "clips" / "a.mp4.json")
    assert record.settings["expression"] == "fear"
    assert sorted(path.name for path in (tmp_path / "clips").glob("*.mp4")) == ["a.mp4", "b.mp4"]
    # The name stays that of the first row if that row fails: mended, it would replace the other's clip.
    ran, _ = batch(table("none.png,fear,B,c", "face.png,anger,B,c", header=FEW))
    assert "2 of 2 rows failed" in ran.err and not (tmp_path / "clips" / "c.mp4").exists()


def test_no_clip_takes_the_place_of_the_manifest(batch, table):
    rows = ("face.png,fear,B,Manifest.csv", "face.png,anger,B,manifest")
    ran, manifest = batch(table(*rows, header=FEW), "--format", "png")
    assert ran.code == 2 and "1 of 2 rows failed, the first in line 2 (Manifest.csv)" in ran.err
    assert manifest["manifest"]["status"] == "made"
