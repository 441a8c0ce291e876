"""``python -m tests.faults WHAT``: disturb Mien, and count what goes wrong; ``make faults`` runs it whole."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.faults.calls import PRELOADED, compiler, with_library


def main() -> int:
    """Print a table, each fault, and one line of JSON; return 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("what", choices=["kills", "full-disk", "signals"])
    parser.add_argument(
        "--points", type=int, help="disturb each run at this many calls; all by default"
    )
    parser.add_argument("--runs", nargs="*", help="names of runs; all by default")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if asked.what == "signals":
        from tests.faults.signals import interrupt_all

        return interrupt_all(asked.points, asked.runs, asked.seed)
    if PRELOADED not in os.environ:
        if compiler() is None:
            print("needs Linux and a C compiler", file=sys.stderr)
            return 2
        return with_library([sys.executable, "-m", "tests.faults", *sys.argv[1:]])
    return disturb(asked.what, asked.points, asked.runs, asked.seed)


def disturb(what: str, points: int | None, names: list[str] | None, seed: int) -> int:
    """Disturb runs at their calls on files."""
    from tests.faults import full_disk, kills, report
    from tests.faults.bench import Bench
    from tests.faults.fork import warm_up
    from tests.faults.runs import all_runs, disk_runs

    start = time.monotonic()
    if what == "kills":
        runs, one, faults = all_runs(), kills.kill, kills.FAULTS
    else:
        runs, one, faults = disk_runs(), full_disk.fill, full_disk.FAULTS
    total: Counter[str] = Counter()
    findings = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        runs = [run for run in runs if not names or run.name in names]
        warm_up(torch=any(run.kind in ("train", "export") for run in runs))
        bench = Bench(Path(folder) / "bench")
        print(report.header(faults))
        for run in runs:
            counts, found = one(bench, run, points, random.Random(f"{seed} {run.name}"))
            print(report.row(run.name, counts, faults), flush=True)
            total += counts
            findings += found
    print(report.row("all", total, faults))
    print(*findings, sep="\n")
    print(report.as_json(what, seed, time.monotonic() - start, total, faults))
    return int(any(total[fault] for fault in faults))


if __name__ == "__main__":
    sys.exit(main())
