"""``mien flows``: measure the flow maps of a data set or a folder of clips."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.flows.options import FlowsOptions

if TYPE_CHECKING:
    from mien.flows.maps import MeasuredFlows


@dataclass(frozen=True, kw_only=True)
class Flows:
    """Measure the onset-to-apex flow maps of a data set's clips, for mien evaluate recognition and aus."""

    name: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="NAME")]
    """The data set's name, as in mien dataset list; folder for your own clips; megc2019 for the
    composite of the three copies in the folders casme2, samm and smic of ROOT."""

    root: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="ROOT")]
    """Folder of your copy; annotations and frames may be anywhere below it."""

    out: Annotated[Path, tyro.conf.arg(metavar="FILE.npz")]
    """The output file, with arrays flow, label, subject, dataset and clip, and the coded AUs."""

    how: Annotated[FlowsOptions, tyro.conf.arg(name="")] = field(default_factory=FlowsOptions)
    """Options of the measurement."""

    overwrite: Overwrite = False

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Measure the maps, write them, and print a summary."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.errors import UsageError
        from mien.flows.maps import measure_flows
        from mien.io.atomic import check_writable

        if self.out.suffix.casefold() != ".npz":
            raise UsageError(f"expected --out FILE.npz, got {self.out.name}")
        check_writable(self.out)
        with frame_progress(self.out.name) as show:
            measured = measure_flows(self.name, self.root, self.how, show)
        measured.flows.write_npz(self.out)
        warn(f"left out: {line}" for line in measured.skipped)
        if self.json:
            say(json.dumps(summary(measured, self.out)))
        else:
            say(describe(measured, self.out))
        return 0


def summary(measured: MeasuredFlows, out: Path) -> dict[str, Any]:
    """Return the result as JSON values."""
    flows = measured.flows
    return {
        "out": str(out),
        "clips": len(flows),
        "subjects": len(flows.subjects),
        **flows.counts,
        "no_class": len(flows) - sum(flows.counts.values()),
        "without_label": measured.without_label,
        "skipped": list(measured.skipped),
    }


def describe(measured: MeasuredFlows, out: Path) -> str:
    """Return the result in one line."""
    flows = measured.flows
    people = len(flows.subjects)
    counts = ", ".join(f"{number} {label}" for label, number in flows.counts.items())
    if rest := len(flows) - sum(flows.counts.values()):
        counts += f", {rest} of none of these"
    return (
        f"{out}: {len(flows)} clips of {people} subject{'s' * (people != 1)}: {counts}; "
        f"{measured.without_label} without a label, {len(measured.skipped)} left out"
    )
