"""``mien flow-pairs``: make pairs of pictures with their exact optical flow from portraits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.say import say
from mien.flow_pairs.options import FlowPairsOptions


@dataclass(frozen=True, kw_only=True)
class FlowPairs:
    """Make onset and apex pictures with the exact flow between them, for training optical flow."""

    portraits: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="PORTRAITS")]
    """A folder with one picture of each person, or a text file that lists the pictures."""

    out: Annotated[Path, tyro.conf.arg(metavar="FOLDER")]
    """Output folder: new, empty, or an earlier set of pairs, which is replaced."""

    how: Annotated[FlowPairsOptions, tyro.conf.arg(name="")]
    """Options of the pairs."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Make the pairs and print a summary."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.flow_pairs.pairs import make_flow_pairs

        with frame_progress(self.out.name) as show:
            made = make_flow_pairs(self.portraits, self.out, self.how, show)
        warn(f"left out: {line}" for line in made.skipped)
        if self.json:
            record = {
                "out": str(made.folder),
                "training": made.training,
                "validation": made.validation,
                "people": made.people,
                "skipped": list(made.skipped),
            }
            say(json.dumps(record))
            return 0
        say(
            f"{made.folder}: {made.training} pairs to train on and {made.validation} to validate on, of "
            f"{made.people} {'person' if made.people == 1 else 'people'}"
        )
        return 0
