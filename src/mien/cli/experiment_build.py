"""``mien experiment build``: build a study that is ready to run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.say import say


@dataclass(frozen=True, kw_only=True)
class Build:
    """Build a recognition task from a design: stimuli, random orders, a methods paragraph, and the experiment itself.

    The experiment is a page for the browser, or files for PsychoPy, OpenSesame, Gorilla or Qualtrics, as the design
    says.

    Run the same command again to continue a study that was interrupted.
    """

    design: Annotated[Path, tyro.conf.Positional, tyro.conf.arg(metavar="DESIGN.toml")]
    """The design; docs/experiment.md lists its keys."""

    out: Annotated[Path, tyro.conf.arg(metavar="FOLDER")]
    """The study's folder."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Build the study and print what to open."""
        from mien.cli.notes import warn
        from mien.cli.progress import frame_progress
        from mien.experiment.build import build_study
        from mien.experiment.design_file import read_design

        design = read_design(self.design)
        with frame_progress(self.out.name) as show:
            made = build_study(design, self.out, show)
        warn(made.notes)
        if self.json:
            record = {"study": str(self.out), "stimuli": made.stimuli, "trials": made.trials}
            say(json.dumps(record | {"training": made.training}))
        else:
            training = f" after {made.training} training trials" if made.training else ""
            say(
                f"{self.out}: {made.stimuli} stimuli, {made.trials} trials a participant{training}; "
                f"{' and '.join(_next(self.out, design.programs))}"
            )
        return 0


def _next(out: Path, programs: Sequence[str]) -> list[str]:
    """Return what a user does next: open the page, and read the steps of the other programs."""
    page = [f"open {out / 'index.html'}"] if "jspsych" in programs else []
    others = [name for name in programs if name != "jspsych"]
    return [
        *page,
        *(["read STEPS.md in " + ", ".join(str(out / name) for name in others)] if others else []),
    ]
