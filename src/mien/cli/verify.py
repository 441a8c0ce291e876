"""``mien verify``: check outputs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from mien.cli.say import say
from mien.errors import EXIT_CODE

if TYPE_CHECKING:
    from mien.verify.report import Report


@dataclass(frozen=True, kw_only=True)
class Verify:
    """Check that outputs are complete and unaltered, and that they match their records."""

    paths: Annotated[
        tyro.conf.Positional[tuple[Path, ...]],
        tyro.conf.arg(metavar="PATH...", help_behavior_hint="(required)"),
    ]
    """Clips, sidecars, and folders that Mien wrote."""

    trusted: Annotated[Path | None, tyro.conf.arg(metavar="CERTS")] = None
    """PEM file of certificates that you trust: each clip must then be signed (C2PA) under one of them."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON for each path."""

    def run(self) -> int:
        """Print one line for each problem; return 2 if there is any."""
        from mien.errors import UsageError
        from mien.verify import verify

        if not self.paths:
            raise UsageError("expected a path to check, got none; see mien verify --help")
        reports = [verify(path, self.trusted) for path in self.paths]
        for report in reports:
            if self.json:
                say(json.dumps(report.to_json()))
            elif report.problems:
                say("\n".join(map(str, report.problems)))
            else:
                say(
                    f"{report.path}: whole ({report.kind}, {report.checked} checked){_signer(report)}"
                )
        return EXIT_CODE if any(report.problems for report in reports) else 0


def _signer(report: Report) -> str:
    """Return who signed the clips and whether that was checked, as text for people."""
    found = list(report.facts.get("credentials", {}).values())
    if not found:
        return ""
    if unchecked := [each for each in found if each["state"] == "not checked"]:
        return f"; content credentials not checked: {unchecked[0]['why']}"
    trusted = all(each["state"] == "trusted" for each in found)
    known = "" if trusted else ", not checked against trusted certificates; see --trusted"
    signers = ", ".join(sorted({str(each["signer"]) for each in found}))
    count = "" if report.checked == 1 else f"{len(found)} of {report.checked} clips "
    return f"; {count}signed by {signers}{known}"
