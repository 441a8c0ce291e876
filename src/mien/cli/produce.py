"""``mien produce``: large sets of labelled samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from mien.cli.produce_plan import Extend, Plan
from mien.cli.produce_run import Retry, Run
from mien.cli.produce_set import Export, Status, VerifySet


@dataclass(frozen=True, kw_only=True)
class Produce:
    """Plan, make, check and publish a large set of labelled clips, pairs or flow maps."""

    what: (
        Annotated[Plan, tyro.conf.subcommand("plan")]
        | Annotated[Run, tyro.conf.subcommand("run")]
        | Annotated[Status, tyro.conf.subcommand("status")]
        | Annotated[VerifySet, tyro.conf.subcommand("verify")]
        | Annotated[Retry, tyro.conf.subcommand("retry")]
        | Annotated[Extend, tyro.conf.subcommand("extend")]
        | Annotated[Export, tyro.conf.subcommand("export")]
    )
    """What to do."""

    def run(self) -> int:
        """Run the subcommand."""
        return self.what.run()
