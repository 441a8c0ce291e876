"""Read the progress of a set from its folder alone, while any number of runs work on it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mien.io.path_lock import is_locked
from mien.io.unfinished import name_beside
from mien.produce.frozen import read_frozen
from mien.produce.shard import finished, stats_path, tar_path

RECENT = 50
"""The rate is measured over this many of the shards that were finished last."""

FRESH_SECONDS = 2.0
"""An unfinished shard that was written so recently counts as running. Its lock is not tried, because a process that is
about to lock it would take the shard for one of another run."""


@dataclass(frozen=True)
class SetStatus:
    """The progress of a set.

    Attributes:
        shards: Shards of the set.
        samples: Samples of the set.
        finished: Shards that are finished.
        made: Samples in the finished shards that were made.
        failed: Samples in the finished shards that failed.
        running: Shards that a process is making: it holds their lock, or wrote them within `FRESH_SECONDS`.
        interrupted: Unfinished shards that no process is making; the next run makes them.
        bytes: Size of the finished shards, bytes.
        per_second: Samples a second over the last shards; None before two are finished.
        seconds_left: Time left at this rate; None if the rate is not known.
        failures: Number of each shard with failed samples, and how many failed.
    """

    shards: int
    samples: int
    finished: int
    made: int
    failed: int
    running: int
    interrupted: int
    bytes: int
    per_second: float | None
    seconds_left: float | None
    failures: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the status as JSON values."""
        return {
            "shards": self.shards,
            "samples": self.samples,
            "finished": self.finished,
            "made": self.made,
            "failed": self.failed,
            "running": self.running,
            "interrupted": self.interrupted,
            "gib": round(self.bytes / 2**30, 4),
            "per_second": None if self.per_second is None else round(self.per_second, 2),
            "seconds_left": None if self.seconds_left is None else round(self.seconds_left),
            "shards_with_failures": [list(each) for each in self.failures],
        }


def set_status(folder: Path, now: float | None = None) -> SetStatus:
    """Read the progress of a set.

    Args:
        folder: The set.
        now: Time in seconds since 1970; None for the current time.

    Raises:
        UsageError: The folder is not a set.
        DatasetError: Its plan is damaged.
    """
    frozen = read_frozen(folder)
    now = time.time() if now is None else now
    done, running, interrupted, size = [], 0, 0, 0
    failures = []
    for shard in range(frozen.plan.shards):
        stats = finished(folder, shard, frozen.hash, frozen.plan.samples_of(shard))
        if stats is None:
            alive = _is_running(folder, shard, now)
            running += alive is True
            interrupted += alive is False
            continue
        done.append((stats_path(folder, shard).stat().st_mtime, stats.made, stats.failed))
        size += stats.tar.bytes + stats.manifest.bytes
        if stats.failed:
            failures.append((shard, stats.failed))
    done.sort()
    rate = _rate(done[-RECENT:], running, now)
    left = frozen.plan.count - sum(made + failed for _, made, failed in done)
    return SetStatus(
        shards=frozen.plan.shards,
        samples=frozen.plan.count,
        finished=len(done),
        made=sum(made for _, made, _ in done),
        failed=sum(failed for _, _, failed in done),
        running=running,
        interrupted=interrupted,
        bytes=size,
        per_second=rate,
        seconds_left=left / rate if rate else None,
        failures=tuple(failures),
    )


def _is_running(folder: Path, shard: int, now: float) -> bool | None:
    """Return whether a process is making a shard; None if none has begun it."""
    path = name_beside(tar_path(folder, shard), "part")
    try:
        written = path.stat().st_mtime
    except OSError:
        return None
    return now - written < FRESH_SECONDS or is_locked(path)


def _rate(done: list[tuple[float, int, int]], running: int, now: float) -> float | None:
    """Return samples a second between the first and the last of the given shards.

    While shards are running, a long time since the last finished shard counts too, so that a run that hangs does not
    look fast.
    """
    if len(done) < 2:
        return None
    samples = sum(made + failed for _, made, failed in done[1:])
    span = done[-1][0] - done[0][0]
    since = now - done[-1][0]
    if running and since > 2 * span / (len(done) - 1):
        span += since
    return samples / span if span > 0 else None
