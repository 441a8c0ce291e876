"""Read the results of a recognition task or of ratings from CSV files of Mien's pages and other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mien.errors import UsageError
from mien.experiment.answers import NO_ANSWER, Answers
from mien.experiment.condition_join import DURATION, joined, read_conditions
from mien.experiment.dropped_frames import DroppedFrames
from mien.experiment.gorilla_results import RESPONSE, RESPONSE_TYPE, responses_only
from mien.experiment.participant_column import (
    EMPTY,
    PARTICIPANT,
    is_empty,
    participant_column,
    participant_of,
)
from mien.experiment.qualtrics_export import is_qualtrics, loops_as_rows
from mien.experiment.result_table import ResultTable, read_table, result_files, shown

CORRECT = ("correct_answer", "Spreadsheet: correct_answer", "correct_response")
ANSWER = ("answer", "Response", "response")
STIMULUS = ("stimulus_file", "Spreadsheet: stimulus_file", "stimulus", "clip", "file")

NOTHING = ("none", "na", "n/a")
"""What programs write for no answer, in lower case, unless it is one of the correct answers."""

RATED_INTENSITY, NATURALNESS = "rated_intensity", "naturalness"
"""The ratings of Mien's rating page. They are read if the first column exists and the user names no ratings."""

ASKED = "intensity"
"""The column with the intensity that a stimulus was made with."""


@dataclass(frozen=True)
class ResultColumns:
    """Which columns of the results are read.

    Attributes:
        participant: Column of the participant; None for the first known name, or else one participant for each file.
        correct: Column of the correct answer; None for the first known name.
        answer: Column of the given answer; None for the first known name.
        stimulus: Column of the stimulus; None for the first known name, if there is one.
        conditions: Columns to compare, such as ``level``.
        ratings: Columns of numbers, such as ``naturalness``.
        asked: Column of the intensity that each stimulus was made with; None for `ASKED`, if there is one.
        keys: The meaning of an answer such as ``1``.
        joined: A table of conditions, whose columns are added to the results; None for none.
        most_dropped: Trials with more dropped frames than this are left out; None to count all trials.
    """

    participant: str | None = None
    correct: str | None = None
    answer: str | None = None
    stimulus: str | None = None
    conditions: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()
    asked: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    joined: Path | None = None
    most_dropped: int | None = None

    def __post_init__(self) -> None:
        if self.most_dropped is not None and self.most_dropped < 0:
            raise UsageError(f"expected --most-dropped of 0 or more, got {self.most_dropped}")


def read_results(places: Sequence[Path], columns: ResultColumns | None = None) -> Answers:
    """Read the results of one or more participants.

    Rows without a correct answer, such as instructions, are left out and counted. Answers are compared without case.

    Args:
        places: CSV files, or folders of them.
        columns: Which columns are read.

    Raises:
        UsageError: There is no file or no trial, a column is missing, no answer is one of the correct answers, or a
            participant has no trial left because all had dropped frames.
        BadTrackError: A file is not valid CSV.
    """
    reader = _Reader(columns or ResultColumns())
    files = result_files(places)
    if not files:
        raise UsageError("expected results as CSV files, got none")
    for name, count in Counter(file.resolve() for file in files).items():
        if count > 1:
            raise UsageError(f"expected each file of results once, got {name} twice")
    for file in files:
        reader.add(file)
    return reader.answers()


