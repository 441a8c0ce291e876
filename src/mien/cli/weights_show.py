"""``mien weights show``: print the card of weights."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.say import say


@dataclass(frozen=True, kw_only=True)
class Show:
    """Print the card of weights: network, crop, training data, licence, metrics."""

    folder: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="WEIGHTS")]
    """Folder of the weights."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Print the card."""
        from mien.engines.weights import read_card

        card = read_card(self.folder)
        say(json.dumps(card.to_json()) if self.json else card.to_markdown().rstrip("\n"))
        return 0
