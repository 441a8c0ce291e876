"""``mien render``: make the clip of a studio project."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from mien.cli.credentials_flag import CredentialsFlag, read_credentials
from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.common.option_help import option


@dataclass(frozen=True, kw_only=True)
class Render:
    """Make the clip of a project saved in the studio, with the same frames as the studio's export."""

    project: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="PROJECT.json")]
    """The project file; the paths of its picture and its driver are relative to its folder."""

    out: Annotated[Path, tyro.conf.arg(metavar="FILE")]
    """Output: a file ending in .mp4, .mkv (lossless) or .gif (slowed down), or a folder for PNGs."""

    chroma: Annotated[Literal["444", "420"] | None, option("444|420")] = None
    """Colour resolution of an mp4: 444 (the default) keeps the colour of each pixel; 420 plays in every program."""

    overwrite: Overwrite = False

    credentials: CredentialsFlag = None
    """Sign mp4, gif and PNGs with content credentials (C2PA): PEM files of a certificate and its private key."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Make the clip and print a summary."""
        from mien.cli import generate, transfer
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.common.clip_writer import check_output
        from mien.generate.clip import GeneratedClip
        from mien.project.render import render_project

        check_output(self.out)
        credentials = read_credentials(self.credentials)
        with frame_progress(self.out.name) as show:
            made = render_project(
                self.project, self.out, chroma=self.chroma, on_frame=show, credentials=credentials
            )
        said = generate if isinstance(made, GeneratedClip) else transfer
        if not isinstance(made, GeneratedClip):
            warn(made.notes)
        say(json.dumps(said.summary(made)) if self.json else said.describe(made))
        return 0
