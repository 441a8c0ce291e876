"""Compare a benchmark's frame rates with those of another checkout, in one run.

``python -m benchmarks.speed --src PATH`` and ``python -m benchmarks.transfer_speed --src PATH`` use it. Each round runs
the benchmark of both checkouts, one after the other, each in its own process. The order changes from round to round, so
that a drift of the machine's speed affects both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import report

HERE = Path(__file__).resolve().parents[1]
RATE = "frames_per_second"


def asked(description: str | None) -> argparse.Namespace:
    """Read the options of a benchmark that can be compared: ``src`` and ``rounds``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--src", type=Path, help="compare with the src folder of this checkout")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of a comparison")
    return parser.parse_args()


def compare(name: str, src: Path, rounds: int) -> None:
    """Report the median frame rate of each case that both checkouts have, and the median of the rounds' ratios.

    Args:
        name: The benchmark, a module of ``benchmarks`` in both checkouts.
        src: The other checkout's ``src`` folder.
        rounds: How often each checkout is run.
    """
    ours: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    sides = [(HERE, ours), (src.resolve().parent, theirs)]
    for turn in range(rounds):
        for checkout, results in sides if turn % 2 == 0 else reversed(sides):
            results.append(run(name, checkout))
    for case in (case for case in ours[0] if case in theirs[0]):
        here, there = ([each[case][RATE] for each in results] for results in (ours, theirs))
        ratios = [own / other for own, other in zip(here, there, strict=True)]
        report(
            f"{name} compared",
            {**json.loads(case), "rounds": rounds, "with": theirs[0][case]["commit"]},
            {
                RATE: round(statistics.median(here)),
                f"{RATE}_there": round(statistics.median(there)),
                "ratio": round(statistics.median(ratios), 3),
                "ratios": [round(ratio, 3) for ratio in ratios],
            },
        )


def run(name: str, checkout: Path) -> dict[str, Any]:
    """Run a checkout's benchmark once; return its results by configuration, as JSON text."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}"],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout / "src")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {json.dumps(line["config"]): line for line in lines}
