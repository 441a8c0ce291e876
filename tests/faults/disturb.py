"""Disturb a run at some of its calls on files, one call a time, and count what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from tests.faults.bench import Bench, Undisturbed
from tests.faults.calls import Fault
from tests.faults.fork import Ended
from tests.faults.report import Finding, plain
from tests.faults.runs import Run


def disturb(
    bench: Bench,
    run: Run,
    whole: Undisturbed,
    fault: Fault,
    numbers: Iterable[int],
    judge: Callable[[Ended], dict[str, str] | None],
) -> tuple[Counter[str], list[Finding]]:
    """Begin a run afresh for each call, and disturb it there.

    Args:
        bench: Where.
        run: The run.
        whole: The same run, undisturbed.
        fault: What happens.
        numbers: The calls, from 1.
        judge: Returns what is wrong after a disturbed run, details by kind of fault; None if it was not disturbed.

    Returns:
        How often each kind of fault followed, with the number of ``calls`` and ``tried`` ones; and each case.
    """
    counts, findings = Counter(calls=len(whole.calls)), []
    for number in numbers:
        bench.reset()
        found = judge(bench.run(run.work, fault, number))
        if found is None:
            continue
        counts["tried"] += 1
        for kind, details in found.items():
            counts[kind] += 1
            findings.append(Finding(run.name, plain(whole.calls[number - 1]), kind, plain(details)))
    return counts, findings
