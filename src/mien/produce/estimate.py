"""Estimate a plan's balance, bytes and core hours from some samples that are made and thrown away."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from mien.produce.engine_facts import engine_records
from mien.produce.executors.base import use_one_thread
from mien.produce.freeze import OnPortrait, freeze_in
from mien.produce.frozen import FrozenPlan
from mien.produce.plan import ProducePlan
from mien.produce.rows import Sample, need_parquet
from mien.produce.turns import refuse_empty_splits, samples_of_people
from mien.produce.worker import samples_of

MEASURED = {"clips": 48, "pairs": 240, "flows": 3200}
"""Number of samples that are made and measured: at least two turns at the default of ``turn``."""

WARM_UP = {"clips": 2, "pairs": 2, "flows": 16}
"""Number of samples made before the measured ones, while libraries and models are loaded."""

TAR_BYTES = 768
"""Overhead of a member in a tar: a header of 512 bytes, and on average half a block of padding."""

MANIFEST_BYTES = 250
"""Size of a row of the manifest, compressed."""

BALANCED = ("split", "label", "emotion", "engine", "camera", "size_px", "fps", "subject")
"""Columns of the manifest whose balance is reported."""


@dataclass(frozen=True)
class Estimate:
    """What a plan will cost.

    Attributes:
        samples: Samples of the set.
        shards: Shards of the set.
        portraits: Portraits by split.
        measured: Samples that were made and measured.
        failed: Measured samples that failed.
        balance: Share of each value by column of the manifest: among all samples for splits and people, among the
            measured samples for the other columns.
        without_samples: People who have no sample, because the set is too small.
        bytes: Size of the set.
        core_seconds: Time of one core for the set.
    """

    samples: int
    shards: int
    portraits: Mapping[str, int]
    measured: int
    failed: int
    balance: Mapping[str, Mapping[str, float]]
    bytes: int
    core_seconds: float
    without_samples: int = 0

    @property
    def core_hours(self) -> float:
        """Hours of one core."""
        return self.core_seconds / 3600

    def to_json(self) -> dict[str, Any]:
        """Return the estimate as JSON values."""
        return {
            "samples": self.samples,
            "shards": self.shards,
            "portraits": dict(self.portraits),
            "measured": self.measured,
            "failed": self.failed,
            "balance": {name: dict(shares) for name, shares in self.balance.items()},
            "people_without_samples": self.without_samples,
            "gib": round(self.bytes / 2**30, 4),
            "core_hours": float(f"{self.core_hours:.3g}"),
            "samples_per_core_second": round(self.samples / self.core_seconds, 2),
        }


def estimate(
    plan: ProducePlan, *, skip_bad: bool = False, on_portrait: OnPortrait = lambda done: None
) -> Estimate:
    """Make some samples of a plan in a temporary folder, and estimate the cost of the whole set.

    Args:
        plan: The plan.
        skip_bad: See `mien.produce.freeze.freeze`.
        on_portrait: See `mien.produce.freeze.freeze`.

    Raises:
        MienError: The portraits or the engines cannot be used.
    """
    import cv2

    need_parquet()
    use_one_thread()
    cv2.setNumThreads(1)
    engines = engine_records(plan)
    with TemporaryDirectory() as name:
        folder = Path(name)
        frozen = replace(freeze_in(plan, folder, skip_bad, on_portrait), engines=engines)
        refuse_empty_splits(frozen)
        count = min(MEASURED[plan.kind], plan.count)
        warm = min(WARM_UP[plan.kind], plan.count)
        indices = spread(plan, count)
        count = len(indices)
        for _ in samples_of(folder, frozen, list(range(warm)), folder):
            pass
        before = time.process_time()
        made = [_lean(each) for each in samples_of(folder, frozen, indices, folder)]
        seconds = (time.process_time() - before) / count
        rows = [row for row, _ in made]
        size = sum(length for _, length in made) / count + MANIFEST_BYTES
    return Estimate(
        samples=plan.count,
        shards=plan.shards,
        portraits={split: len(numbers) for split, numbers in frozen.shares.items()},
        measured=count,
        failed=sum(row["status"] == "failed" for row in rows),
        balance=balance(rows) | exact_balance(frozen),
        without_samples=samples_of_people(frozen).count(0),
        bytes=round(size * plan.count),
        core_seconds=seconds * plan.count,
    )


def balance(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return the share of each value among samples, by column; columns without values are left out."""
    shares = {}
    for column in BALANCED:
        if column == "fps" and rows[0]["kind"] == "pairs":
            continue  # one over the rise time, so nearly every pair has its own
        counted = Counter(str(row[column]) for row in rows if row.get(column) is not None)
        if counted:
            shares[column] = {
                value: round(number / counted.total(), 4)
                for value, number in sorted(counted.items())
            }
    return shares


def spread(plan: ProducePlan, count: int) -> list[int]:
    """Return the numbers of samples in whole turns: the set is cut into equal parts, and one turn is drawn from each.

    Args:
        plan: The plan.
        count: Number of samples; fewer are returned if the set's last turn is drawn and is shorter.
    """
    rng = np.random.default_rng([plan.seed, 9])
    runs, total = -(-count // plan.run), -(-plan.count // plan.run)
    chosen: list[int] = []
    for number in range(runs):
        turn = int(rng.integers(number * total // runs, (number + 1) * total // runs))
        chosen += range(turn * plan.run, min((turn + 1) * plan.run, plan.count))
    return chosen[:count]


def exact_balance(frozen: FrozenPlan) -> dict[str, dict[str, float]]:
    """Return the shares of splits and people among all samples."""
    of_split, of_person = Counter[str](), Counter[str]()
    for portrait, number in zip(frozen.portraits, samples_of_people(frozen), strict=True):
        of_split[portrait.split] += number
        of_person[portrait.subject] += number
    return {
        name: {value: round(counted[value] / frozen.plan.count, 4) for value in sorted(counted)}
        for name, counted in (("split", of_split), ("subject", of_person))
    }


def _lean(sample: Sample) -> tuple[dict[str, Any], int]:
    """Return a sample's row, and its size in a tar."""
    return dict(sample.row), sum(len(each) + TAR_BYTES for each in sample.members.values())


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
