"""``mien convert``: convert AU timelines from one format to another."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.convert.options import ConvertOptions

if TYPE_CHECKING:
    from mien.convert.convert import Converted


@dataclass(frozen=True, kw_only=True)
class Convert:
    """Convert AUs between ELAN, BORIS, OpenFace, py-feat, LibreFace, FaceReader, iMotions and Mien."""

    source: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="A")]
    """The file to read."""

    out: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="B")]
    """The file to write."""

    how: Annotated[ConvertOptions, tyro.conf.arg(name="")] = field(default_factory=ConvertOptions)
    """Options of the conversion."""

    overwrite: Overwrite = False

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Write the file and print what is lost."""
        from mien.cli.notes import warn
        from mien.convert.convert import convert_file

        made = convert_file(self.source, self.out, self.how)
        warn(made.notes)
        warn(f"lost: {loss}" for loss in made.losses)
        say(json.dumps(made.to_json()) if self.json else describe(made))
        return 0


def describe(made: Converted) -> str:
    """Return the result in one line."""
    what = "events" if made.kind == "events" else "frames"
    return f"{made.path}: {made.count} {what} of {' '.join(made.aus)} ({made.read_as} to {made.written_as})"
