"""``mien experiment rate``: a blinded page on which raters judge clips."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from mien.cli.say import say
from mien.common.option_help import option
from mien.errors import MissingExtraError, UsageError
from mien.install import install_command


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Let raters judge clips without knowing what they are: emotion, intensity, naturalness, or FACS sheets of coders.

    The page runs on this computer; each rating is saved at once into a file for each rater, and a session goes on where
    it was. Ctrl-C ends the server. With --jspsych the page is written as files for a web server instead.
    """

    clips: Annotated[Path, tyro.conf.Positional, tyro.conf.arg(metavar="FOLDER")]
    """A sheet or study that Mien made, or any folder of videos or of folders of pictures."""

    out: Annotated[Path | None, option("FOLDER")] = None
    """Where the ratings go; ratings in the folder of clips by default, ratings/facs for FACS sheets."""

    jspsych: Annotated[Path | None, option("FOLDER")] = None
    """Write the page for online use into this folder, with key.csv beside it, and end."""

    facs: tyro.conf.FlagCreatePairsOff[bool] = False
    """Ask for a FACS sheet: AUs with side, level, onset, apex and offset."""

    answers: Annotated[tuple[str, ...], option("EMOTION")] = ()
    """Emotions that are offered beside none and other; the seven basic ones by default, and all correct answers."""

    points: Annotated[int, option("N")] = 7
    """Points of the scales of intensity and naturalness."""

    replay: bool = True
    """Whether a clip may be played again."""

    disclosure: Literal["before", "after"] = "before"
    """When raters are told that the faces are synthetic, if they are."""

    seed: Annotated[int, option("N")] = 0
    """Seed of the random orders."""

    fps: Annotated[str | None, option("FPS")] = None
    """Frame rate of folders of pictures that have none."""

    port: Annotated[int, option("N")] = 8766
    """The port on this computer; 0 chooses a free one."""

    browser: bool = True
    """Open the browser, or only print the address."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """With --jspsych: print one line of JSON."""

    def run(self) -> int:
        """Serve the page until Ctrl-C, or write it."""
        from mien.au.frame_rate import parse_fps
        from mien.rating.settings import EMOTIONS, RatingSettings

        settings = RatingSettings(
            answers=self.answers or EMOTIONS,
            points=self.points,
            replay=self.replay,
            facs=self.facs,
            seed=self.seed,
            disclosure=self.disclosure,
        )
        fps = None if self.fps is None else parse_fps(self.fps)
        if self.jspsych is not None:
            from mien.cli.progress import frame_progress
            from mien.rating.online import write_online

            with frame_progress(self.jspsych.name) as show:
                made = write_online(self.clips, self.jspsych, settings, fps, show)
            if self.json:
                say(json.dumps({"page": str(made.page), "key": str(made.key), "clips": made.clips}))
            else:
                say(
                    f"{made.page}: {made.clips} clips; put this folder on a web server, and keep {made.key}"
                )
            return 0
        if not 0 <= self.port <= 65535:
            raise UsageError(f"expected --port from 0 to 65535, got {self.port}")
        try:
            import fastapi
            import uvicorn
        except ImportError as error:
            raise MissingExtraError(
                "the rating page needs FastAPI and uvicorn, which are not installed: "
                f"{install_command('studio')}"
            ) from error
        del fastapi, uvicorn
        from mien.rating.serve import serve_rating
        from mien.rating.store import opened_store

        with opened_store(self.clips, self.out, settings) as store:
            return serve_rating(store, self.port, fps, open_browser=self.browser)