class _Reader:
    """Collects trials from several files."""

    def __init__(self, asked: ResultColumns) -> None:
        self._asked = asked
        self._keys = {key.casefold(): answer.casefold() for key, answer in asked.keys.items()}
        self._left_out = 0
        self._dropped = DroppedFrames(asked.most_dropped)
        self._files: dict[str, str] = {}
        self._notes: list[str] = []
        self._participants: list[str] = []
        self._correct: list[str] = []
        self._given: list[str] = []
        self._stimuli: list[str] = []
        self._conditions: dict[str, list[str]] = {name: [] for name in asked.conditions}
        self._ratings: dict[str, list[float]] = {name: [] for name in asked.ratings}
        self._strengths: list[float] = []
        self._conditions_table = [] if asked.joined is None else read_conditions(asked.joined)

    def add(self, path: Path) -> None:
        """Read a file."""
        asked = self._asked
        table = self._prepared(read_table(path))
        correct = table.column("correct", asked.correct, CORRECT)
        answer = table.column("answer", asked.answer, ANSWER)
        participant = participant_column(table, asked.participant)
        stimulus = table.known("stimulus", asked.stimulus, STIMULUS)
        if participant is None and path.stem in self._participants:
            raise UsageError(
                f"expected a column {PARTICIPANT[0]}, or files of different names, got {path.name} twice"
            )
        if participant is None and (empty := [n for n in PARTICIPANT if n in table.header]):
            self._notes.append(
                f"{path.name}: the column {empty[0]} is empty: the file counts as one participant"
            )
        conditions = {name: table.named(name) for name in asked.conditions}
        ratings = {name: table.named(name) for name in self._ratings_of(table)}
        # On a rating page each clip is a separate file, so its name is enough.
        duration = "" if RATED_INTENSITY in table.header else DURATION
        dropped = self._dropped.column(table)
        strength = table.known("asked", asked.asked, (ASKED, f"Spreadsheet: {ASKED}"))
        people = {path.stem}
        if participant:
            named = {row[participant] for _, row in table.rows}
            people = {each.strip() for each in named if not is_empty(each)}
        for person in sorted(people & self._files.keys()):
            self._notes.append(
                f"participant {person} is in {self._files[person]} and in {path.name}: check that it is one person"
            )
        self._files |= dict.fromkeys(people, path.name)
        for line, row in table.rows:
            truth = row[correct].strip().casefold()
            if truth in EMPTY:
                self._left_out += 1
                continue
            person = participant_of(table, line, row, participant) if participant else path.stem
            if self._dropped.leaves_out(table, line, person, row.get(dropped, "")):
                continue
            given = row[answer].strip().casefold()
            given = self._keys.get(given, given)
            self._correct.append(truth)
            self._given.append(NO_ANSWER if given in EMPTY else given)
            self._participants.append(person)
            seen = row[stimulus].strip() if stimulus else ""
            self._stimuli.append(_with_duration(seen, row.get(duration)))
            for name, column in conditions.items():
                self._conditions[name].append(row[column].strip())
            for name, column in ratings.items():
                self._ratings[name].append(_number(path, line, column, row[column].strip()))
            try:
                text = row[strength].strip() if strength else ""
                self._strengths.append(_number(path, line, str(strength), text))
            except UsageError:
                if asked.asked is not None:
                    raise
                self._strengths.append(float("nan"))  # the column has another meaning here

    def _prepared(self, table: ResultTable) -> ResultTable:
        """Return a table with a row for each trial, and with the columns of the table of conditions."""
        conditions = self._conditions_table
        table, events = responses_only(table)
        if events:
            self._left_out += events
            self._notes.append(
                f"{table.path.name}: {events} rows left out whose {RESPONSE_TYPE} is not {RESPONSE}"
            )
        if is_qualtrics(table):
            asked = self._asked.answer
            turns = loops_as_rows(table, conditions, ANSWER if asked is None else (asked,))
            table = turns.table
            self._left_out += turns.unanswered
            if turns.previews:
                self._notes.append(
                    f"{table.path.name}: {turns.previews} previews and spam left out"
                )
            if turns.unanswered:
                self._notes.append(
                    f"{table.path.name}: {turns.unanswered} turns without an answer left out"
                )
        elif conditions:
            stimulus = table.column("stimulus", self._asked.stimulus, STIMULUS)
            table, unknown = joined(table, stimulus, conditions)
            if unknown:
                self._notes.append(
                    f"{table.path.name}: {unknown} rows name a stimulus that is not in --conditions"
                )
        return table

    def _ratings_of(self, table: ResultTable) -> tuple[str, ...]:
        """Return the names of the rating columns: those that the user named, or those of Mien's page."""
        if not self._asked.ratings and not self._participants and RATED_INTENSITY in table.header:
            own = [name for name in (RATED_INTENSITY, NATURALNESS) if name in table.header]
            self._ratings = {name: [] for name in own}
        return tuple(self._ratings)

    def answers(self) -> Answers:
        """Return what was read."""
        self._dropped.check_people(self._participants)
        if not self._correct:
            why = "".join(f"; {note}" for note in self._notes)
            raise UsageError(f"expected trials with a correct answer in the results, got none{why}")
        if not set(self._given) & set(self._correct):
            raise UsageError(
                f"expected answers such as {self._correct[0]}, got {shown(sorted(set(self._given)))}: say what they "
                f"mean, such as --key {self._given[0]}={self._correct[0]}"
            )
        nothing = set(NOTHING) - set(self._correct)
        return Answers(
            self._participants,
            self._correct,
            [NO_ANSWER if given in nothing else given for given in self._given],
            self._stimuli if all(self._stimuli) else None,
            self._conditions,
            {name: np.array(column) for name, column in self._ratings.items()},
            None if np.isnan(self._strengths).all() else np.array(self._strengths),
            self._left_out,
            (*self._notes, *self._dropped.notes),
            self._dropped.counts,
        )


def _with_duration(stimulus: str, duration: str | None) -> str:
    """Return a stimulus's name with its duration, which programs write as ``100`` or ``100.0``."""
    if not stimulus or duration is None:
        return stimulus
    whole = duration.strip().removesuffix(".0")
    return f"{stimulus} {whole}"


def _number(path: Path, line: int, column: str, text: str) -> float:
    if text.casefold() in (*EMPTY, *NOTHING):
        return float("nan")
    try:
        number = float(text)
    except ValueError:
        number = float("inf")
    if not np.isfinite(number):
        raise UsageError(f"{path}, line {line}, column {column}: expected a number, got {text!r}")
    return number
