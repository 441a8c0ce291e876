"""``mien flows``: the flow maps of a data set or a folder of clips."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from mien.flows.options import FlowsOptions


@dataclass(frozen=True, kw_only=True)
class Flows:
    """Measure the onset-to-apex flow maps of a data set's clips, for mien evaluate recognition."""

    name: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="NAME")]
    """Which data set the copy is of, as mien dataset list names it; folder for your own clips;
    megc2019 for the composite of the three in casme2, samm and smic below ROOT."""

    root: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="ROOT")]
    """The copy's folder; annotations and frames may be anywhere below."""

    out: Annotated[Path, tyro.conf.arg(metavar="FILE.npz")]
    """Where to: arrays flow, label, subject, dataset and clip."""

    how: Annotated[FlowsOptions, tyro.conf.arg(name="")] = field(default_factory=FlowsOptions)
    """How."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Measure, write and say what came out."""
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
        flows = measured.flows
        if self.json:
            record = {"out": str(self.out), "clips": len(flows), "subjects": len(flows.subjects)}
            print(
                json.dumps(
                    record
                    | flows.counts
                    | {"without_label": measured.without_label, "skipped": list(measured.skipped)}
                )
            )
            return 0
        people = len(flows.subjects)
        counts = ", ".join(f"{number} {label}" for label, number in flows.counts.items())
        print(
            f"{self.out}: {len(flows)} clips of {people} subject{'s' * (people != 1)}: {counts}; "
            f"{measured.without_label} without a class, {len(measured.skipped)} left out"
        )
        return 0
