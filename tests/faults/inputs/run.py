"""Run all cases in processes of their own, so that one that hangs or crashes ends no other."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[3]
HANG_SECONDS = 40.0
"""A case without an answer for this long has hung; the first one also waits for imports."""

Case = tuple[str, int]


@dataclass(frozen=True)
class Result:
    """The outcome of one case; see `tests.faults.inputs.outcome.Outcome`."""

    reader: str
    index: int
    kind: str
    detail: str
    seconds: float = 0.0
    peak_mb: float = 0.0


def run(cases: Sequence[Case], seed: int) -> Iterator[Result]:
    """Yield the result of each case, in order; a process that dies or hangs is a fault of its case."""
    left = list(cases)
    with tempfile.TemporaryDirectory(prefix="mien-inputs-") as folder:
        while left:
            for result in _one_process(list(left), seed, folder):
                left.pop(0)
                yield result


def counts(results: Sequence[Result]) -> dict[str, Counter[str]]:
    """How often each outcome came, by reader."""
    found: dict[str, Counter[str]] = {}
    for result in results:
        found.setdefault(result.reader, Counter())[result.kind] += 1
    return found


def _one_process(cases: list[Case], seed: int, folder: str) -> Iterator[Result]:
    """Yield results until the plan is done, or one case hangs or ends the process."""
    plan = json.dumps({"seed": seed, "folder": folder, "cases": cases})
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MIEN_TEST_SHAPES": "0"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.inputs.worker", plan],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        lines: queue.Queue[bytes] = queue.Queue()
        said: list[bytes] = []
        threads = [
            threading.Thread(target=_pump, args=(process.stdout, lines.put)),
            threading.Thread(target=_pump, args=(process.stderr, said.append)),
        ]
        for thread in threads:
            thread.start()
        try:
            for name, index in cases:
                answer = _answer(lines)
                if answer is None:
                    process.kill()
                    yield Result(name, index, "fault", f"no answer within {HANG_SECONDS:g} s")
                    return
                if not answer:
                    threads[1].join()
                    what = b"".join(said)[-1500:].decode("utf-8", "replace")
                    code = process.wait()
                    yield Result(name, index, "fault", f"the process ended with {code}: {what}")
                    return
                yield Result(**answer)
        finally:
            process.kill()
            for thread in threads:
                thread.join()


def _answer(lines: queue.Queue[bytes]) -> dict[str, Any] | None:
    """The next result; empty if the process ended, None if it gives no answer."""
    while True:
        try:
            line = lines.get(timeout=HANG_SECONDS)
        except queue.Empty:
            return None
        if not line:
            return {}
        found: dict[str, Any] = json.loads(line) if line.startswith(b"{") else {}
        if "kind" in found:
            return found


def _pump(stream: IO[bytes], put: Callable[[bytes], object]) -> None:
    for line in stream:
        put(line)
    put(b"")
