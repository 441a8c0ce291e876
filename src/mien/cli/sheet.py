"""``mien sheet``: draw a contact sheet of a clip."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.plots.contact_options import SheetOptions


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Draw a contact sheet of a clip: onset, apex, offset, what changes, and AUs over time.

    Onset and offset are the times at which the AUs were made to start and end; they are not measured.
    """

    clip: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="CLIP")]
    """A clip that Mien made, with its sidecar beside it."""

    out: Annotated[Path, tyro.conf.arg(metavar="FILE.png")]
    """The output file."""

    look: Annotated[SheetOptions, tyro.conf.arg(name="")] = field(default_factory=SheetOptions)
    """Options of the sheet."""

    overwrite: Overwrite = False

    def run(self) -> int:
        """Draw the sheet and print its path."""
        from mien.plots.contact_sheet import contact_sheet

        say(contact_sheet(self.clip, self.out, self.look))
        return 0
