"""A folder in which runs are made, disturbed, and compared."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.faults.calls import Fault, armed
from tests.faults.fork import Ended, Work, forked
from tests.faults.runs import Run, make_inputs
from tests.faults.snapshot import Snapshot


@dataclass(frozen=True)
class Undisturbed:
    """A run that nothing disturbed.

    Attributes:
        before: The working folder before the run.
        after: The working folder after the run.
        calls: The calls on files that it made.
    """

    before: Snapshot
    after: Snapshot
    calls: tuple[str, ...]


class Bench:
    """Makes the inputs of all runs, and runs them in one working folder.

    Args:
        root: A new folder.

    Raises:
        RuntimeError: The inputs could not be made.
    """

    def __init__(self, root: Path) -> None:
        self.work = root / "work"
        inputs = root / "inputs"
        inputs.mkdir(parents=True)
        self._template = root / "template"
        ended = forked(lambda: make_inputs(inputs), inputs, limit_seconds=60)
        if ended.code:
            raise RuntimeError(f"the inputs could not be made:\n{ended.err}")

    def undisturbed(self, run: Run) -> Undisturbed:
        """Make a run.

        Raises:
            RuntimeError: It fails.
        """
        shutil.rmtree(self._template, ignore_errors=True)
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        for work in run.before:
            if (ended := self.run(work)).code:
                raise RuntimeError(f"{run.name}: what comes before it failed:\n{ended.err}")
        self.work.rename(self._template)
        self.reset()
        before = Snapshot.of(self.work)
        with tempfile.TemporaryFile() as journal:
            ended = self.run(run.work, Fault.COUNT, 0, journal.fileno())
            journal.seek(0)
            calls = journal.read().decode(errors="replace").splitlines()
        if ended.code:
            raise RuntimeError(f"{run.name} failed undisturbed with {ended.code}:\n{ended.err}")
        return Undisturbed(before, Snapshot.of(self.work), tuple(calls))

    def reset(self) -> None:
        """Make the working folder as it was before the last undisturbed run."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self._template, self.work)

    def run(self, work: Work, fault: Fault | None = None, nth: int = 0, journal: int = -1) -> Ended:
        """Run something in the working folder.

        Args:
            work: It.
            fault: What disturbs it, if anything.
            nth: At which call on a file, from 1.
            journal: File descriptor for a line for each call.
        """
        if fault is None:
            return forked(work, self.work)
        return forked(work, self.work, first=armed(self.work, fault, nth, journal))
