"""``mien experiment analyse``: what the answers of people say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.common.option_help import option
from mien.errors import UsageError

if TYPE_CHECKING:
    from mien.experiment.analysis import Analysis
    from mien.experiment.interval import Estimate


@dataclass(frozen=True, kw_only=True)
class Analyse:
    """Say how well people recognised what they were shown: hit rates, unbiased hit rates, d', confusions, agreement."""

    results: Annotated[tuple[Path, ...], tyro.conf.Positional, tyro.conf.arg(metavar="RESULTS")]
    """CSV files of the results, or folders of them, as PsychoPy, jsPsych, OpenSesame and Gorilla save them."""

    participant: Annotated[str | None, option("COLUMN")] = None
    """Column that names the participant; participant or another usual name by default, or else a participant a file."""

    correct: Annotated[str | None, option("COLUMN")] = None
    """Column with the correct answer; correct_answer by default."""

    answer: Annotated[str | None, option("COLUMN")] = None
    """Column with the answer that was given; answer or response by default."""

    stimulus: Annotated[str | None, option("COLUMN")] = None
    """Column that names the stimulus, for the agreement of participants; stimulus_file or another usual name by
    default."""

    by: Annotated[tuple[str, ...], option("COLUMN")] = ()
    """Columns to compare, such as level or duration_ms."""

    rating: Annotated[tuple[str, ...], option("COLUMN")] = ()
    """Columns of numbers that were rated, such as naturalness."""

    key: Annotated[tuple[str, ...], option("KEY=ANSWER")] = ()
    """What keys mean, such as 1=anger 2=disgust, if the results hold keys."""

    table: Annotated[Path | None, option("FILE.csv")] = None
    """Write a row for each category."""

    confusion: Annotated[Path | None, option("FILE.csv")] = None
    """Write how often each answer was given in each category."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    overwrite: Overwrite = False

    def run(self) -> int:
        """Print the analysis."""
        from mien.cli.notes import warn
        from mien.experiment.analysis import analyse
        from mien.experiment.results import ResultColumns, read_results
        from mien.experiment.tables import (
            is_confusion,
            is_recognition,
            write_confusion,
            write_recognition,
        )
        from mien.io.atomic import check_writable

        if self.table is not None:
            check_writable(self.table, is_recognition)
        if self.confusion is not None:
            check_writable(self.confusion, is_confusion)
        columns = ResultColumns(
            self.participant,
            self.correct,
            self.answer,
            self.stimulus,
            self.by,
            self.rating,
            dict(_key(text) for text in self.key),
        )
        answers = read_results(self.results, columns)
        found = analyse(answers)
        warn(answers.notes)
        if self.table is not None:
            write_recognition(self.table, found)
        if self.confusion is not None:
            write_confusion(self.confusion, found)
        say(json.dumps(found.to_json()) if self.json else "\n".join(_lines(found)))
        return 0


def _key(text: str) -> tuple[str, str]:
    key, equals, answer = text.partition("=")
    if not (key and equals and answer):
        raise UsageError(f"expected --key KEY=ANSWER such as 1=anger, got {text!r}")
    return key, answer


def _lines(found: Analysis) -> list[str]:
    people = "1 participant" if found.people == 1 else f"{found.people} participants"
    lines = [f"{people}, {found.trials} trials; correct {_shown(found.overall)}"]
    if found.left_out:
        lines.append(f"{found.left_out} rows without a correct answer left out")
    wide = max(len(name) for name in found.categories)
    for name, each in found.recognised.items():
        lines.append(
            f"{name:<{wide}}  hit rate {_shown(each.hit_rate)}, unbiased {each.unbiased.mean:.2f} (by chance "
            f"{each.by_chance:.2f}), d' {each.sensitivity.mean:.2f}"
        )
    for condition, values in found.conditions.items():
        shown = ", ".join(f"{value} {_shown(each)}" for value, each in values.items())
        lines.append(f"correct by {condition}: {shown}")
    if found.kappa == found.kappa:
        lines.append(f"agreement of the participants: Fleiss' kappa {found.kappa:.2f}")
    elif found.people > 1:
        lines.append(
            "agreement of the participants: unknown, as no column names stimuli that two of them saw"
        )
    for name, rating in found.ratings.items():
        line = f"{name}: mean {_shown(rating.mean)}"
        if rating.one_rater == rating.one_rater:
            line += f"; ICC(2,1) {rating.one_rater:.2f}, ICC(2,k) {rating.all_raters:.2f}"
        lines.append(line)
    return lines


def _shown(estimate: Estimate) -> str:
    if estimate.low != estimate.low:
        return f"{estimate.mean:.2f}"
    return f"{estimate.mean:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"
