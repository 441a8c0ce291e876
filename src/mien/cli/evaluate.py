"""``mien evaluate``: how well a result does what it should."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from mien.api.evaluate_options import EvaluateOptions

if TYPE_CHECKING:
    from mien.api.evaluate import MotionEvaluation


@dataclass(frozen=True, kw_only=True)
class Evaluate:
    """Judge a result: mien evaluate motion DRIVER RESULT says how alike two clips move."""

    what: tyro.conf.Positional[Literal["motion"]]
    """What is judged."""

    driver: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="DRIVER")]
    """The clip that the motion came from: a video, or a folder of frames with --fps."""

    result: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="RESULT")]
    """The clip that was made from it."""

    how: Annotated[EvaluateOptions, tyro.conf.arg(name="")] = field(default_factory=EvaluateOptions)
    """How."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Compare the clips and print the figures."""
        from mien.api.evaluate import compare_clips
        from mien.cli.notes import warn

        made = compare_clips(self.driver, self.result, self.how)
        warn(made.notes)
        if self.json:
            print(json.dumps(summary(made, self.driver, self.result)))
        else:
            print_table(made)
        return 0


def summary(made: MotionEvaluation, driver: Path, result: Path) -> dict[str, Any]:
    """Return the figures as JSON values."""
    figures = {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in made.score.to_dict().items()
    }
    return {"driver": str(driver), "result": str(result), **figures, "notes": list(made.notes)}


def print_table(made: MotionEvaluation) -> None:
    """Print the figures for people, each with what it means and what would be perfect."""
    from rich.console import Console
    from rich.table import Table

    score = made.score
    table = Table(
        title=f"{score.frames} frames, {score.vertices} of 468 vertices", title_justify="left"
    )
    for heading in ("figure", "value", "perfect", "meaning"):
        table.add_column(heading, justify="left" if heading in ("figure", "meaning") else "right")
    for name, value, perfect, meaning in (
        ("motion cosine", score.cosine, "1", "same points, same ways"),
        ("  without eyes", score.cosine_without_eyes, "1", "lids and around them aside"),
        ("  raw", score.cosine_raw, "1", "camera noise included"),
        ("amplitude", score.amplitude, "1", "how large, the driver's being 1"),
        ("timing", score.timing, "1", "correlation over the frames"),
        ("jitter", score.jitter, "small", "trembling of the result"),
        ("  of the driver", score.jitter_driver, "", ""),
    ):
        table.add_row(name, f"{value:.3f}", perfect, meaning)
    Console().print(table)
