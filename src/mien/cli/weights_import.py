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
    """Convert a PyTorch checkpoint, saved by the official code of a published network, to Mien's weights."""

    file: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="FILE")]
    """The checkpoint file. Only its tensors are read, in a separate process; code in the file is never run."""

    architecture: Annotated[OfficialName, tyro.conf.arg(metavar="|".join(OFFICIAL))]
    """The network that the checkpoint belongs to."""

    out: Annotated[Path, tyro.conf.arg(metavar="WEIGHTS")]
    """Output folder of the weights."""

    licence: Annotated[str, tyro.conf.arg(metavar="TEXT", help_behavior_hint="")] = ""
    """For the card: licence of the weights, such as an SPDX name; "not stated" without it."""

    trained_on: Annotated[str, tyro.conf.arg(metavar="TEXT", help_behavior_hint="")] = ""
    """For the card: whose pictures it was trained on, and their terms of use."""

    image_px: Annotated[int | None, option("PX")] = None
    """Width and height of the network's pictures; by default as published, 128 for ULME-GAN, otherwise 256."""

    square_cm: Annotated[float | None, option("CM")] = None
    """Side of the square around the face that the network sees, in canonical centimetres. By default 13.5 for ULME-GAN,
    as in the official code, and estimates for the others: 20 for fomm and mraa, 15 for those with a prior."""

    align_corners: tyro.conf.FlagCreatePairsOff[bool] = False
    """The checkpoint was trained with PyTorch before version 1.3, whose sampling differs by up to half a pixel."""

    avd: Annotated[Path | None, option("FOLDER")] = None
    """Also write the weights of AVD, which a checkpoint of MRAA may contain, to this folder, for --avd FOLDER."""

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
