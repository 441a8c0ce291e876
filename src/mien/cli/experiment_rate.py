"""``mien experiment rate``: a page on which raters judge clips blind."""

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
    """Let raters judge clips without knowing what they show: emotion, intensity and naturalness, or FACS sheets.

    The page runs on this computer. Each rating is saved at once in the rater's own file, so that a session can be
    continued later. Ctrl-C ends the server. With --jspsych, the page is written as files for a web server instead.
    """

    clips: Annotated[Path, tyro.conf.Positional, tyro.conf.arg(metavar="FOLDER")]
    """A stimulus sheet or study that Mien made, or any folder with videos or folders of frames."""

    out: Annotated[Path | None, option("FOLDER")] = None
    """Folder for the ratings; by default ratings in the folder of clips, or ratings/facs for FACS sheets."""

    jspsych: Annotated[Path | None, option("FOLDER")] = None
    """Write the page for online use into this folder, write key.csv beside it, and exit."""

    facs: tyro.conf.FlagCreatePairsOff[bool] = False
    """Ask for a FACS sheet: AUs with side, level, onset, apex and offset."""

    answers: Annotated[tuple[str, ...], option("EMOTION")] = ()
    """Emotions to choose from; by default the seven basic ones. Correct answers, none and other are added."""

    points: Annotated[int, option("N")] = 7
    """Number of points of the scales for intensity and naturalness."""

    replay: bool = True
    """Let raters play a clip again."""

    disclosure: Literal["before", "after"] = "before"
    """When raters are told that the faces are synthetic, if they are."""

    seed: Annotated[int, option("N")] = 0
    """Seed of the random orders."""

    fps: Annotated[str | None, option("FPS")] = None
    """Frame rate of folders of frames whose frame rate is not known."""

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
