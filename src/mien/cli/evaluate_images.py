"""``mien evaluate images``: judge the image quality of results."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from mien.cli.say import say
from mien.evaluate.judge_options import EvaluateImagesOptions

if TYPE_CHECKING:
    from mien.evaluate.figures import Figures
    from mien.evaluate.images import ImageEvaluation

MEANINGS = {
    "l1": ("0", "mean difference from the reference, colours 0 to 1"),
    "ssim": ("1", "similarity of structure to the reference"),
    "gmsd": ("0", "difference of the edges from the reference"),
    "lpips": ("0", "perceptual distance from the reference"),
    "identity": ("1", "similarity of the face to the portrait's"),
    "sharpness": ("1", "detail in the face, relative to the portrait"),
    "ghosting": ("0", "part of the change in the face that is not motion"),
}


@dataclass(frozen=True, kw_only=True)
class EvaluateImages:
    """Judge the image quality of a result: mien evaluate images RESULT --reference R."""

    result: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="RESULT")]
    """A picture, a clip (a video, a GIF or a folder of frames), or a folder of clips."""

    how: Annotated[EvaluateImagesOptions, tyro.conf.arg(name="")] = field(
        default_factory=EvaluateImagesOptions
    )
    """Reference and options of the comparison."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Judge the result and print its figures."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.evaluate.images import judge_images

        with frame_progress(self.result.name) as show:
            made = judge_images(self.result, self.how, show)
        warn(made.notes)
        if self.json:
            say(json.dumps(summary(made, self)))
        else:
            print_table(made)
        return 0


def summary(made: ImageEvaluation, command: EvaluateImages) -> dict[str, Any]:
    """Return the figures as JSON values: for each frame of a clip, or for each clip of a set."""
    names = ("reference", "portrait")
    given = {name: getattr(command.how, name) for name in names}
    start: dict[str, Any] = {"result": str(command.result)}
    start |= {name: None if path is None else str(path) for name, path in given.items()}
    start |= {"frames": sum(clip.count for clip in made.clips), "mean": rounded(made.mean)}
    if made.is_set:
        start |= {
            name: None if value is None else round(value, 6) for name, value in made.frechet.items()
        }
        start["clips"] = [
            {"name": clip.name, "frames": clip.count, "mean": rounded(clip.mean)}
            for clip in made.clips
        ]
    else:
        (clip,) = made.clips
        start["by_frame"] = [
            {"frame": number, **rounded(figures)}
            for number, figures in zip(clip.numbers, clip.frames, strict=True)
        ]
    return start | {"notes": list(made.notes)}


def rounded(figures: Figures) -> dict[str, float | None]:
    """Return figures with six decimals, by name."""
    return {
        name: None if value is None else round(value, 6)
        for name, value in figures.to_dict().items()
    }


def print_table(made: ImageEvaluation) -> None:
    """Print the means as a table, each with its perfect value and its meaning."""
    from rich.console import Console
    from rich.table import Table

    count = sum(clip.count for clip in made.clips)
    judged = sum(len(clip.frames) for clip in made.clips)
    frames = f"{count} frames" if judged == count else f"{judged} of {count} frames"
    clips = f"{len(made.clips)} clips, " if made.is_set else ""
    table = Table(title=f"{clips}{frames}", title_justify="left")
    for heading in ("figure", "mean", "perfect", "meaning"):
        table.add_column(heading, justify="left" if heading in ("figure", "meaning") else "right")
    for name, value in made.mean.to_dict().items():
        perfect, meaning = MEANINGS[name]
        table.add_row(name, "-" if value is None else f"{value:.4f}", perfect, meaning)
    for name, value in made.frechet.items():
        shown = "-" if value is None else f"{value:.4f}"
        table.add_row(name, shown, "0", "distance of all frames' features")
    Console().print(table)
