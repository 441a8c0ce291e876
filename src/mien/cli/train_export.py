"""``mien train export``: write the weights of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.say import say


@dataclass(frozen=True, kw_only=True)
class Export:
    """Write the network of a training run as weights for the engines, with a card that describes them."""

    folder: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="RUN")]
    """Folder of the run."""

    out: Annotated[Path, tyro.conf.arg(metavar="WEIGHTS")]
    """Output folder of the weights."""

    licence: Annotated[str, tyro.conf.arg(metavar="TEXT", help_behavior_hint="")] = ""
    """For the card: licence of the weights, such as an SPDX name; "not stated" without it."""

    trained_on: Annotated[str, tyro.conf.arg(metavar="TEXT", help_behavior_hint="")] = ""
    """For the card: whose pictures it was trained on, and their terms of use."""

    commit: Annotated[str, tyro.conf.arg(metavar="HASH", help_behavior_hint="")] = ""
    """For the card: commit of Mien's source that trained it."""

    def run(self) -> int:
        """Write the weights and print a summary."""
        from mien.training.run import export_weights

        card = export_weights(
            self.folder,
            self.out,
            licence=self.licence,
            trained_on=self.trained_on,
            commit=self.commit,
        )
        aus = f", {len(card.aus)} AUs" if card.aus else ""
        say(f"{self.out}: {card.architecture}{aus}, {len(card.shards)} shards")
        return 0
