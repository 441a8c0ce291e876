"""``mien sheet``: a contact sheet of a clip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Draw a contact sheet of a clip: onset, apex, offset, what changes, and the AUs over time."""

    clip: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="CLIP")]
    """A clip that Mien made, its sidecar beside it."""

    out: Annotated[Path, tyro.conf.arg(metavar="FILE.png")]
    """Where to."""

    columns: Annotated[int, tyro.conf.arg(metavar="N")] = 5
    """How many frames, 3 to 12."""

    magnify: Annotated[float, tyro.conf.arg(metavar="X")] = 8.0
    """How many times the difference from the first frame is magnified."""

    def run(self) -> int:
        """Draw the sheet and say where it is."""
        from mien.api.sheet import contact_sheet

        print(contact_sheet(self.clip, self.out, columns=self.columns, magnify=self.magnify))
        return 0
