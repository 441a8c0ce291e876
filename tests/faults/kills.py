"""Kill a run at its Nth call on files, run it again, and compare with a run that was not disturbed."""

from __future__ import annotations

import random
from collections import Counter

from tests.faults.bench import Bench, Undisturbed
from tests.faults.calls import Fault
from tests.faults.disturb import disturb
from tests.faults.fork import Ended
from tests.faults.report import Finding, chosen
from tests.faults.runs import Run
from tests.faults.snapshot import Snapshot, mixed_pairs

FAULTS = {
    "traceback": "the rerun ended with a traceback, or crashed",
    "hang": "the rerun took too long",
    "wrong result": "the rerun succeeded, but made something else than an undisturbed run",
    "mixed pair": "after the kill, a clip was broken, or stood beside the sidecar of another clip",
    "refused": "the rerun ended with an error",
    "debris": "after the rerun, a file was left that an undisturbed run does not leave",
}
"""What may follow a kill."""


def kill(
    bench: Bench, run: Run, points: int | None, rng: random.Random
) -> tuple[Counter[str], list[Finding]]:
    """Kill a run at each of its calls on files, or at some.

    Args:
        bench: Where.
        run: The run.
        points: Number of calls, chosen at random; None for all.
        rng: Chooses them.

    Returns:
        How often each of `FAULTS` followed, with the number of ``calls`` and ``tried`` ones; and each case.
    """
    whole = bench.undisturbed(run)

    def judge(killed: Ended) -> dict[str, str] | None:
        if killed.code >= 0 and not killed.hung:
            return None  # it made fewer calls this time, as its threads took turns in another way
        return _after(bench, run, killed, whole)

    numbers = chosen(len(whole.calls), points, rng)
    return disturb(bench, run, whole, Fault.KILL, numbers, judge)


def _after(bench: Bench, run: Run, killed: Ended, whole: Undisturbed) -> dict[str, str]:
    """Return what is wrong after a kill and after the run was made again, by fault."""
    found = {}
    if mixed := mixed_pairs(Snapshot.of(bench.work), whole.before, whole.after):
        found["mixed pair"] = ", ".join(mixed)
    again = bench.run(run.work)
    if again.code and run.resume is not None and "--resume" in again.err:
        again = bench.run(run.resume)
    now = Snapshot.of(bench.work)
    if again.hung or killed.hung:
        found["hang"] = f"{again.seconds:.0f} s: {again.err or killed.err}"
    elif again.traceback:
        found["traceback"] = f"exit {again.code} {again.err.strip()}"
    elif again.code:
        found["refused"] = again.err.strip()
    elif wrong := [*whole.after.missing_in(now), *now.differing(whole.after)]:
        found["wrong result"] = ", ".join(wrong)
    if not again.code and (left := now.missing_in(whole.after)):
        found["debris"] = ", ".join(left)
    return found
