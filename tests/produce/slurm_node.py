"""Make a set by jobs of a real Slurm, requeue one task and cancel another one while they run, and compare.

Run as ``tools/slurm_single_node .venv/bin/python -m tests.produce.slurm_node``, which sets up a Slurm of one node for
as long as it takes; or in any cluster. Prints one line of JSON. Needs the extra ``slurm``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from mien.produce.executors.slurm import LOGS, SlurmExecutor
from mien.produce.run import RunResult, run_set
from tests.produce.sets import begun, hashes, made, write_people

PLAN = {"count": 240, "shard": 12}
MOST_SECONDS = 300


def main() -> int:
    """Make the set, disturb it, make what is missing, and compare."""
    with TemporaryDirectory() as name:
        place = Path(name)
        (place / "people").mkdir()
        people = write_people(place / "people")
        expected = hashes(made(people, place / "undisturbed", **PLAN))
        folder = begun(people, place / "set", **PLAN)
        done: dict[str, str] = {}
        disturbing = threading.Thread(target=_disturb, args=(folder, done))
        disturbing.start()
        start = time.monotonic()
        first = _run(folder)
        disturbing.join()
        second = _run(folder)
        seconds = time.monotonic() - start
        left = {name: sha for name, sha in hashes(folder).items() if not name.startswith(LOGS)}
        jobs = len(list((folder / LOGS).glob("*_log.out")))
    same = left == expected
    line = {"shards": 20, "jobs": jobs, "disturbed": done, "seconds": round(seconds, 1)}
    line |= {"broken_first": len(first.broken), "broken": len(second.broken), "same": same}
    print(json.dumps(line))
    return int(not same or len(done) < 2)


def _run(folder: Path) -> RunResult:
    return run_set(folder, SlurmExecutor(folder / LOGS, 2, {"timeout_min": 10}, "slurm"))


def _disturb(folder: Path, done: dict[str, str]) -> None:
    """Requeue the first task that runs, and cancel the next one."""
    end = time.monotonic() + MOST_SECONDS
    for action in (("scontrol", "requeue"), ("scancel",)):
        while time.monotonic() < end:
            running = [job for job in _running() if job not in done]
            if running and len(list((folder / "shards").glob("*.json"))) >= 2:
                ran = subprocess.run([*action, running[0]], capture_output=True, check=False)
                if ran.returncode == 0:
                    done[running[0]] = " ".join(action)
                    break
            time.sleep(0.1)


def _running() -> list[str]:
    """Return the tasks that run, such as ``12_3``."""
    words = ["squeue", "--noheader", "--states=RUNNING", "--format=%i", "--array"]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.split()


if __name__ == "__main__":
    sys.exit(main())
