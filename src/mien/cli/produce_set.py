"""``mien produce status``, ``verify`` and ``export``: inspect, check and describe a set."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from mien.cli.say import say
from mien.errors import EXIT_CODE, UsageError
from mien.produce.counting import plural

if TYPE_CHECKING:
    from mien.produce.status import SetStatus

SHOWN = 20
"""Number of problems that are printed; --json gives all."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """Show the progress of a set, even while runs work on it."""

    set: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="SET")]
    """The set's folder."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Print the progress."""
        from mien.produce.status import set_status

        status = set_status(self.set)
        say(json.dumps(status.to_json()) if self.json else status_line(self.set, status))
        return 0


@dataclass(frozen=True, kw_only=True)
class VerifySet:
    """Check a set: hashes, counts, balance, duplicates, unreadable files, and the labels of some samples."""

    set: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="SET")]
    """The set's folder."""

    sample: Annotated[int, tyro.conf.arg(metavar="N")] = 50
    """Number of samples that are decoded, made again and compared, and whose movement is measured."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Print each problem; return 2 if there is any."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.produce.verify import verify_set

        if self.sample < 0:
            raise UsageError(f"expected --sample of 0 or more, got {self.sample}")
        with frame_progress(self.set.name) as show:
            report = verify_set(self.set, self.sample, show)
        if self.json:
            say(json.dumps(report.to_json()))
        else:
            lines = list(report.problems[:SHOWN])
            if len(report.problems) > SHOWN:
                lines.append(f"... and {len(report.problems) - SHOWN} more (--json gives all)")
            say("\n".join([*lines, report.summary]))
            warn(report.notes)
        return EXIT_CODE if report.problems else 0


@dataclass(frozen=True, kw_only=True)
class Export:
    """Describe a finished set for others: Croissant metadata and a data card."""

    set: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="SET")]
    """The set's folder."""

    name: Annotated[str, tyro.conf.arg(metavar="NAME")]
    """Name of the set."""

    licence: Annotated[str, tyro.conf.arg(metavar="LICENCE")]
    """Licence of the set, as an SPDX name or a web address. The owners of the portraits decide it."""

    portraits_from: Annotated[str, tyro.conf.arg(metavar="TEXT")]
    """A sentence that says where the portraits come from and that they may be used."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Write both files into the set."""
        from mien.produce.export import export_set

        files = export_set(self.set, self.name, self.licence, self.portraits_from)
        if self.json:
            say(json.dumps({"set": str(self.set), "files": [path.name for path in files]}))
        else:
            say(f"{self.set}: {' and '.join(path.name for path in files)} written")
        return 0


def status_line(folder: Path, status: SetStatus) -> str:
    """Return the progress of a set in one line."""
    share = status.finished / status.shards
    text = (
        f"{folder}: {status.finished} of {plural(status.shards, 'shard')} ({share:.1%}), "
        f"{plural(status.made, 'sample')}, {status.failed} failed, {plural(status.running, 'shard')} running, "
        f"{status.interrupted} interrupted, {status.bytes / 2**30:.2f} GiB"
    )
    if status.per_second is not None and status.finished < status.shards:
        assert status.seconds_left is not None
        text += f"; {status.per_second:.1f} samples a second, {_duration(status.seconds_left)} left"
    return text


def _duration(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
