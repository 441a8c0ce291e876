"""``mien experiment``: studies with people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from mien.cli.experiment_analyse import Analyse
from mien.cli.experiment_build import Build
from mien.cli.experiment_pool import Pool
from mien.cli.experiment_rate import Rate


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Build a study or a pool of stimuli, let raters judge clips, and analyse participants' answers."""

    what: (
        Annotated[Build, tyro.conf.subcommand("build")]
        | Annotated[Pool, tyro.conf.subcommand("pool")]
        | Annotated[Rate, tyro.conf.subcommand("rate")]
        | Annotated[Analyse, tyro.conf.subcommand("analyse")]
    )
    """What to do."""

    def run(self) -> int:
        """Run the subcommand."""
        return self.what.run()
