"""``mien train``: face sets, networks and their weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from mien.cli.train_export import Export
from mien.cli.train_faces import Faces
from mien.cli.train_network import Network


@dataclass(frozen=True, kw_only=True)
class Train:
    """Train a network on faces, or make a face set to train on."""

    what: (
        Network
        | Annotated[Faces, tyro.conf.subcommand("faces")]
        | Annotated[Export, tyro.conf.subcommand("export")]
    )
    """What to do."""

    def run(self) -> int:
        """Run the subcommand."""
        return self.what.run()
