"""``mien experiment analyse``: analyse answers, ratings and FACS sheets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.cli.overwrite import Overwrite
from mien.cli.say import say
from mien.common.option_help import option
from mien.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Analyse:
    """Report how well participants recognised stimuli, how they rated them, and how far they or FACS coders agree."""

    results: Annotated[
        tuple[Path, ...],
        tyro.conf.Positional,
        tyro.conf.arg(metavar="RESULTS", help_behavior_hint="(required)"),
    ]
    """Result files (CSV) or folders of them: from Mien's pages, PsychoPy, jsPsych, OpenSesame, Gorilla or Qualtrics; or
    FACS sheets of coders."""

    participant: Annotated[str | None, option("COLUMN")] = None
    """Column of the participant; by default one with a usual name, or else each file is one participant."""

    correct: Annotated[str | None, option("COLUMN")] = None
    """Column of the correct answer; by default correct_answer or another usual name."""

    answer: Annotated[str | None, option("COLUMN")] = None
    """Column of the answer that was given; by default answer or another usual name."""

    stimulus: Annotated[str | None, option("COLUMN")] = None
    """Column of the stimulus, for the agreement of participants; by default one with a usual name."""

    by: Annotated[tuple[str, ...], option("COLUMN")] = ()
    """Columns whose values are compared, such as level, portrait, expression or duration_ms."""

    rating: Annotated[tuple[str, ...], option("COLUMN")] = ()
    """Columns of ratings, as numbers; by default rated_intensity and naturalness, if the first is there."""

    asked: Annotated[str | None, option("COLUMN")] = None
    """Column of the intensity that each stimulus was made with; intensity by default, if there is such a column."""

    conditions: Annotated[Path | None, option("FILE.csv")] = None
    """Table with a row for each stimulus, whose columns are added to the results: conditions.csv of a sheet, key.csv of
    an online rating page, or the loop's table of Qualtrics."""

    key: Annotated[tuple[str, ...], option("KEY=ANSWER")] = ()
    """The answers that keys stand for, such as 1=anger 2=disgust, if the results contain keys."""

    most_dropped: Annotated[int | None, option("N")] = None
    """Leave out trials with more dropped frames than this; by default all trials are counted."""

    table: Annotated[Path | None, option("FILE")] = None
    """Write a row for each category: .csv, .md or .tex; with FACS sheets a row for each AU, .csv only."""

    confusion: Annotated[Path | None, option("FILE.csv")] = None
    """Write a table of how often each answer was given in each category."""

    norms: Annotated[Path | None, option("FILE.csv")] = None
    """Write a table with a row for each stimulus."""

    plots: Annotated[Path | None, option("FOLDER")] = None
    """Draw figures into this folder: confusions, hit rates, and ratings by intensity."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    overwrite: Overwrite = False

    def run(self) -> int:
        """Print the analysis."""
        from mien.experiment.coder_sheets import are_sheets

        return self._coders() if are_sheets(self.results) else self._answers()

    def _answers(self) -> int:
        from mien.cli.analysis_lines import analysis_lines
        from mien.cli.notes import warn
        from mien.experiment import tables
        from mien.experiment.analysis import analyse
        from mien.experiment.norms import norms
        from mien.experiment.results import ResultColumns, read_results
        from mien.io.atomic import check_writable

        if self.table is not None:
            check_writable(self.table, tables.is_own_table(self.table))
        for path, is_own in ((self.confusion, tables.is_confusion), (self.norms, tables.is_norms)):
            if path is not None:
                check_writable(path, is_own)
        columns = ResultColumns(
            participant=self.participant,
            correct=self.correct,
            answer=self.answer,
            stimulus=self.stimulus,
            conditions=self.by,
            ratings=self.rating,
            asked=self.asked,
            keys=dict(_key(text) for text in self.key),
            joined=self.conditions,
            most_dropped=self.most_dropped,
        )
        answers = read_results(self.results, columns)
        found = analyse(answers)
        warn((*answers.notes, *found.notes))
        of_stimuli = norms(answers) if self.norms is not None else ()
        if self.table is not None:
            tables.write_recognition(self.table, found)
        if self.confusion is not None:
            tables.write_confusion(self.confusion, found)
        if self.norms is not None:
            tables.write_norms(self.norms, of_stimuli)
        if self.plots is not None:
            from mien.plots.recognition_figures import draw_figures

            draw_figures(found, self.plots)
        say(json.dumps(found.to_json()) if self.json else "\n".join(analysis_lines(found)))
        return 0

    def _coders(self) -> int:
        from mien.cli.analysis_lines import asked_lines, coder_lines
        from mien.experiment.asked_aus import seen_of_asked
        from mien.experiment.coder_sheets import read_sheets
        from mien.experiment.coders import coder_agreement
        from mien.experiment.condition_join import read_conditions
        from mien.experiment.tables import is_coders, write_coders
        from mien.io.atomic import check_writable

        others: dict[str, object] = {"--most-dropped": self.most_dropped}
        others |= {"--confusion": self.confusion, "--norms": self.norms, "--plots": self.plots}
        if given := [name for name, value in others.items() if value is not None]:
            raise UsageError(f"expected answers of people for {given[0]}, got FACS sheets")
        if self.table is not None:
            if self.table.suffix.lower() in (".md", ".tex"):
                raise UsageError(
                    f"expected --table FILE.csv with FACS sheets, got {self.table.name}"
                )
            check_writable(self.table, is_coders)
        sheets = read_sheets(self.results)
        made = {}
        if self.conditions is not None:
            made = seen_of_asked(sheets, read_conditions(self.conditions))
        found = coder_agreement(sheets)
        if self.table is not None:
            write_coders(self.table, found)
        if self.json:
            seen = {name: each.to_json() for name, each in made.items()}
            say(json.dumps(found.to_json() | {"seen_of_asked": seen}))
        else:
            say("\n".join([*coder_lines(found), *asked_lines(made)]))
        return 0


def _key(text: str) -> tuple[str, str]:
    key, equals, answer = text.partition("=")
    if not (key and equals and answer):
        raise UsageError(f"expected --key KEY=ANSWER such as 1=anger, got {text!r}")
    return key, answer
