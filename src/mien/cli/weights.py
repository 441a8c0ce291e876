"""``mien weights``: import and describe the weights of networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from mien.cli.weights_import import Import
from mien.cli.weights_show import Show


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Import an official checkpoint as Mien's weights, or print the card of weights."""

    what: (
        Annotated[Import, tyro.conf.subcommand("import")]
        | Annotated[Show, tyro.conf.subcommand("show")]
    )
    """What to do."""

    def run(self) -> int:
        """Run the subcommand."""
        return self.what.run()
