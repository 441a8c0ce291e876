"""Run the production of a set: make its missing shards."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mien.errors import UsageError
from mien.io.atomic import check_folder_writable
from mien.produce.executors.base import Executor
from mien.produce.frozen import read_frozen
from mien.produce.place import SHARDS
from mien.produce.rows import need_parquet
from mien.produce.shard import finished, stem
from mien.produce.worker import ShardOutcome

OnShard = Callable[[ShardOutcome, int, int], None]
"""Called with a shard's outcome, the number of shards that ended in this run, and the number that the run will make."""


@dataclass(frozen=True)
class RunResult:
    """What a run made.

    Attributes:
        shards: Number of shards that this run was asked for.
        kept: Number of shards that were finished already.
        made: Number of shards that this run made.
        busy: Number of shards that another run is making, or made meanwhile.
        samples: Samples made in the shards of this run.
        failed: Samples that failed in the shards of this run.
        broken: Shards that could not be made, with the reason.
        peak_mb: Largest memory of a worker, MB.
    """

    shards: int
    kept: int
    made: int = 0
    busy: int = 0
    samples: int = 0
    failed: int = 0
    broken: tuple[tuple[int, str], ...] = field(default=())
    peak_mb: float = 0.0


def run_set(
    folder: Path,
    executor: Executor,
    shards: str | None = None,
    *,
    retry: bool = False,
    on_shard: OnShard = lambda outcome, done, total: None,
) -> RunResult:
    """Make the shards of a set that are missing.

    Several runs may work on one set at a time, also on several machines that share its folder: each run takes shards
    that no other run is making.

    Args:
        folder: The set.
        executor: What makes shards.
        shards: ``a:b`` for shards a to b - 1; None for all.
        retry: Make failed samples of finished shards again.
        on_shard: Called as shards end.

    Raises:
        UsageError: The folder is not a set, was planned with other versions, or has no such shards.
        OutputError: The folder cannot be written.
        MissingExtraError: pyarrow is not installed.
    """
    need_parquet()
    frozen = read_frozen(folder)
    frozen.check_versions()
    check_folder_writable(folder / SHARDS)
    asked = shard_range(shards, frozen.plan.shards)
    todo = []
    for shard in asked:
        stats = finished(folder, shard, frozen.hash, frozen.plan.samples_of(shard))
        if stats is None or (retry and stats.failed):
            todo.append(shard)
    ended: list[ShardOutcome] = []
    for outcome in executor.outcomes(folder, todo, retry=retry):
        ended.append(outcome)
        on_shard(outcome, len(ended), len(todo))
    made = [each for each in ended if each.state == "made"]
    return RunResult(
        shards=len(asked),
        kept=len(asked) - len(todo) + sum(each.state == "kept" for each in ended),
        made=len(made),
        busy=sum(each.state == "busy" for each in ended),
        samples=sum(each.made for each in made),
        failed=sum(each.failed for each in made),
        broken=tuple(sorted((each.shard, each.why) for each in ended if each.state == "broken")),
        peak_mb=max((each.peak_mb for each in made), default=0.0),
    )


def shard_range(text: str | None, shards: int) -> range:
    """Read ``a:b``, shards a to b - 1; either number may be left out.

    Raises:
        UsageError: The text has another form, or names shards that the set does not have.
    """
    if text is None:
        return range(shards)
    found = re.fullmatch(r"(\d{0,9}):(\d{0,9})", text)
    if found is None:
        raise UsageError(f"expected --shards a:b such as 0:10, got {text!r}")
    start, stop = int(found[1] or 0), int(found[2] or shards)
    if not 0 <= start < stop <= shards:
        raise UsageError(f"expected --shards within 0:{shards}, got {text}")
    return range(start, stop)


def lines_of(broken: tuple[tuple[int, str], ...]) -> list[str]:
    """Return one line, with the reason, for each shard that could not be made."""
    return [f"{stem(shard)}: {why}" for shard, why in broken]
