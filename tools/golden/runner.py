"""Run steps in parallel, each as soon as its inputs exist, and record the results."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from .hashing import folder_record
from .normal import plain_json_or_text
from .place import Place
from .step import Ran, Step

TIMEOUT_SECONDS = 600


def run_steps(steps: Sequence[Step], place: Place, jobs: int) -> tuple[dict[str, Any], list[str]]:
    """Run steps.

    Args:
        steps: The steps, in an order in which they could run one after the other.
        place: Where the steps run.
        jobs: Number of steps at the same time.

    Returns:
        Each step's record by name, and the names of the steps with an unexpected exit code.
    """
    records: dict[str, Any] = {}
    surprises: list[str] = []
    waiting = list(steps)
    running: dict[Future[Any], Step] = {}
    names = [step.name for step in steps]
    with ThreadPoolExecutor(jobs) as pool:
        while waiting or running:
            ready = [step for step in waiting if step.needs(names) <= records.keys()]
            for step in ready[
                : jobs - len(running)
            ]:  # in order, as later steps wait for earlier ones
                waiting.remove(step)
                running[pool.submit(_run_step, step, place)] = step
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                step = running.pop(future)
                record, seconds = future.result()
                records[step.name] = record
                _tell(step, record, seconds, len(records), len(steps))
                if record["exit"] != step.code:
                    surprises.append(step.name)
    return records, surprises


def _run_step(step: Step, place: Place) -> tuple[dict[str, Any], float]:
    started = time.perf_counter()
    try:
        if step.prepare is not None:
            step.prepare(place.work)
        ran = _command(step, place) if step.run is None else step.run(place)
    except Exception as error:  # most likely an output of an earlier step is missing
        ran = Ran(-1, "", f"the step itself failed: {type(error).__name__}: {error}")
    record = {
        "command": " ".join(step.words),
        "exit": ran.code,
        "stdout": plain_json_or_text(ran.out, place),
        "stderr": plain_json_or_text(ran.err, place),
        "files": folder_record(place.work / step.name, place),
    }
    return record, time.perf_counter() - started


def _command(step: Step, place: Place) -> Ran:
    done = subprocess.run(
        place.mien(step.words),
        cwd=place.work,
        env=place.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_SECONDS,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _tell(step: Step, record: dict[str, Any], seconds: float, done: int, total: int) -> None:
    print(f"[{done}/{total}] {step.name} {seconds:.1f} s", file=sys.stderr)
    if record["exit"] != step.code:
        said = str(record["stderr"]).strip()[-2000:]
        print(f"  exit code {record['exit']}, expected {step.code}: {said}", file=sys.stderr)
