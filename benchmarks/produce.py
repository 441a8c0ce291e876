"""Measure the rate of ``mien produce run`` beside that of a single process, its memory, and the cost of a million.

Run as ``python -m benchmarks.produce [--only NAME ...] [--workers N] [--scale]``. The portraits are the shared ones
if they are there, else a picture of scikit-image. ``--scale`` times the handling of 100,000 shards without content.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.report import PORTRAITS, near_neutral, report
from mien.produce.executors.base import use_one_thread
from mien.produce.executors.local import LocalExecutor
from mien.produce.freeze import freeze
from mien.produce.frozen import read_frozen
from mien.produce.plan import ProducePlan
from mien.produce.run import run_set
from mien.produce.shard import (
    ShardStats,
    StoredFile,
    finished,
    manifest_path,
    stats_path,
    tar_path,
)
from mien.produce.status import set_status
from mien.produce.worker import ShardOutcome, peak_mb, samples_of

PEOPLE = 12


@dataclass(frozen=True)
class Work:
    """A set to time.

    Attributes:
        plan: Values of the plan.
        single: Number of samples that the single process makes.
    """

    plan: dict[str, Any]
    single: int


# A movement of 0.5 s at 100 frames per second, with 0.05 s before and after, has 61 frames.
CLIPS = {"kind": "clips", "durations_seconds": (0.5, 0.5)}
WORKS = {
    "pairs 128": Work({"kind": "pairs", "size": 128, "count": 2400, "shard": 600}, 480),
    "clips 256": Work({**CLIPS, "size": 256, "count": 96, "shard": 24}, 36),
    "clips 512": Work({**CLIPS, "size": 512, "count": 48, "shard": 12}, 24),
    "clips 512 still": Work(
        {**CLIPS, "size": 512, "count": 48, "shard": 12, "cameras": ("still",)}, 24
    ),
    "flows": Work({"kind": "flows", "size": 256, "count": 40_000, "shard": 10_000}, 6400),
}
SHARDS = 100_000


def main() -> None:
    """Time each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=WORKS, default=list(WORKS))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--scale", action="store_true")
    asked = parser.parse_args()
    use_one_thread()
    with TemporaryDirectory() as name:
        people = _people(Path(name))
        for work in asked.only:
            rate(work, people, Path(name) / work.replace(" ", "-"), asked.workers)
        if asked.scale:
            scale(people, Path(name) / "scale")


def rate(name: str, people: Path, folder: Path, workers: int) -> None:
    """Time a set made by workers, and some of its samples made by a single process that keeps nothing."""
    work = WORKS[name]
    plan = ProducePlan(portraits=people, seed=1, **work.plan)
    freeze(plan, folder)
    single, single_cpu = single_rate(folder, work.single)
    ended: list[ShardOutcome] = []
    start = time.perf_counter()
    result = run_set(
        folder,
        LocalExecutor(workers),
        on_shard=lambda outcome, done, total: ended.append(outcome),
    )
    made = plan.count / (time.perf_counter() - start)
    assert result.failed == 0 and not result.broken
    per_core = made / workers
    cpu_rate = plan.count / sum(each.cpu_seconds for each in ended)
    size = sum(path.stat().st_size for path in (folder / "shards").iterdir())
    report(
        "produce",
        {"work": name, "workers": workers, "samples": plan.count, "people": PEOPLE},
        {
            "samples_per_second": round(made, 1),
            "single_process": round(single, 1),
            "share_of_it_per_core": round(per_core / single, 3),
            # Samples per second of processor time, which other work on the machine does not change.
            "per_cpu_second": round(cpu_rate, 1),
            "single_per_cpu_second": round(single_cpu, 1),
            "share_per_cpu_second": round(cpu_rate / single_cpu, 3),
            "peak_mb_each_shard": [round(each.peak_mb) for each in ended],
            "million_core_hours": round(1e6 / cpu_rate / 3600, 2),
            "million_gib": round(size / plan.count * 1e6 / 2**30, 2),
        },
    )


def single_rate(folder: Path, count: int) -> tuple[float, float]:
    """Return the samples that one process makes and drops, per second and per second of processor time.

    Loading is not timed.
    """
    frozen = read_frozen(folder)
    warm = min(count // 4, 48)
    with TemporaryDirectory() as scratch:
        samples: Iterator[object] = samples_of(
            folder, frozen, list(range(warm + count)), Path(scratch)
        )
        for _ in islice(samples, warm):
            pass
        start, cpu_start = time.perf_counter(), time.process_time()
        made = sum(1 for _ in samples)
        return made / (time.perf_counter() - start), made / (time.process_time() - cpu_start)


@dataclass(frozen=True)
class Empty:
    """Makes shards without content, so that only scheduling, locks and the handling of stats are timed."""

    plan_hash: str
    plan: ProducePlan

    def outcomes(
        self, folder: Path, shards: list[int], *, retry: bool = False
    ) -> Iterator[ShardOutcome]:
        """Write the three files of each shard without samples, and report the shard as made."""
        for shard in shards:
            samples = self.plan.samples_of(shard)
            tar, manifest = (
                StoredFile(path(folder, shard).name, 0, "") for path in (tar_path, manifest_path)
            )
            stats = ShardStats(
                shard, self.plan_hash, samples.start, samples.stop, tar, manifest, {}
            )
            tar_path(folder, shard).touch()
            manifest_path(folder, shard).touch()
            stats_path(folder, shard).write_text(stats.text())
            yield ShardOutcome(shard, "made", made=len(samples))


def scale(people: Path, folder: Path) -> None:
    """Time the handling of few and of many shards, which must be linear in time and in memory."""
    begun = freeze(
        ProducePlan(portraits=people, kind="pairs", count=10, shard=10, size=128), folder
    )
    for shards in (SHARDS // 10, SHARDS):
        plan = replace(begun.plan, count=shards * 10)
        (folder / "plan.json").write_text(replace(begun, plan=plan).text())
        start = time.perf_counter()
        run_set(folder, Empty(begun.hash, plan))  # type: ignore[arg-type]
        run = time.perf_counter() - start
        start = time.perf_counter()
        again = run_set(folder, Empty(begun.hash, plan))  # type: ignore[arg-type]
        nothing = time.perf_counter() - start
        start = time.perf_counter()
        status = set_status(folder)
        asked = time.perf_counter() - start
        assert again.kept == status.finished == shards
        each = [finished(folder, shard, begun.hash, plan.samples_of(shard)) for shard in range(100)]
        assert all(each)
        report(
            "produce scale",
            {"shards": shards},
            {
                "run_seconds": round(run, 2),
                "rerun_seconds": round(nothing, 2),
                "status_seconds": round(asked, 2),
                "peak_mb": round(peak_mb()),
            },
        )


def _people(place: Path) -> Path:
    """Write a list of portraits, and return its path."""
    people = place / "people.txt"
    if PORTRAITS.is_dir():
        people.write_text("\n".join(map(str, near_neutral(PORTRAITS, PEOPLE))))
        return people
    import skimage.data

    from mien.io.images import write_png

    write_png(place / "astronaut.png", skimage.data.astronaut())
    people.write_text("astronaut.png")
    return people


if __name__ == "__main__":
    main()
