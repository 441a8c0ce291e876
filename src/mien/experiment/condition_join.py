"""Join results to the table that says what each stimulus is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from mien.errors import UsageError
from mien.experiment.result_table import ResultTable, read_table

KEYS = ("stimulus", "stimulus_file")
"""Columns of a table of conditions that name the stimulus."""


def joined(
    table: ResultTable, stimulus: str, conditions: Sequence[Mapping[str, str]]
) -> tuple[ResultTable, int]:
    """Return results with the columns of the table of conditions, and how many rows name another stimulus.

    A cell of the results that is not empty stays. A stimulus is found by its whole name, or else by its last part, so
    that an address before it does not matter.

    Args:
        table: The results.
        stimulus: Their column that names the stimulus.
        conditions: The rows of the table of conditions.

    Raises:
        UsageError: The table of conditions names no stimuli, or the results none of its.
    """
    found = by_name(conditions)
    more = [name for name in conditions[0] if name not in (*table.header, *KEYS)]
    filled = [name for name in conditions[0] if name in table.header and name not in KEYS]
    rows: list[tuple[int, dict[str, str]]] = []
    unknown = matched = 0
    for line, row in table.rows:
        name = (row[stimulus] or "").strip()
        facts = find(found, name)
        matched += facts is not None
        unknown += bool(name) and facts is None
        facts = facts or {}
        own = {each: row[each] or facts.get(each, "") for each in filled}
        rows.append((line, {**row, **own, **{each: facts.get(each, "") for each in more}}))
    if not matched:
        raise UsageError(
            f"expected stimuli of --conditions in column {stimulus} of {table.path}, got none of them"
        )
    return table.with_columns((*table.header, *more), rows), unknown


def read_conditions(path: Path) -> list[dict[str, str]]:
    """Read a table of conditions.

    Raises:
        UsageError: It has no rows.
    """
    rows = [row for _, row in read_table(path).rows]
    if not rows:
        raise UsageError(f"expected a row for each stimulus in {path}, got none")
    return rows


def find(rows: Mapping[str, Mapping[str, str]], stimulus: str) -> Mapping[str, str] | None:
    """Return the row of a stimulus by its whole name, or else by its last part; None if there is none.

    Args:
        rows: Rows as `by_name` returns them.
        stimulus: The name.
    """
    return (rows.get(stimulus) or rows.get(_last(stimulus))) if stimulus else None


def by_name(conditions: Sequence[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Return the rows of a table of conditions by the names of their stimuli, and by last parts that are unique.

    Raises:
        UsageError: No column names the stimuli, or there are no rows.
    """
    keys = [name for name in KEYS if conditions and name in conditions[0]]
    if not keys:
        raise UsageError(f"expected a column {' or '.join(KEYS)} and rows in --conditions")
    whole = {row[key]: row for key in keys for row in conditions if row[key]}
    lasts = Counter(name for row in conditions for name in {_last(row[key]) for key in keys})
    short = {_last(name): row for name, row in whole.items() if lasts[_last(name)] == 1}
    return short | whole


def _last(name: str) -> str:
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2]
