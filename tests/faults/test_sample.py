"""A seeded sample of what ``make faults`` does whole."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.calls import compiler
from tests.faults.fork import Command
from tests.faults.signals import interrupted_once
from tests.faults.snapshot import Snapshot, mixed_pairs

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.subprocess,
    pytest.mark.skipif(os.name != "posix", reason="forks, and sends signals the POSIX way"),
]
needs_compiler = pytest.mark.skipif(compiler() is None, reason="needs Linux and a C compiler")


def harness(*words: str) -> tuple[dict[str, int], str]:
    """Run the harness; return its line of JSON, and all that it said."""
    command = [sys.executable, "-m", "tests.faults", *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stdout, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1]), ended.stdout


@needs_compiler
def test_killed_runs_can_be_run_again() -> None:
    runs = ("generate mp4 over another", "augment mkv extended")
    counts, said = harness("kills", "--points", "2", "--seed", "3", "--runs", *runs)
    assert counts["tried"] >= 3 and counts["calls"] > 80
    assert not counts["traceback"] + counts["hang"] + counts["wrong_result"], said


@needs_compiler
def test_a_full_disk_is_one_line() -> None:
    runs = ("generate mkv over another", "sheet", "recode")
    counts, said = harness("full-disk", "--points", "2", "--seed", "1", "--runs", *runs)
    assert counts["tried"] == 6
    faults = ("traceback", "hang", "success", "not_one_line", "mixed_pair", "debris")
    assert not sum(counts[fault] for fault in faults), said


@needs_compiler
def test_the_harness_sees_a_fault(tmp_path: Path) -> None:
    """A run that writes its file in place, and refuses what it left."""
    code = f"""
    import random, sys
    from pathlib import Path
    sys.path.insert(0, {str(ROOT)!r})
    from tests.faults import full_disk, kills
    from tests.faults.bench import Bench
    from tests.faults.runs import Run
    def careless():
        try:
            with open("a.txt", "x") as file:
                file.write("whole")
        except OSError as error:
            print("mien: error:", error, file=sys.stderr)
            return 2
        return 0
    bench = Bench(Path({str(tmp_path)!r}) / "bench")
    for one in kills.kill, full_disk.fill:
        counts, _ = one(bench, Run("careless", careless), None, random.Random(0))
        print(sorted((+counts).items()), file=sys.stderr)
    """
    place = tmp_path / "careless.py"
    place.write_text("\n".join(line[4:] for line in code.splitlines()))
    script = (
        "import sys; from tests.faults.calls import with_library; "
        "sys.exit(with_library([sys.executable, sys.argv[1]]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(place)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    kills, full = ended.stderr.splitlines()[-2:]
    # Killed before the file is opened all is well; then it is there, with half of its text, and is refused.
    assert kills == "[('calls', 3), ('refused', 2), ('tried', 3)]", ended.stderr
    assert full == "[('calls', 3), ('debris', 1), ('tried', 1)]"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_a_batch_in_good_order(
    number: signal.Signals, face_file: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    rows = [f"{face_file},fear,{name}" for name in "abcdefgh"]
    table.write_text("\n".join(["portrait,expression,name", *rows]))
    format_ = {signal.SIGINT: "mkv", signal.SIGTERM: "png", signal.SIGHUP: "mp4"}[number]
    run = Command(("batch", str(table), "--out", "o", "--format", format_))
    code, said, _ = interrupted_once(run, tmp_path / "work", number, after="o/a*")
    assert code == 128 + number
    # The first clip was there when the signal came, and how far the others are depends on the machine.
    found = re.fullmatch(
        r"mien: interrupted; ([1-8]) of 8 clips are made; run the same command to continue\n", said
    )
    assert found, said
    record = {signal.SIGTERM: "o/*/mien.json"}.get(number, "o/*.json")
    assert len(list((tmp_path / "work").glob(record))) == int(found[1])
    left = [path.name for path in (tmp_path / "work").rglob(".*")]
    assert left == []


def test_mixed_pairs_are_seen() -> None:
    old, new = Snapshot({"a": "1", "a.json": "2"}), Snapshot({"a": "3", "a.json": "4"})
    assert mixed_pairs(Snapshot({"a": "3"}), old, new) == []
    assert mixed_pairs(Snapshot({"a": "3", "a.json": "2"}), old, new) == ["a"]
    assert mixed_pairs(Snapshot({"a": "half"}), old, new) == ["a"]
