"""``mien produce plan`` and ``mien produce extend``: define what a set contains."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from mien.cli.say import say
from mien.errors import UsageError
from mien.produce.counting import plural

if TYPE_CHECKING:
    from mien.produce.estimate import Estimate

SHOWN = 12
"""Number of values of a column whose shares are printed; --json gives all."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Start a set: store its plan and its portraits, which cannot change later.

    With --dry-run, only estimate what the set will cost.
    """

    plan: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="PLAN.toml")]
    """The plan; docs/produce.md lists its keys."""

    out: Annotated[Path, tyro.conf.arg(metavar="SET")]
    """The set's folder: new or empty."""

    dry_run: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print counts, balance, size on disk and core hours, measured on a few samples, and write nothing."""

    skip_bad: tyro.conf.FlagCreatePairsOff[bool] = False
    """Leave out portraits that cannot be used, and list them. Without, the first one is an error."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Start the set, or only estimate its cost."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.produce.estimate import estimate
        from mien.produce.freeze import check_new, freeze
        from mien.produce.plan_file import read_plan
        from mien.produce.rows import need_parquet

        need_parquet()
        plan = read_plan(self.plan)
        check_new(self.out)
        with frame_progress("portraits") as show:
            if self.dry_run:
                cost = estimate(
                    plan, skip_bad=self.skip_bad, on_portrait=lambda done: show(done, done)
                )
                say(json.dumps(cost.to_json()) if self.json else "\n".join(estimate_lines(cost)))
                return 0
            frozen = freeze(
                plan, self.out, skip_bad=self.skip_bad, on_portrait=lambda done: show(done, done)
            )
        warn(f"left out: {line}" for line in frozen.left_out)
        if self.json:
            record = {
                "out": str(self.out),
                "hash": frozen.hash,
                "samples": plan.count,
                "shards": plan.shards,
                "portraits": {split: len(which) for split, which in frozen.shares.items()},
                "left_out": list(frozen.left_out),
            }
            say(json.dumps(record))
            return 0
        people = ", ".join(f"{len(which)} {split}" for split, which in frozen.shares.items())
        say(
            f"{self.out}: {plan.count} {plan.kind} in {plural(plan.shards, 'shard')}, portraits: {people}; "
            f"plan {frozen.hash[:12]}; next: mien produce run {self.out}"
        )
        return 0


@dataclass(frozen=True, kw_only=True)
class Extend:
    """Add samples to the plan of a set; the existing samples stay as they are."""

    set: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="SET")]
    """The set's folder."""

    count: Annotated[int, tyro.conf.arg(metavar="N")]
    """New total number of samples."""

    def run(self) -> int:
        """Change the plan's count."""
        from mien.produce.extend import extend_set
        from mien.produce.plan import MAX_COUNT

        if not 1 <= self.count <= MAX_COUNT:
            raise UsageError(f"expected --count from 1 to {MAX_COUNT}, got {self.count}")
        plan = extend_set(self.set, self.count).plan
        say(
            f"{self.set}: {plan.count} {plan.kind} in {plural(plan.shards, 'shard')}; next: mien produce run "
            f"{self.set}"
        )
        return 0


def estimate_lines(cost: Estimate) -> list[str]:
    """Return an estimate as lines of text."""
    facts = cost.to_json()
    portraits = ", ".join(f"{number} {split}" for split, number in cost.portraits.items())
    lines = [
        f"samples: {cost.samples} in {plural(cost.shards, 'shard')}",
        f"portraits: {portraits}",
        f"people without samples, because count is too small: {cost.without_samples}",
        f"measured on {cost.measured} samples, {cost.failed} of which failed:",
        f"  size on disk: {facts['gib']:g} GiB",
        f"  core hours: {facts['core_hours']:g} ({facts['samples_per_core_second']:g} samples per second and core)",
    ]
    for column, shares in cost.balance.items():
        shown = [f"{value} {share:.1%}" for value, share in list(shares.items())[:SHOWN]]
        more = f" and {len(shares) - SHOWN} more" if len(shares) > SHOWN else ""
        lines.append(f"  {column}: {', '.join(shown)}{more}")
    return lines
