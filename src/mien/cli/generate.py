"""``mien generate``: make a clip of a portrait."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import tyro

from mien.cli.credentials_flag import CredentialsFlag, read_credentials
from mien.cli.engine_flags import WithEngineFlags
from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.engines.spec import Task
from mien.generate.options import ClipOptions

if TYPE_CHECKING:
    from mien.generate.clip import GeneratedClip


@dataclass(frozen=True, kw_only=True)
class Generate(WithEngineFlags):
    """Make a clip of a portrait, moved by one of --expression, --sample, --au and --aus."""

    task: ClassVar[Task | None] = "generate"

    portrait: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="PORTRAIT")]
    """The picture of a face."""

    out: Annotated[Path, tyro.conf.arg(metavar="FILE")]
    """Output: a file ending in .mp4, .mkv (lossless) or .gif (slowed down), or a folder for PNGs."""

    clip: Annotated[ClipOptions, tyro.conf.arg(name="")]
    """Options of the clip."""

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
        from mien.generate.clip import make_clip

        first_frame_seconds: list[float] = []
        options = replace(self.clip, engine_settings=self.flags.given(self.clip.engine))
        credentials = read_credentials(self.credentials)
        check_output(self.out, self.portrait)
        with frame_progress(self.out.name) as show:

            def on_frame(done: int, total: int) -> None:
                if not first_frame_seconds:
                    first_frame_seconds.append(time.perf_counter() - STARTED_SECONDS)
                show(done, total)

            picture = Picture.of(self.portrait)
            made = make_clip(picture, self.out, options, on_frame, credentials=credentials)
        warn(made.notes)
        if self.json:
            record = summary(made) | {
                "engine": self.clip.engine,
                "first_frame_seconds": round(first_frame_seconds[0], 3),
                "total_seconds": round(time.perf_counter() - STARTED_SECONDS, 3),
            }
            say(json.dumps(record))
        else:
            say(describe(made))
        return 0


def summary(made: GeneratedClip) -> dict[str, Any]:
    """Return the facts of a clip for scripts, as JSON values."""
    return {
        "out": str(made.path),
        "sidecar": str(made.sidecar),
        "frames": made.frames,
        "fps": str(made.fps),
        "seconds": round(made.duration_seconds, 6),
        "slowdown": made.slowdown,
        "aus": list(made.track.names),
        "peak_intensity": round(made.track.peak, 4),
    }


def describe(made: GeneratedClip) -> str:
    """Return the facts of a clip for people, in one line."""
    slow = f", playing {made.slowdown} times slower" if made.slowdown > 1 else ""
    # Some columns of a table may not move.
    moving = [
        n for n, peak in zip(made.track.names, made.track.values.max(0), strict=True) if peak > 0
    ]
    return (
        f"{made.path}: {made.frames} frames at {made.fps} a second "
        f"({made.duration_seconds:.3f} s{slow}), {' '.join(moving) or 'nothing moves'}"
    )
