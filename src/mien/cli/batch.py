"""``mien batch``: make many clips from a table."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import tyro

from mien.cli.credentials_flag import CredentialsFlag, read_credentials
from mien.cli.engine_flags import WithEngineFlags
from mien.cli.overwrite import Overwrite
from mien.cli.say import complain, say
from mien.engines.spec import Task
from mien.errors import EXIT_CODE
from mien.generate.options import RenderOptions

if TYPE_CHECKING:
    from mien.stimuli.batch import BatchResult

MOST_LINES = 20
"""Largest number of table lines that a message lists."""


@dataclass(frozen=True, kw_only=True)
class Batch(WithEngineFlags):
    """Make a clip for each row of a table. Run it again to make clips that are missing or have changed.

    Columns of the table: portrait, and one of expression, sample and aus (AU12=2@0-.1-.2-.3;
    AU6=..., or the file of a track). Optional: name, aus_face, aus_scale, intensity, strength,
    duration, side, seed, fps, lead, tail and face. Paths are relative to the table.
    """

    task: ClassVar[Task | None] = "generate"

    table: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="TABLE.csv")]
    """The table, a CSV file."""

    out: Annotated[Path, tyro.conf.arg(metavar="FOLDER")]
    """Output folder: a clip for each row, and manifest.csv with the result of each row."""

    format: Literal["mp4", "mkv", "gif", "png"] = "mp4"
    """The format of all clips; png makes a folder for each clip."""

    common: Annotated[RenderOptions, tyro.conf.arg(name="")] = field(default_factory=RenderOptions)
    """Options for rows that do not set their own."""

    overwrite: Overwrite = False

    credentials: CredentialsFlag = None
    """Sign mp4, gif and PNGs with content credentials (C2PA): PEM files of a certificate and its private key."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Make the clips; return 2 if any row failed."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.stimuli.batch import run_batch

        common = replace(self.common, engine_settings=self.flags.given(self.common.engine))
        credentials = read_credentials(self.credentials)
        with frame_progress(self.table.name) as show:
            result = run_batch(
                self.table,
                self.out,
                common=common,
                kind=self.format,
                on_row=show,
                credentials=credentials,
            )
        warn(f"{row.name}: {row.note}" for row in result.rows if row.note)
        made, kept, failed = (result.count(s) for s in ("made", "kept", "failed"))
        if self.json:
            record = {"manifest": str(result.manifest), "made": made, "kept": kept}
            say(json.dumps(record | {"failed": failed}))
        else:
            say(f"{self.out}: {made} made, {kept} kept, {failed} failed; see {result.manifest}")
        if failed:
            complain("error", _failures(result))
            return EXIT_CODE
        return 0


def _failures(result: BatchResult) -> str:
    """Return the lines of the rows that failed, and the error of the first."""
    first, *others = (row for row in result.rows if row.status == "failed")
    name = f" ({first.name})" if first.name else ""
    lines = [str(row.line) for row in others]
    named = ", ".join(lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        named += f" and {len(lines) - MOST_LINES} more"
    also = f"; also line{'s' * (len(lines) > 1)} {named}: see {result.manifest}" if lines else ""
    return (
        f"{1 + len(others)} of {len(result.rows)} rows failed, the first in line {first.line}{name}: "
        f"{first.error}{also}"
    )
