"""Read the results of a recognition task: CSV files as PsychoPy, jsPsych, OpenSesame and Gorilla save them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mien.errors import BadTrackError, UsageError
from mien.experiment.answers import NO_ANSWER, Answers
from mien.io.csv_text import delimiter_of, read_csv_text

PARTICIPANT = (
    "participant",
    "participant_id",
    "Participant Private ID",
    "Participant Public ID",
    "PROLIFIC_PID",
    "subject_nr",
    "subject",
    "subject_id",
)
"""Columns that name the participant; the first that is there counts."""

CORRECT = ("correct_answer", "Spreadsheet: correct_answer", "correct_response")
ANSWER = ("answer", "Response", "response")
STIMULUS = ("stimulus_file", "Spreadsheet: stimulus_file", "stimulus", "clip", "file")

EMPTY = ("", "nan", "null")
"""What stands in an empty cell, in small letters."""

NOTHING = ("none", "na", "n/a")
"""What programs write for no answer, in small letters, unless it is one of the correct answers."""

DURATION = "duration_ms"
"""A column that tells two durations of one stimulus apart."""

CSV_SUFFIXES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class ResultColumns:
    """Which columns of the results are read.

    Attributes:
        participant: Who answered; None for the first known name, or else one participant for each file.
        correct: The correct answer; None for the first known name.
        answer: The answer that was given; None for the first known name.
        stimulus: What was shown; None for the first known name, or nothing.
        conditions: Columns to compare, such as ``level``.
        ratings: Columns of numbers, such as ``naturalness``.
        keys: What an answer such as ``1`` means.
    """

    participant: str | None = None
    correct: str | None = None
    answer: str | None = None
    stimulus: str | None = None
    conditions: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)


def read_results(places: Sequence[Path], columns: ResultColumns | None = None) -> Answers:
    """Read results of one participant or more.

    Rows without a correct answer, such as instructions, are left out and counted. Small and capital letters are equal.

    Args:
        places: CSV files, or folders of them.
        columns: Which columns are read.

    Raises:
        UsageError: No file, no trial, a column that is missing, or no answer that is one of the correct ones.
        BadTrackError: A file that is no CSV.
    """
    reader = _Reader(columns or ResultColumns())
    files = [file for place in places for file in _files(place)]
    if not files:
        raise UsageError("expected results as CSV files, got none")
    for name, count in Counter(file.resolve() for file in files).items():
        if count > 1:
            raise UsageError(f"expected each file of results once, got {name} twice")
    for file in files:
        reader.add(file)
    return reader.answers()


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    found = sorted(each for each in place.iterdir() if each.suffix.lower() in CSV_SUFFIXES)
    if not found:
        raise UsageError(f"expected CSV files in {place}, got none")
    return found


class _Reader:
    """Collects trials from several files."""

    def __init__(self, asked: ResultColumns) -> None:
        self._asked = asked
        self._keys = {key.casefold(): answer.casefold() for key, answer in asked.keys.items()}
        self._left_out = 0
        self._files: dict[str, str] = {}
        self._notes: list[str] = []
        self._participants: list[str] = []
        self._correct: list[str] = []
        self._given: list[str] = []
        self._stimuli: list[str] = []
        self._conditions: dict[str, list[str]] = {name: [] for name in asked.conditions}
        self._ratings: dict[str, list[float]] = {name: [] for name in asked.ratings}

    def add(self, path: Path) -> None:
        """Read a file."""
        asked = self._asked
        header, rows = _table(path)
        correct = _column(path, header, "correct", asked.correct, CORRECT)
        answer = _column(path, header, "answer", asked.answer, ANSWER)
        participant = _known(path, header, "participant", asked.participant, PARTICIPANT)
        stimulus = _known(path, header, "stimulus", asked.stimulus, STIMULUS)
        if participant is None and path.stem in self._participants:
            raise UsageError(
                f"expected a column {PARTICIPANT[0]}, or files of different names, got {path.name} twice"
            )
        for name in (*asked.conditions, *asked.ratings):
            if name not in header:
                raise UsageError(f"expected a column {name} in {path}, got {_shown(header)}")
        people = {row[participant].strip() for _, row in rows} if participant else {path.stem}
        for person in sorted(people & self._files.keys()):
            self._notes.append(
                f"participant {person} is in {self._files[person]} and in {path.name}: check that it is one person"
            )
        self._files |= dict.fromkeys(people, path.name)
        for line, row in rows:
            truth = row[correct].strip().casefold()
            if truth in EMPTY:
                self._left_out += 1
                continue
            given = row[answer].strip().casefold()
            given = self._keys.get(given, given)
            self._correct.append(truth)
            self._given.append(NO_ANSWER if given in EMPTY else given)
            self._participants.append(row[participant].strip() if participant else path.stem)
            shown = row[stimulus].strip() if stimulus else ""
            self._stimuli.append(_with_duration(shown, row.get(DURATION)))
            for name, column in self._conditions.items():
                column.append(row[name].strip())
            for name, numbers in self._ratings.items():
                numbers.append(_number(path, line, name, row[name].strip()))

    def answers(self) -> Answers:
        """Return what was read."""
        if not self._correct:
            raise UsageError("expected trials with a correct answer in the results, got none")
        if not set(self._given) & set(self._correct):
            raise UsageError(
                f"expected answers such as {self._correct[0]}, got {_shown(sorted(set(self._given)))}: say what they "
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
            self._left_out,
            tuple(self._notes),
        )


def _with_duration(stimulus: str, duration: str | None) -> str:
    """Return a stimulus with its duration, which programs write as ``100`` or ``100.0``."""
    if not stimulus or duration is None:
        return stimulus
    whole = duration.strip().removesuffix(".0")
    return f"{stimulus} {whole}"


def _table(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Return a file's columns, and its rows with their lines."""
    text = read_csv_text(path)
    delimiter = delimiter_of(text.lstrip().partition("\n")[0])
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise BadTrackError(f"{path}, line {reader.line_num}: no valid CSV ({error})") from error
    header = list(reader.fieldnames or ())
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise UsageError(f"expected each column once in {path}, got {twice} twice")
    return header, rows


def _column(
    path: Path, header: list[str], what: str, asked: str | None, known: tuple[str, ...]
) -> str:
    found = _known(path, header, what, asked, known)
    if found is None:
        raise UsageError(
            f"expected a column {known[0]} in {path}, got {_shown(header)}: name it with --{what} COLUMN"
        )
    return found


def _known(
    path: Path, header: list[str], what: str, asked: str | None, known: tuple[str, ...]
) -> str | None:
    if asked is not None and asked not in header:
        raise UsageError(f"expected the column {asked} of --{what} in {path}, got {_shown(header)}")
    return asked or next((name for name in known if name in header), None)


def _shown(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "") if names else "none"


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
