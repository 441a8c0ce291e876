"""``mien produce run`` and ``mien produce retry``: make the shards of a set."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from mien.cli.say import say
from mien.common.option_help import option
from mien.errors import EXIT_CODE, UsageError
from mien.produce.counting import plural

if TYPE_CHECKING:
    from mien.produce.executors.base import Executor
    from mien.produce.run import RunResult


@dataclass(frozen=True, kw_only=True)
class _Making:
    """Options of run and retry."""

    set: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="SET")]
    """The set's folder, which mien produce plan made."""

    executor: Literal["local", "slurm", "ray"] = "local"
    """What makes the shards: processes on this machine, Slurm jobs, or tasks on a Ray cluster."""

    workers: Annotated[int | None, option("N")] = None
    """Number of shards made at the same time; by default all cores (local, ray), or what Slurm allows."""

    shards: Annotated[str | None, option("A:B")] = None
    """Make only the shards from A up to B, without B. For several machines that share the set's folder."""

    address: Annotated[str | None, option("ADDRESS")] = None
    """With --executor ray: the cluster, such as auto or ray://host:10001; by default one on this machine."""

    wheel: Annotated[Path | None, option("FILE")] = None
    """With --executor ray: a wheel of Mien to install on each node for this run; without, Mien must be there."""

    job: Annotated[tuple[str, ...], option("NAME=VALUE")] = ()
    """With --executor slurm: job parameters, such as slurm_partition=cpu; cluster=local runs jobs on this machine."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def make(self, *, retry: bool) -> int:
        """Make shards and print the result."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.produce.run import lines_of, run_set

        executor = self._executor()
        started = time.monotonic()
        with frame_progress(self.set.name) as show:
            result = run_set(
                self.set,
                executor,
                self.shards,
                retry=retry,
                on_shard=lambda outcome, done, total: show(done, total),
            )
        seconds = time.monotonic() - started
        if self.json:
            say(json.dumps(_record(self.set, result, seconds)))
        else:
            say(_line(self.set, result, seconds))
            warn(lines_of(result.broken))
        return EXIT_CODE if result.broken else 0

    def _executor(self) -> Executor:
        from mien.produce.estimate import cores

        if self.workers is not None and self.workers < 1:
            raise UsageError(f"expected --workers of 1 or more, got {self.workers}")
        if self.address is not None and self.executor != "ray":
            raise UsageError(f"--address needs --executor ray, got --executor {self.executor}")
        if self.wheel is not None and self.executor != "ray":
            raise UsageError(f"--wheel needs --executor ray, got --executor {self.executor}")
        if self.job and self.executor != "slurm":
            raise UsageError(f"--job needs --executor slurm, got --executor {self.executor}")
        if self.executor == "local":
            from mien.produce.executors.local import LocalExecutor

            return LocalExecutor(self.workers or cores())
        if self.executor == "slurm":
            from mien.produce.executors.slurm import slurm_executor

            return slurm_executor(self.set, self.workers, self.job)
        from mien.produce.executors.ray import RayExecutor

        return RayExecutor(self.workers, self.address, self.wheel)


@dataclass(frozen=True, kw_only=True)
class Run(_Making):
    """Make the missing shards of a set. Several runs may work on one set: each takes shards that no other run makes."""

    def run(self) -> int:
        """Make the missing shards."""
        return self.make(retry=False)


@dataclass(frozen=True, kw_only=True)
class Retry(_Making):
    """Make the samples again that failed, and the missing shards. Samples that were made stay as they are."""

    def run(self) -> int:
        """Make the failed samples and the missing shards."""
        return self.make(retry=True)


def _line(folder: Path, result: RunResult, seconds: float) -> str:
    parts = [
        f"{plural(result.made, 'shard')} made ({plural(result.samples, 'sample')}",
        f"{result.failed} failed)",
    ]
    text = f"{folder}: {', '.join(parts)} in {seconds:.1f} s, {result.kept} were finished before"
    if result.busy:
        text += f", {result.busy} made by another run"
    if result.broken:
        text += f", {len(result.broken)} could not be made"
    if result.failed:
        text += f"; to make the failed samples again: mien produce retry {folder}"
    return text


def _record(folder: Path, result: RunResult, seconds: float) -> dict[str, object]:
    return {
        "set": str(folder),
        "shards": result.shards,
        "kept": result.kept,
        "made": result.made,
        "busy": result.busy,
        "samples": result.samples,
        "failed": result.failed,
        "broken": [list(each) for each in result.broken],
        "peak_mb": round(result.peak_mb, 1),
        "total_seconds": round(seconds, 3),
    }
