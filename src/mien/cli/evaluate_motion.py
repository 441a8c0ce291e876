"""``mien evaluate motion``: compare the motion of two clips."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.errors import OutputError, UsageError
from mien.evaluate.options import EvaluateOptions

if TYPE_CHECKING:
    from mien.evaluate.motion import MotionEvaluation


@dataclass(frozen=True, kw_only=True)
class EvaluateMotion:
    """Compare the motion of two clips: mien evaluate motion DRIVER RESULT."""

    driver: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="DRIVER")]
    """The clip with the original motion: a video, or a folder of frames with --fps."""

    result: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="RESULT")]
    """The clip that was made from it."""

    plot: Annotated[Path | None, tyro.conf.arg(metavar="FILE.png", help_behavior_hint="")] = None
    """Also draw a page that shows the largest motion of both clips: as it is, magnified, and as arrows."""

    video: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """Also write a slowed-down clip that shows both clips side by side, as they are and magnified."""

    magnify: Annotated[float, tyro.conf.arg(metavar="X")] = 4.0
    """Magnification of the motion in --plot and --video."""

    slow: Annotated[int, tyro.conf.arg(metavar="N")] = 8
    """How many times slower --video plays."""

    how: Annotated[EvaluateOptions, tyro.conf.arg(name="")] = field(default_factory=EvaluateOptions)
    """Options of the comparison."""

    overwrite: Overwrite = False

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Compare the clips and print the figures."""
        from mien.cli.notes import warn
        from mien.evaluate.motion import compare_clips

        self._check()
        made = compare_clips(self.driver, self.result, self.how)
        if self.plot is not None:
            from mien.plots.compared import plot_comparison

            plot_comparison(made, self.plot, self.magnify)
        if self.video is not None:
            from mien.plots.magnified_motion import write_comparison

            write_comparison(made, self.video, self.magnify, Fraction(self.slow))
        warn(made.notes)
        if self.json:
            say(json.dumps(summary(made, self.driver, self.result)))
        else:
            print_table(made)
        return 0

    def _check(self) -> None:
        """Refuse outputs that cannot be written, before any slow work."""
        from mien.common.clip_writer import check_output
        from mien.plots.page import check_plot

        if not 0 < self.magnify < math.inf or self.slow < 1:
            raise UsageError(
                f"expected --magnify above 0 and --slow of 1 or more, got {self.magnify:g} and "
                f"{self.slow}"
            )
        if self.plot is not None:
            check_plot(self.plot)
        if self.video is not None:
            check_output(self.video, self.driver, self.result)
        outputs = [path for path in (self.plot, self.video) if path is not None]
        if len(outputs) != len({path.resolve() for path in outputs}):
            raise OutputError(f"expected --plot and --video in two files, got {self.plot} for both")
        for out in outputs:
            for clip in (self.driver, self.result):
                if out.exists() and clip.exists() and out.samefile(clip):
                    raise OutputError(f"expected an output other than the clip itself, got {out}")


def summary(made: MotionEvaluation, driver: Path, result: Path) -> dict[str, Any]:
    """Return the figures as JSON values."""
    figures = {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in made.score.to_dict().items()
    }
    return {"driver": str(driver), "result": str(result), **figures, "notes": list(made.notes)}


def print_table(made: MotionEvaluation) -> None:
    """Print the figures as a table, each with its meaning and its perfect value."""
    from rich.console import Console
    from rich.table import Table

    score = made.score
    table = Table(
        title=f"{score.frames} frames, {score.vertices} of 468 vertices", title_justify="left"
    )
    for heading in ("figure", "value", "perfect", "meaning"):
        table.add_column(heading, justify="left" if heading in ("figure", "meaning") else "right")
    for name, value, perfect, meaning in (
        ("motion cosine", score.cosine, "1", "same points move in same directions"),
        ("  without eyes", score.cosine_without_eyes, "1", "without the lids and what is around"),
        ("  raw", score.cosine_raw, "1", "with camera noise"),
        ("amplitude", score.amplitude, "1", "size, relative to the driver"),
        ("timing", score.timing, "1", "correlation over the frames"),
        ("jitter", score.jitter, "small", "trembling of the result"),
        ("  of the driver", score.jitter_driver, "", ""),
    ):
        table.add_row(name, f"{value:.3f}", perfect, meaning)
    Console().print(table)
