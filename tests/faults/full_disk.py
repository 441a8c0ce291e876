"""Let the disk be full from the Nth call on, and look at what a run says and leaves."""

from __future__ import annotations

import random
from collections import Counter

from mien.errors import EXIT_CODE
from tests.faults.bench import Bench, Undisturbed
from tests.faults.calls import Fault
from tests.faults.disturb import disturb
from tests.faults.fork import Ended
from tests.faults.report import Finding, chosen
from tests.faults.runs import Run
from tests.faults.snapshot import Snapshot, mixed_pairs

FAULTS = {
    "traceback": "it ended with a traceback, or crashed",
    "hang": "it took too long",
    "success": "it said that all is well, but its output is not complete",
    "not one line": "it said something else than one line",
    "mixed pair": "a clip is broken, or stands beside the sidecar of another clip",
    "debris": "it left a file that is neither as before nor as after a whole run",
}
"""What may be wrong when the disk is full."""

NEED_SPACE = ("write", "truncate", "mkdir", "link", "fopen", "fsync")
"""The calls that a full disk lets fail."""


def fill(
    bench: Bench, run: Run, points: int | None, rng: random.Random
) -> tuple[Counter[str], list[Finding]]:
    """Let the disk be full from each of a run's calls on, or from some; see `tests.faults.kills.kill`."""
    whole = bench.undisturbed(run)
    need = [i for i, call in enumerate(whole.calls, start=1) if call.split()[0] in NEED_SPACE]
    numbers = [need[index - 1] for index in chosen(len(need), points, rng)]
    return disturb(
        bench,
        run,
        whole,
        Fault.FULL_DISK,
        numbers,
        lambda ended: _found(bench, run, ended, whole),
    )


def _found(bench: Bench, run: Run, ended: Ended, whole: Undisturbed) -> dict[str, str]:
    now = Snapshot.of(bench.work)
    found = {}
    if mixed := mixed_pairs(now, whole.before, whole.after):
        found["mixed pair"] = ", ".join(mixed)
    neither = set(now.differing(whole.before)) | set(now.missing_in(whole.before))
    neither &= set(now.differing(whole.after)) | set(now.missing_in(whole.after))
    neither -= set(run.rewritten)
    if neither:
        found["debris"] = ", ".join(sorted(neither))
    said = [line for line in ended.err.splitlines() if not line.startswith("mien: warning: ")]
    if ended.hung:
        found["hang"] = f"{ended.seconds:.0f} s: {ended.err}"
    elif ended.traceback:
        found["traceback"] = f"exit {ended.code} {ended.err.strip()}"
    elif ended.code == 0:
        if whole.after.missing_in(now) or now.differing(whole.after):
            found["success"] = ended.err
    elif ended.code != EXIT_CODE or len(said) != 1 or not said[0].startswith("mien: error: "):
        found["not one line"] = f"exit {ended.code} {ended.err.strip()}"
    return found
