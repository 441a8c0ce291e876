"""``mien evaluate aus``: compare requested AU intensities with those read from a clip, or judge AU detectors."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from mien.cli.say import say
from mien.common.option_help import option
from mien.errors import UsageError
from mien.evaluate.aus_options import EvaluateAusOptions
from mien.recognition.au_options import AUDetectionOptions

if TYPE_CHECKING:
    from mien.evaluate.aus import AUEvaluation, AUScores
    from mien.motion.apex import Spotted

PHASES = ("onset_seconds", "apex_seconds", "offset_seconds")
MEANS = ("correlation", "rmse", "amplitude")


@dataclass(frozen=True, kw_only=True)
class EvaluateAus:
    """Compare requested AU intensities with those measured in a clip, or judge AU detectors.

    A clip: mien evaluate aus CLIP --track TRACK. Detectors: mien evaluate aus --flows FILE.npz.
    """

    clip: Annotated[tyro.conf.Positional[Path | None], tyro.conf.arg(metavar="CLIP")] = None
    """The clip that was made: a video, or a folder of frames with --fps."""

    track: Annotated[Path | None, option("TRACK")] = None
    """The requested intensities: a table, or the sidecar of a clip."""

    flows: Annotated[tuple[Path, ...], option("FILE.npz ...")] = ()
    """Instead of CLIP: files of real flow maps. AU detectors are tested on people they were not trained on."""

    detection: Annotated[AUDetectionOptions, tyro.conf.arg(name="")] = field(
        default_factory=AUDetectionOptions
    )
    """Options of --flows."""

    how: Annotated[EvaluateAusOptions, tyro.conf.arg(name="")] = field(
        default_factory=EvaluateAusOptions
    )
    """Options of the comparison."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Judge the clip or the AU detectors, and print the figures."""
        if self.flows:
            return self._detect(self.flows)
        from mien.cli.notes import warn
        from mien.evaluate.aus import compare_aus

        if self.clip is None or self.track is None:
            missing = "CLIP" if self.clip is None else "--track TRACK"
            raise UsageError(f"expected {missing}, or --flows FILE.npz, got none")
        if self.detection != AUDetectionOptions():
            raise UsageError(
                "expected --codes, --augment, --train, --model, --protocol, --seeds and --epochs with --flows, got "
                "them with CLIP"
            )
        made = compare_aus(self.clip, self.track, self.how)
        warn(made.notes)
        if self.json:
            say(json.dumps(summary(made, self)))
        else:
            print_table(made)
        return 0

    def _detect(self, flows: tuple[Path, ...]) -> int:
        """Judge AU detectors, and print the figures."""
        from mien.cli.au_lines import describe
        from mien.recognition.au_evaluate import evaluate_au_detection

        if self.clip is not None or self.track is not None or self.how != EvaluateAusOptions():
            raise UsageError(
                "expected --flows without CLIP, --track and the options of a clip, got them together"
            )
        figures = evaluate_au_detection(flows, self.detection)
        say(json.dumps(figures) if self.json else "\n".join(describe(figures)))
        return 0


def summary(made: AUEvaluation, command: EvaluateAus) -> dict[str, Any]:
    """Return the figures as JSON values."""
    asked = made.asked_spotted
    return {
        "clip": str(command.clip),
        "track": str(command.track),
        "frames": len(made.asked),
        "fps": str(made.measurement.motion.fps),
        "asked": phases(asked),
        "mien": scores(made.mien, asked),
        "blendshapes": {
            aus: {figure: rounded(value) for figure, value in score.to_dict().items()}
            for aus, score in made.blendshapes.items()
        },
        "openface": None if made.openface is None else scores(made.openface, asked),
        "notes": list(made.notes),
    }


def scores(read: AUScores, asked: Spotted | None) -> dict[str, Any]:
    """Return the scores of one method that read the AUs, as JSON values."""
    found, wanted = phases(read.spotted), phases(asked)
    worst = max(read.unasked, key=lambda name: read.unasked[name], default=None)
    late = {
        name: None if found is None or wanted is None else round(found[name] - wanted[name], 6)
        for name in PHASES
    }
    return {
        "aus": {
            name: {figure: rounded(value) for figure, value in score.to_dict().items()}
            for name, score in read.aus.items()
        },
        "mean": {figure: rounded(read.mean(figure)) for figure in MEANS},
        "most_unasked": None
        if worst is None
        else {"au": worst, "mean": rounded(read.unasked[worst])},
        "timing": found,
        "late": late,
    }


def phases(spotted: Spotted | None) -> dict[str, float] | None:
    """Return the times of onset, apex and offset."""
    return (
        None
        if spotted is None
        else {name: round(float(getattr(spotted, name)), 6) for name in PHASES}
    )


def rounded(value: float | None) -> float | None:
    """Return a figure with six decimals; None stays None."""
    return None if value is None else round(float(value), 6)


def print_table(made: AUEvaluation) -> None:
    """Print a row for each AU and method, and the times of onset, apex and offset."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for heading in ("AU", "read by", "correlation", "RMSE", "amplitude at the apex"):
        table.add_column(heading, justify="left" if heading in ("AU", "read by") else "right")
    readers = {"Mien": made.mien, "OpenFace": made.openface}
    for reader, read in readers.items():
        for name, score in read.aus.items() if read else ():
            table.add_row(
                name, reader, shown(score.correlation), shown(score.rmse), shown(score.amplitude)
            )
    for aus, seen in made.blendshapes.items():
        table.add_row(aus, "blendshapes", shown(seen.correlation), "-", "-")
    Console().print(table)
    say(described("asked", made.asked_spotted))
    for reader, read in readers.items():
        if read is not None:
            say(described(f"read by {reader}", read.spotted))


def shown(value: float | None) -> str:
    """Return a figure as text; a dash if there is none."""
    return "-" if value is None else f"{value:.3f}"


def described(what: str, spotted: Spotted | None) -> str:
    """Return the times of the phases in one line."""
    found = phases(spotted)
    if found is None:
        return f"{what}: nothing moves"
    return f"{what}: " + ", ".join(
        f"{name.removesuffix('_seconds')} {seconds:.3f} s" for name, seconds in found.items()
    )
