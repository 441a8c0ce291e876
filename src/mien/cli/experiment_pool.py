"""``mien experiment pool``: a balanced pool of stimuli, ready to be normed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro

from mien.cli.say import say
from mien.common.option_help import option
from mien.errors import UsageError
from mien.pool.limits import ScreenLimits


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Make a balanced pool of stimuli from AI-generated portraits, with a data card, under CC0.

    Portraits are screened by measurements. Each portrait of the pool shows every combination of expression, intensity,
    duration and side, and a neutral face. The pool is not yet validated by human raters, and its card says so. Run the
    same command again to continue a pool that was interrupted.
    """

    portraits: Annotated[Path, tyro.conf.Positional, tyro.conf.arg(metavar="PORTRAITS")]
    """Folder of AI-generated portraits."""

    out: Annotated[Path, tyro.conf.arg(metavar="FOLDER")]
    """The pool's folder."""

    source: Annotated[str, tyro.conf.arg(metavar="TEXT")]
    """For the data card: where the portraits come from, that is, what generated them and their web address."""

    cc0: tyro.conf.FlagCreatePairsOff[bool] = False
    """Confirm that the portraits are under CC0. Required, because the pool is under CC0."""

    count: Annotated[int, option("N")] = 20
    """Number of portraits in the pool."""

    groups: Annotated[Path | None, option("FILE.csv")] = None
    """Table with the columns portrait and group: the pool is balanced by group, not by measured skin tone."""

    expressions: Annotated[tuple[str, ...], option("NAME")] = ()
    """Names of ready expressions, as mien expressions lists them; the seven basic emotions by default."""

    intensities: Annotated[tuple[str, ...], option("LEVEL")] = ("B", "C", "D")
    """FACS levels A to E, or numbers."""

    durations: Annotated[tuple[float, ...], option("MS")] = (100.0, 200.0, 500.0)
    """Durations from onset to offset in milliseconds; each must be a whole number of frames."""

    fps: Annotated[int, option("HZ")] = 60
    """Frames a second: the refresh rate of the screen."""

    size: Annotated[int, option("PX")] = 512
    """Width and height of the stimuli."""

    kind: Literal["mp4", "mkv", "png"] = "mp4"
    """Format of the stimuli; png makes a folder of PNGs for each."""

    seed: Annotated[int, option("N")] = 0
    """Seed of the choice of portraits."""

    limits: Annotated[ScreenLimits, tyro.conf.arg(name="")] = field(default_factory=ScreenLimits)
    """Which portraits pass."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Make the pool and print a summary."""
        from mien.cli.progress import frame_progress
        from mien.pool.build import make_pool
        from mien.pool.recipe import EMOTIONS, PoolRecipe

        if not self.cc0:
            raise UsageError(
                "expected --cc0, which confirms that the portraits are under CC0: otherwise the pool cannot be"
            )
        recipe = PoolRecipe(
            expressions=self.expressions or EMOTIONS,
            intensities=self.intensities,
            durations_ms=self.durations,
            fps=self.fps,
            size=self.size,
            seed=self.seed,
        )
        with frame_progress(self.out.name) as show:
            made = make_pool(
                self.portraits,
                self.out,
                recipe,
                count=self.count,
                source=self.source,
                limits=self.limits,
                groups=self.groups,
                kind=self.kind,
                progress=lambda what, done, total: show(done, total),
            )
        if self.json:
            record = {
                "pool": str(made.folder),
                "screened": made.screened,
                "accepted": made.accepted,
                "portraits": made.portraits,
                "groups": dict(made.groups),
                "stimuli": made.stimuli,
                "validated_by_human_raters": False,
            }
            say(json.dumps(record))
        else:
            groups = ", ".join(f"{name} {count}" for name, count in made.groups.items())
            say(
                f"{made.folder}: {made.stimuli} stimuli of {made.portraits} portraits ({groups}); {made.accepted} of "
                f"{made.screened} passed the screening; not yet validated by human raters"
            )
        return 0
