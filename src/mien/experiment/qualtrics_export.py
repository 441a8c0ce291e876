"""Read exports of Qualtrics, which have two more header rows, and a column for each turn of a loop."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mien.errors import UsageError
from mien.experiment.result_table import ResultTable

_LOOP = re.compile(r"([1-9]\d*)_(\D.*)")
_IMPORT_ID = '{"ImportId":'

_FIELD = re.compile(r"Field [1-9]\d* (.+)")
"""A column of a loop's table that Mien wrote: the number of Qualtrics' field, and the name of its content."""

NUMBER = "Loop"
"""The column of a loop's table with the number of the turn."""

PREVIEWS = ("survey preview", "survey test", "spam", "1", "2", "8", "9", "12", "17")
"""Values of the column Status, in lower case, that mark previews, tests and spam: texts and codes."""


def is_qualtrics(table: ResultTable) -> bool:
    """Return whether a file is an export of Qualtrics, by its third header row."""
    return len(table.rows) >= 2 and any(
        isinstance(cell, str) and cell.replace(" ", "").startswith(_IMPORT_ID)
        for cell in table.rows[1][1].values()
    )


@dataclass(frozen=True)
class Turns:
    """The turns of a loop.

    Attributes:
        table: The export with a row for each turn.
        previews: Number of rows that were left out as previews, tests or spam.
        unanswered: Number of turns that were left out because they have entries but no answer to the question.
    """

    table: ResultTable
    previews: int
    unanswered: int


def loops_as_rows(
    table: ResultTable, conditions: Sequence[Mapping[str, str]], answers: Sequence[str]
) -> Turns:
    """Return an export with a row for each turn of a loop.

    ``3_Q5`` is the answer to Q5 in turn 3 of Loop & Merge. That is row 3 of the loop's table, in whatever order the
    turns were shown. Turns without any entry were not shown and are left out. A turn in which only other questions were
    answered, such as those of training, or only a time was measured, is left out and counted.

    Args:
        table: The export.
        conditions: The rows of the loop's table, in its order.
        answers: Names of the question that must be answered; the first name that the loop has is used. If it has none,
            any entry counts.

    Raises:
        UsageError: There is no column of a loop, no table of conditions, or no row for a turn.
    """
    turns: dict[int, dict[str, str]] = {}
    for column in table.header:
        if match := _LOOP.fullmatch(column):
            turns.setdefault(int(match[1]), {})[match[2]] = column
    if not turns:
        raise UsageError(
            f"expected columns of a loop such as 1_Q3 in {table.path}, an export of Qualtrics, got none"
        )
    loop = _rows_by_turn(conditions)
    if missing := sorted(turns.keys() - loop.keys()):
        raise UsageError(
            f"expected a row in --conditions for each turn of the loop, got none for turn {missing[-1]} "
            f"in {table.path} (number of rows: {len(conditions)})"
        )
    in_loops = {column for names in turns.values() for column in names.values()}
    shared = [column for column in table.header if column not in in_loops]
    questions = list(dict.fromkeys(name for names in turns.values() for name in names))
    question = next((name for name in answers if name in questions), None)
    known = [name for name in next(iter(loop.values())) if name not in (*shared, *questions)]
    rows: list[tuple[int, dict[str, str]]] = []
    previews = unanswered = 0
    for line, row in table.rows[2:]:
        if (row.get("Status") or "").strip().casefold() in PREVIEWS:
            previews += 1
            continue
        for turn, names in sorted(turns.items()):
            said = {name: (row[column] or "") for name, column in names.items()}
            if not any(each.strip() for each in said.values()):
                continue
            if question is not None and not said.get(question, "").strip():
                unanswered += 1
                continue
            facts = {name: loop[turn][name] for name in known}
            rows.append((line, {**{c: row[c] for c in shared}, **said, **facts}))
    return Turns(table.with_columns((*shared, *questions, *known), rows), previews, unanswered)


def _rows_by_turn(conditions: Sequence[Mapping[str, str]]) -> dict[int, dict[str, str]]:
    """Return the rows of a loop's table by the number of their turn, or without such a column by position, from 1.

    Raises:
        UsageError: The number of a turn is not a number from 1, or occurs twice.
    """
    found: dict[int, dict[str, str]] = {}
    for place, row in enumerate(conditions, start=1):
        text = row.get(NUMBER, str(place)).strip()
        number = int(text) if text.isascii() and text.isdigit() else 0
        if number < 1 or number in found:
            raise UsageError(
                f"expected each turn once in the column {NUMBER} of --conditions, got {text!r}"
            )
        found[number] = {
            match[1] if (match := _FIELD.fullmatch(name)) else name: value
            for name, value in row.items()
            if name != NUMBER
        }
    return found
