"""Send signals to commands at random moments, as whole processes, and look at what they say and leave."""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.faults import report
from tests.faults.fork import LIMIT_SECONDS, Command, forked
from tests.faults.report import Finding, plain
from tests.faults.runs import all_runs, make_inputs
from tests.faults.snapshot import Snapshot, mixed_pairs

FAULTS = {
    "signal death": "a signal or a crash ended the process, instead of an exit code",
    "wrong code": "another exit code than 128 and the signal's number, though the run was not over",
    "not one line": "it said something else than one line",
    "hang": "it took too long to end",
    "debris": "it left a file that is neither as before nor as after a whole run",
}
"""What may be wrong after a signal."""

POINTS = 17
"""How often each run is interrupted by Ctrl-C, and once by SIGTERM and SIGHUP."""

KINDS = ("generate", "transfer", "batch", "augment")

START = """
import sys
from mien.interrupts import take_signals
from mien.cli.main import main
take_signals()
print("ready", flush=True)
sys.exit(main())
"""
"""As ``python -m mien`` starts, and says when Python's own handlers are replaced."""


def interrupt_all(points: int | None, names: list[str] | None, seed: int) -> int:
    """Interrupt the runs that write clips; print a table and a line of JSON; return 1 if anything is wrong."""
    start = time.monotonic()
    total: Counter[str] = Counter()
    findings: list[Finding] = []
    print(report.header(FAULTS))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        inputs, work = Path(folder) / "inputs", Path(folder) / "work"
        inputs.mkdir()
        if (ended := forked(lambda: make_inputs(inputs), inputs, limit_seconds=60)).code:
            raise RuntimeError(ended.err)
        for run in all_runs():
            if run.kind not in KINDS or run.before or (names and run.name not in names):
                continue
            assert isinstance(run.work, Command)
            rng = random.Random(f"{seed} {run.name}")
            counts = _interrupt(run.name, run.work, work, points or POINTS, rng, findings)
            print(report.row(run.name, counts, FAULTS), flush=True)
            total += counts
    print(report.row("all", total, FAULTS))
    print(*findings, sep="\n")
    print(report.as_json("signals", seed, time.monotonic() - start, total, FAULTS))
    return int(any(total[fault] for fault in FAULTS))


def _interrupt(
    name: str, run: Command, work: Path, points: int, rng: random.Random, findings: list[Finding]
) -> Counter[str]:
    """Interrupt one run several times."""
    code, said, whole_seconds = _process(run, work)
    if code:
        raise RuntimeError(f"{name} failed undisturbed with {code}:\n{said}")
    before, after = Snapshot({}), Snapshot.of(work)
    counts: Counter[str] = Counter()
    numbers = [signal.SIGINT] * points + [signal.SIGTERM, signal.SIGHUP]
    for number in numbers:
        moment = rng.uniform(0, whole_seconds)
        code, said, seconds = _process(run, work, moment, number)
        now = Snapshot.of(work)
        counts["tried"] += 1
        counts["calls"] += code == 128 + number
        found = {}
        if code < 0:
            found["signal death"] = f"{code}: {said}"
        elif code not in (0, 128 + number):
            found["wrong code"] = f"{code}: {said}"
        elif not re.fullmatch(r"(mien: warning: .*\n)*(mien: interrupted(; .*)?\n)?", said):
            found["not one line"] = said
        if seconds - moment > LIMIT_SECONDS:
            found["hang"] = f"{seconds - moment:.0f} s"
        left = [*now.missing_in(after), *mixed_pairs(now, before, after)]
        left += [each for each in now.differing(after) if not each.endswith("manifest.csv")]
        if left:
            found["debris"] = ", ".join(left)
        for fault, details in found.items():
            counts[fault] += 1
            when = f"{moment:.2f} of {whole_seconds:.2f} s ({number.name})"
            findings.append(Finding(name, when, fault, plain(details)))
    return counts


def _process(
    run: Command, work: Path, moment: float | None = None, number: signal.Signals = signal.SIGINT
) -> tuple[int, str, float]:
    """Run a command in an empty folder; return its exit code, what it said to stderr, and its seconds.

    Args:
        run: The command.
        work: The folder.
        moment: When the signal is sent, in seconds after Mien was loaded; None for none.
        number: The signal.
    """
    process = _started(run, work)
    start = time.monotonic()
    if moment is not None:
        time.sleep(moment)
        process.send_signal(number)
    code, said = _ended(process)
    return code, said, time.monotonic() - start


def interrupted_once(
    run: Command, work: Path, number: signal.Signals, after: str
) -> tuple[int, str, float]:
    """Send a signal as soon as a file is there; return as `_process` does.

    Args:
        run: The command.
        work: Its folder.
        number: The signal.
        after: Pattern of the file's name.
    """
    process = _started(run, work)
    start = time.monotonic()
    while not any(work.glob(after)) and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(number)
    code, said = _ended(process)
    return code, said, time.monotonic() - start


def _started(run: Command, work: Path) -> subprocess.Popen[str]:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", START, *run.words],
        cwd=work,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=default_signals,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    try:
        _, said = process.communicate(timeout=2 * LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        _, said = process.communicate()
    return process.returncode, said


def default_signals() -> None:
    """Reset what a shell or nohup may have set to be ignored; called in the child before it starts."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
