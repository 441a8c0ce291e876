"""``mien experiment rate``: the server as a process that is killed, and the page as files."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("httpx", reason="needs the extra test")
pytest.importorskip("fastapi", reason="needs the extra studio")

import httpx

from mien.cli.main import main
from tests.rating.conftest import sheet

__all__ = ["sheet"]

RATING = {
    **{"rater": "ann", "answer": "fear", "rated_intensity": 2, "naturalness": 6},
    **{"plays": 1, "skipped_frames": 0, "rt_ms": 12.5},
}


@contextmanager
def served(*words: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """Run the command; the client has visited the address that it prints."""
    command = [sys.executable, "-m", "mien", "experiment", "rate", *words]
    more = ["--port", "0", "--no-browser", "--fps", "25"]
    process = subprocess.Popen(
        [*command, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"Rating of 4 clips: (http://127\.0\.0\.1:\d+)(/\?key=\S+) ", line)
        assert found, line + (process.stderr.read() if process.stderr else "")
        with httpx.Client(base_url=found[1], timeout=60, follow_redirects=True) as client:
            assert client.get(found[2]).status_code == 200
            yield process, client
    finally:
        process.kill()
        process.wait(30)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def test_what_was_rated_before_a_kill_is_there_after_it(sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "ratings"
    with served(str(sheet), "--out", str(out)) as (process, client):
        for trial in (1, 2):
            assert client.post("/api/ratings", json=RATING | {"trial": trial}).status_code == 200
        second = subprocess.run(
            [*(sys.executable, "-m", "mien", "experiment", "rate", str(sheet)), "--out", str(out)],
            capture_output=True,
            text=True,
        )
        assert second.returncode == 2 and "another process is writing" in second.stderr
        process.kill()
    with served(str(sheet), "--out", str(out)) as (process, client):
        now = client.get("/api/session", params={"rater": "ann"}).json()
        assert (now["trial"], now["total"]) == (3, 4)
        assert client.post("/api/ratings", json=RATING | {"trial": 3}).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, 143)
    with (out / "ann.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["trial"] for row in rows] == ["1", "2", "3"]
    assert len({row["stimulus_file"] for row in rows}) == 3


def test_the_page_as_files(sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["experiment", "rate", str(sheet), "--jspsych", str(tmp_path / "o"), "--fps", "25"]
    assert main([*words, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["clips"] == 4
    page, key = Path(made["page"]), Path(made["key"])
    assert not (page / "key.csv").exists() and key.parent == page.parent
    names = "".join(each.relative_to(page).as_posix() for each in page.rglob("*"))
    assert "anger" not in names and "ann" not in names
    with key.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pictures = {
        row["stimulus_file"]: len(list((page / "clips" / row["stimulus"]).iterdir()))
        for row in rows
    }
    assert pictures == dict.fromkeys(("ann_anger_2", "ann_fear_4", "bob_anger_3", "bob_neutral"), 3)
    # What raters save is joined to the key.
    saved = tmp_path / "saved.csv"
    saved.write_text(
        "rater,trial,stimulus,answer,rated_intensity,naturalness\n"
        + "".join(f"p,{n},{row['stimulus']},anger,3,4\n" for n, row in enumerate(rows)),
        encoding="utf-8",
    )
    assert main(["experiment", "analyse", str(saved), "--conditions", str(key), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["trials"], found["categories"]["anger"]["hits"]) == (4, 2)
    assert main(words) == 0  # its own page is replaced
    (page / "rating" / "clips.js").write_text("mine")
    assert main(words) == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--port", "99999"], "expected --port from 0 to 65535"),
        (["--points", "2"], "expected 3 to 101 points"),
        (["--answers", "anger"], "expected two answers or more"),
        (["--fps", "0"], "frame rate"),
    ],
)
def test_what_is_refused(
    sheet: Path, tmp_path: Path, words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r"
    assert main(["experiment", "rate", str(sheet), "--out", str(out), "--no-browser", *words]) == 2
    assert why in capsys.readouterr().err and not out.exists()
