"""Find the column of results that names the participant, and read it."""

from __future__ import annotations

from collections.abc import Mapping

from mien.errors import UsageError
from mien.experiment.result_table import ResultTable

PARTICIPANT = (
    "participant",
    "participant_id",
    "Participant Private ID",
    "Participant Public ID",
    "PROLIFIC_PID",
    "subject_nr",
    "subject",
    "subject_id",
    "rater",
    "ResponseId",
)
"""Columns that may name the participant; the first one with an entry in at least one row is used."""

EMPTY = ("", "nan", "null")
"""Contents of a cell, in lower case, that count as empty."""


def participant_column(table: ResultTable, asked: str | None) -> str | None:
    """Return the column that names the participant; None if there is none.

    Args:
        table: The results.
        asked: The column that the user named; None for the first of `PARTICIPANT` that is not empty.

    Raises:
        UsageError: The table does not have the column that the user named.
    """
    filled = [
        name
        for name in PARTICIPANT
        if name in table.header and any(not is_empty(row[name]) for _, row in table.rows)
    ]
    return table.known("participant", asked, filled)


def participant_of(table: ResultTable, line: int, row: Mapping[str, str], column: str) -> str:
    """Return who gave an answer.

    Args:
        table: The results.
        line: The line of the row.
        row: The row.
        column: The column that names the participant.

    Raises:
        UsageError: The cell is empty. Otherwise answers of several people would count as one person's.
    """
    if is_empty(row[column]):
        raise UsageError(
            f"{table.path}, line {line}, column {column}: expected a participant, got an empty cell: fill it in, or "
            "name another column with --participant"
        )
    return row[column].strip()


def is_empty(cell: str | None) -> bool:
    """Return whether a cell counts as empty; see `EMPTY`."""
    return (cell or "").strip().casefold() in EMPTY
