"""Make shards in a Slurm job array, through submitit; tasks that are preempted or run out of time are requeued."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

from mien.errors import MissingExtraError, UsageError
from mien.install import install_command
from mien.produce.executors.local import LocalExecutor
from mien.produce.shard import reason_of
from mien.produce.worker import ShardOutcome

if TYPE_CHECKING:
    from submitit import AutoExecutor
    from submitit.core.utils import DelayedSubmission

MOST_TASKS = 1000
"""Largest number of tasks in an array; Slurm's default limit is 1001."""

COMMANDS = ("sbatch", "srun")
"""Commands of Slurm that submit jobs."""

LOGS = "slurm"
"""Folder in the set with the jobs' own files and logs."""


@dataclass(frozen=True)
class Task:
    """Some shards that one task of an array makes. If Slurm ends the task early, its finished shards are kept.

    Attributes:
        folder: The set.
        shards: Numbers of the shards.
        retry: Make failed samples of finished shards again.
        workers: Processes of the task.
    """

    folder: Path
    shards: tuple[int, ...]
    retry: bool
    workers: int

    def __call__(self) -> list[ShardOutcome]:
        """Make the shards, each in a process of its own."""
        executor = LocalExecutor(self.workers)
        return list(executor.outcomes(self.folder, self.shards, retry=self.retry))

    def checkpoint(self) -> DelayedSubmission:
        """Return what is queued again after a preemption: this task, which then makes the missing shards."""
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(self)


@dataclass(frozen=True)
class SlurmExecutor:
    """Make shards in an array of jobs.

    Attributes:
        logs: Folder of the jobs' own files and logs, on a drive that all nodes share.
        workers: Tasks at the same time; None to leave that to Slurm.
        parameters: Parameters of submitit's AutoExecutor.
        cluster: ``slurm``, or ``local`` to start the jobs as processes of this machine.
    """

    logs: Path
    workers: int | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    cluster: str = "slurm"

    def outcomes(
        self, folder: Path, shards: Sequence[int], *, retry: bool = False
    ) -> Iterator[ShardOutcome]:
        """Make shards; see `mien.produce.executors.base.Executor`."""
        from submitit import AutoExecutor
        from submitit.helpers import as_completed

        if not shards:
            return
        executor = AutoExecutor(folder=self.logs, cluster=self.cluster)  # makes the folder
        parameters = {"name": "mien-produce", "cpus_per_task": 1, **self.parameters}
        if self.workers is not None and executor.cluster == "slurm":
            parameters["slurm_array_parallelism"] = self.workers
        with _empty_removed(self.logs):
            _update(executor, parameters)
        each = -(-len(shards) // MOST_TASKS)
        if executor.cluster != "slurm":  # which starts all jobs at once
            each = -(-len(shards) // (self.workers or 2))
        absolute = folder.resolve()
        tasks = [
            Task(absolute, tuple(shards[start : start + each]), retry, parameters["cpus_per_task"])
            for start in range(0, len(shards), each)
        ]
        with executor.batch():
            jobs = [executor.submit(task) for task in tasks]
        of_job = {job.job_id: task for job, task in zip(jobs, tasks, strict=True)}
        try:
            for job in as_completed(jobs):
                yield from _outcomes_of(job, of_job[job.job_id])
        except BaseException:
            for job in jobs:
                job.cancel()
            raise


def slurm_executor(folder: Path, workers: int | None, parameters: Sequence[str]) -> SlurmExecutor:
    """Return a Slurm executor for a set.

    Args:
        folder: The set.
        workers: Tasks at the same time.
        parameters: Parameters of submitit's AutoExecutor as ``NAME=VALUE``; ``cluster=local`` starts the jobs here.

    Raises:
        UsageError: A parameter has another form, or Slurm is not installed on this machine.
        MissingExtraError: submitit is not installed.
    """
    if find_spec("submitit") is None:
        raise MissingExtraError(
            f"--executor slurm needs submitit, which is not installed: {install_command('slurm')}"
        )
    given: dict[str, Any] = {}
    for text in parameters:
        name, found, value = text.partition("=")
        if not found or not name.isidentifier() or not value:
            raise UsageError(f"expected --job NAME=VALUE such as timeout_min=240, got {text!r}")
        given[name] = int(value) if value.isdigit() else value
    cluster = given.pop("cluster", "slurm")
    if cluster not in ("slurm", "local"):
        raise UsageError(f"expected --job cluster=slurm or cluster=local, got {cluster!r}")
    if cluster == "slurm" and (missing := [name for name in COMMANDS if which(name) is None]):
        raise UsageError(
            f"--executor slurm needs Slurm, but {' and '.join(missing)} are not on the PATH: run it where Slurm is, "
            "or add --job cluster=local to start the jobs on this machine"
        )
    return SlurmExecutor(folder / LOGS, workers, given, cluster)


@contextmanager
def _empty_removed(folder: Path) -> Iterator[None]:
    """Remove a folder if the block fails and nothing is in it."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            folder.rmdir()
        raise


def _update(executor: AutoExecutor, parameters: dict[str, Any]) -> None:
    """Set the parameters of jobs.

    Raises:
        UsageError: submitit does not take one of them.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # names that submitit has replaced
            executor.update_parameters(**parameters)
    except (NameError, AssertionError, TypeError, ValueError, UserWarning) as error:
        raise UsageError(
            f"expected a --job that submitit takes, got: {reason_of(error)}"
        ) from error


def _outcomes_of(job: Any, task: Task) -> list[ShardOutcome]:
    """Return the outcomes of a task's shards; all are ``broken`` if its job failed."""
    try:
        outcomes: list[ShardOutcome] = job.result()
        return outcomes
    except Exception as error:
        why = f"job {job.job_id} failed: {reason_of(error)[-300:]}"
        return [ShardOutcome(shard, "broken", why) for shard in task.shards]
