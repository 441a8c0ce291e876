"""Kill runs of ``mien produce`` at random moments, and compare what comes of them with an undisturbed run.

Run as ``python -m tests.produce.kills [--kills N] [--seed N] [--kind pairs|clips|flows]``; prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from mien.errors import OutputError
from mien.io.unfinished import unfinished
from mien.produce.shard import stats_path
from tests.produce.sets import begun, hashes, made, write_people

ROOT = Path(__file__).parents[2]
SECONDS = (0.8, 3.0)
"""When a run is killed, after its start."""

PLAN = {
    "pairs": {"count": 60, "shard": 6},
    "clips": {"kind": "clips", "count": 24, "shard": 2},
    "flows": {"kind": "flows", "count": 9600, "shard": 800, "turn": 24},
}


@dataclass
class Kills:
    """What was killed, and what came of it.

    Attributes:
        kills: Processes that were killed.
        drivers: Those of them that were the command itself; the others were workers.
        finished: Sets that were finished, each compared with the undisturbed one.
        wrong: What was lost, half, or different.
    """

    kills: int = 0
    drivers: int = 0
    finished: int = 0
    wrong: list[str] = field(default_factory=list)


def kill_runs(people: Path, place: Path, *, kills: int, seed: int, kind: str = "pairs") -> Kills:
    """Kill runs until so many processes were killed; then let the last run finish.

    Args:
        people: Portraits.
        place: An empty folder.
        kills: Number of kills.
        seed: Chooses moments and victims.
        kind: What is made.
    """
    plan = PLAN[kind]
    expected = hashes(made(people, place / "undisturbed", **plan))
    begun(people, place / "begun", **plan)
    shutil.copytree(place / "begun", place / "set")
    folder, rng, counts = place / "set", random.Random(seed), Kills()
    while counts.kills < kills:
        driver = rng.random() < 0.5
        code = _disturbed(folder, rng.uniform(*SECONDS), driver, counts)
        _check_finished_shards(folder, expected, counts)
        if code == 0:
            _check_whole(folder, expected, counts)
            shutil.rmtree(folder)
            shutil.copytree(place / "begun", folder)
    last = start_run(folder)
    said = last.communicate()[1].decode()
    if last.returncode != 0:
        counts.wrong.append(f"the last run failed: {said}")
    _check_whole(folder, expected, counts)
    return counts


def _disturbed(folder: Path, seconds: float, driver: bool, counts: Kills) -> int:
    """Run, kill the driver or a worker, wait for the end; return the exit code."""
    run = start_run(folder)
    time.sleep(seconds)
    victims = [run.pid] if driver else _workers(run)
    if run.poll() is None and victims:
        try:
            os.kill(victims[0], signal.SIGKILL)
            counts.kills += 1
            counts.drivers += driver
        except ProcessLookupError:
            pass
    run.communicate()
    _wait_until_free(folder, counts)
    return run.returncode


def _check_finished_shards(folder: Path, expected: dict[str, str], counts: Kills) -> None:
    """Whatever counts as finished must be whole."""
    now = hashes(folder)
    for name in now:
        if name.startswith("shards/shard-") and name.endswith(".json"):
            stem = name.removesuffix(".json")
            for each in (name, f"{stem}.tar", f"{stem}.parquet"):
                if now.get(each) != expected[each]:
                    counts.wrong.append(f"{each} is half or different")


def _check_whole(folder: Path, expected: dict[str, str], counts: Kills) -> None:
    counts.finished += 1
    now = hashes(folder)
    for name in sorted(now.keys() | expected.keys()):
        if now.get(name) != expected.get(name):
            counts.wrong.append(
                f"{name}: {'lost' if name not in now else 'different or left over'}"
            )


def start_run(folder: Path) -> subprocess.Popen[bytes]:
    """Start ``mien produce run`` with two workers."""
    code = "import sys; from mien.cli.main import main; sys.exit(main())"
    words = ["produce", "run", str(folder), "--workers", "2", "--json"]
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _workers(run: subprocess.Popen[bytes]) -> list[int]:
    """Return the processes that make shards for a run: children of its fork server."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(stat[1]), []).append(int(entry.name))
    return [worker for server in children.get(run.pid, []) for worker in children.get(server, [])]


def _wait_until_free(folder: Path, counts: Kills) -> None:
    """Wait until no worker of a killed run holds a shard: they end with it."""
    for _ in range(200):
        try:
            for path in (folder / "shards").glob(".*.json.*.part"):
                with unfinished(stats_path(folder, int(path.name[7:13]))):
                    pass
            return
        except OutputError:
            time.sleep(0.05)
    counts.wrong.append("a worker outlives its run by ten seconds")


def main() -> int:
    """Kill, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=PLAN, default="pairs")
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        place = Path(name)
        (place / "people").mkdir()
        people = write_people(place / "people")
        counts = kill_runs(people, place, kills=asked.kills, seed=asked.seed, kind=asked.kind)
    print(json.dumps({"kind": asked.kind, **asdict(counts)}))
    return bool(counts.wrong)


if __name__ == "__main__":
    sys.exit(main())
