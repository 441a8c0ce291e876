"""``mien transfer``: put a real movement onto another face."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import tyro

from mien.cli.credentials_flag import CredentialsFlag, read_credentials
from mien.cli.engine_flags import WithEngineFlags
from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.engines.spec import Task
from mien.transfer.options import TransferOptions

if TYPE_CHECKING:
    from mien.transfer.clip import TransferredClip


@dataclass(frozen=True, kw_only=True)
class Transfer(WithEngineFlags):
    """Put the movement of a clip onto a portrait."""

    task: ClassVar[Task | None] = "transfer"

    driver: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="DRIVER")]
    """The clip whose face moves: a video, or a folder of frames with --fps."""

    portrait: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="PORTRAIT")]
    """The picture of the face that is to move."""

    out: Annotated[Path, tyro.conf.arg(metavar="FILE")]
    """Output: a file ending in .mp4, .mkv (lossless) or .gif (slowed down), or a folder for PNGs."""

    how: Annotated[TransferOptions, tyro.conf.arg(name="")] = field(default_factory=TransferOptions)
    """Options of the transfer."""

    overwrite: Overwrite = False

    credentials: CredentialsFlag = None
    """Sign mp4, gif and PNGs with content credentials (C2PA): PEM files of a certificate and its private key."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Make the clip and print a summary."""
        from mien.cli.clock import STARTED_SECONDS
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.common.clip_writer import check_output
        from mien.common.picture import Picture
        from mien.transfer.clip import make_transfer

        options = replace(self.how, engine_settings=self.flags.given(self.how.engine))
        credentials = read_credentials(self.credentials)
        check_output(self.out, self.portrait, self.driver)
        with frame_progress(self.out.name) as show:
            picture = Picture.of(self.portrait)
            made = make_transfer(
                self.driver, picture, self.out, options, show, credentials=credentials
            )
        warn(made.notes)
        if self.json:
            seconds = round(time.perf_counter() - STARTED_SECONDS, 3)
            say(json.dumps(summary(made) | {"total_seconds": seconds}))
        else:
            say(describe(made))
        return 0


def summary(made: TransferredClip) -> dict[str, Any]:
    """Return the facts of a clip for scripts, as JSON values."""
    return {
        "out": str(made.path),
        "sidecar": str(made.sidecar),
        "frames": made.frames,
        "fps": str(made.fps),
        "seconds": round(made.duration_seconds, 6),
        "slowdown": made.slowdown,
        "engine": made.engine,
        "aus": None if made.track is None else list(made.track.names),
        "notes": list(made.notes),
    }


def describe(made: TransferredClip) -> str:
    """Return the facts of a clip for people, in one line."""
    slow = f", playing {made.slowdown} times slower" if made.slowdown > 1 else ""
    return (
        f"{made.path}: {made.frames} frames at {made.fps} a second "
        f"({made.duration_seconds:.3f} s{slow}), engine {made.engine}"
    )
