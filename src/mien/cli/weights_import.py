"""``mien weights import``: an official checkpoint as Mien's weights."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.say import say
from mien.common.option_help import option
from mien.training.official.names import OFFICIAL, OfficialName


@dataclass(frozen=True, kw_only=True)
class Import:
    """Read a PyTorch checkpoint that the official code of a published network saved, and write it as weights."""

    file: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="FILE")]
    """The checkpoint. Only plain tensors are read, in a process of their own; no code in it is run."""

    architecture: Annotated[OfficialName, tyro.conf.arg(metavar="|".join(OFFICIAL))]
    """The network that it is of."""

    out: Annotated[Path, tyro.conf.arg(metavar="WEIGHTS")]
    """Folder of the weights."""

    licence: Annotated[str, tyro.conf.arg(metavar="TEXT", help_behavior_hint="")] = ""
    """For the card: licence of the weights, such as an SPDX name; "not stated" without it."""

    trained_on: Annotated[str, tyro.conf.arg(metavar="TEXT", help_behavior_hint="")] = ""
    """For the card: whose pictures it was trained on, and their terms of use."""

    image_px: Annotated[int | None, option("PX")] = None
    """Side of the network's pictures, if it is not the published one: 128 for ULME-GAN, otherwise 256."""

    square_cm: Annotated[float | None, option("CM")] = None
    """Side of the square that the network sees of a face, in canonical centimetres, if it is not the one of the
    official code: 13.5 for ULME-GAN; 20 for fomm and mraa and 15 for the others, which are estimates."""

    align_corners: tyro.conf.FlagCreatePairsOff[bool] = False
    """The checkpoint was trained with PyTorch before version 1.3, whose sampling differs by up to half a pixel."""

    avd: Annotated[Path | None, option("FOLDER")] = None
    """Folder of the weights of AVD, which a checkpoint of MRAA may hold as well, for --driving avd --avd FOLDER."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Import the checkpoint and print a summary."""
        from mien.cli.notes import warn
        from mien.training.run import import_weights

        made = import_weights(
            self.file,
            self.out,
            self.architecture,
            licence=self.licence,
            trained_on=self.trained_on,
            image_px=self.image_px,
            square_cm=self.square_cm,
            align_corners=self.align_corners,
            avd=self.avd,
        )
        warn(made.notes)
        card = made.card
        if self.json:
            said = {"out": str(made.folder), "card": card.to_json(), "notes": list(made.notes)}
            say(json.dumps(said))
        else:
            say(f"{made.folder}: {self.architecture}, licence {card.licence}, {card.crop}")
        return 0
