"""``mien evaluate reconstruction``: rebuild a clip from its first frame and its own motion."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import tyro

from mien.cli.engine_flags import WithEngineFlags
from mien.cli.say import say
from mien.engines.spec import Task
from mien.evaluate.reconstruction_options import EvaluateReconstructionOptions

if TYPE_CHECKING:
    from mien.evaluate.reconstruction import Reconstruction


@dataclass(frozen=True, kw_only=True)
class EvaluateReconstruction(WithEngineFlags):
    """Rebuild a clip from its first frame and its own motion, and compare it with the clip."""

    task: ClassVar[Task | None] = "transfer"

    clip: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="CLIP")]
    """A video, or a folder of frames with --fps."""

    how: Annotated[EvaluateReconstructionOptions, tyro.conf.arg(name="")] = field(
        default_factory=EvaluateReconstructionOptions
    )
    """How the clip is rebuilt and judged."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Rebuild the clip and print the figures."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.evaluate.reconstruction import rebuild

        options = replace(self.how, engine_settings=self.flags.given(self.how.engine))
        with frame_progress(self.clip.name) as show:
            made = rebuild(self.clip, options, lambda done: show(done, 0))
        warn(made.notes)
        if self.json:
            say(json.dumps(summary(made, self.clip)))
        else:
            print_table(made)
        return 0


def summary(made: Reconstruction, clip: Path) -> dict[str, Any]:
    """Return the figures as JSON values."""
    from mien.cli.evaluate_images import rounded

    motion = {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in made.motion.to_dict().items()
    }
    return {
        "clip": str(clip),
        "engine": made.engine,
        "frames": made.motion.frames,
        "fps": str(made.clip.fps),
        "squared_error_ratio": round(made.error_ratio, 6),
        "mean": rounded(made.mean),
        "still": rounded(made.still),
        "motion": motion,
        "by_frame": [
            {"frame": number, **rounded(figures)}
            for number, figures in zip(made.numbers, made.frames, strict=True)
        ],
        "notes": list(made.notes),
    }


def print_table(made: Reconstruction) -> None:
    """Print the figures beside those of repeating the first frame."""
    from rich.console import Console
    from rich.table import Table

    count, judged = made.motion.frames, len(made.frames)
    few = "" if judged == count else f"; {judged} of them judged as pictures"
    table = Table(title=f"{made.engine}, {count} frames{few}", title_justify="left")
    for heading in ("figure", "rebuilt", "first frame repeated"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    still = made.still.to_dict()
    for name, value in made.mean.to_dict().items():
        table.add_row(name, shown(value), shown(still[name]))
    table.add_row("squared error ratio", shown(made.error_ratio), "1.0000")
    for name in ("cosine", "amplitude", "timing", "jitter", "jitter_driver"):
        table.add_row(f"motion: {name.replace('_', ' of the ')}", shown(getattr(made.motion, name)))
    Console().print(table)


def shown(value: float | None) -> str:
    """Return a figure as text; a dash if there is none."""
    return "-" if value is None else f"{value:.4f}"
