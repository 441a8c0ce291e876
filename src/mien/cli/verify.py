"""``mien verify``: check outputs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.say import say
from mien.errors import EXIT_CODE


@dataclass(frozen=True, kw_only=True)
class Verify:
    """Check that outputs are complete, unaltered, and the ones that their records describe."""

    paths: Annotated[tyro.conf.Positional[tuple[Path, ...]], tyro.conf.arg(metavar="PATH...")]
    """Clips, sidecars, and folders that Mien wrote."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON for each path."""

    def run(self) -> int:
        """Print one line for each problem; 2 if there is any."""
        from mien.errors import UsageError
        from mien.verify import verify

        if not self.paths:
            raise UsageError("expected a path to check, got none; see mien verify --help")
        reports = [verify(path) for path in self.paths]
        for report in reports:
            if self.json:
                say(json.dumps(report.to_json()))
            elif report.problems:
                say("\n".join(map(str, report.problems)))
            else:
                say(f"{report.path}: whole ({report.kind}, {report.checked} checked)")
        return EXIT_CODE if any(report.problems for report in reports) else 0
