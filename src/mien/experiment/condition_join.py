"""Join results with the table of conditions, which says what each stimulus is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mien.errors import UsageError
from mien.experiment.result_table import GORILLA, ResultTable, read_table, shown

KEYS = ("stimulus", "stimulus_file")
"""Columns of a table of conditions that name the stimulus."""

DURATION = "duration_ms"
"""The column that distinguishes rows of a stimulus with different durations."""

ENDINGS = ("mp4", "mkv", "gif", "webm")
"""File extensions of clips."""

PLACES = ("order", "block", "trial")
"""Columns that say where a stimulus comes in an order, not what it is."""


def joined(
    table: ResultTable, stimulus: str, conditions: Sequence[Mapping[str, str]]
) -> tuple[ResultTable, int]:
    """Add the columns of the table of conditions to results.

    A cell of the results that is not empty stays. A stimulus is found by its whole name, or else by its last part
    without a clip's extension, so that a path or URL before it does not matter. If a stimulus has several rows, as in
    ``trials.csv`` of a study, its row is chosen by the duration, if both tables have it; the columns `PLACES` are left
    out.

    Args:
        table: The results.
        stimulus: The column of the results that names the stimulus.
        conditions: The rows of the table of conditions.

    Returns:
        The results with the added columns, and the number of rows whose stimulus is not in the table of conditions.

    Raises:
        UsageError: The table of conditions names no stimuli, the results name none of its stimuli, or the rows of a
            stimulus contradict each other.
    """
    found = by_name(conditions)
    left_out = {*KEYS, *(PLACES if any(len(rows) > 1 for rows in found.values()) else ())}
    more = [name for name in conditions[0] if name not in (*table.header, *left_out)]
    filled = [name for name in conditions[0] if name in table.header and name not in left_out]
    duration = next((c for c in (DURATION, f"{GORILLA}{DURATION}") if c in table.header), "")
    rows: list[tuple[int, dict[str, str]]] = []
    unknown = matched = 0
    for line, row in table.rows:
        name = (row[stimulus] or "").strip()
        of_name = find(found, name)
        matched += bool(of_name)
        unknown += bool(name) and not of_name
        facts: Mapping[str, str] = {}
        if of_name:
            wanted = [*more, *(each for each in filled if not row[each])]
            try:
                facts = one_row(name, of_name, wanted, row.get(duration) or "")
            except UsageError as error:
                raise UsageError(f"{table.path}, line {line}: {error}") from error
        own = {each: row[each] or facts.get(each, "") for each in filled}
        rows.append((line, {**row, **own, **{each: facts.get(each, "") for each in more}}))
    if not matched:
        named = next((row[stimulus] for _, row in table.rows if row[stimulus]), "nothing")
        raise UsageError(
            f"expected stimuli of --conditions, such as {next(iter(found))}, in column {stimulus} of {table.path}, got "
            f"none of them, but {named}"
        )
    return table.with_columns((*table.header, *more), rows), unknown


def read_conditions(path: Path) -> list[dict[str, str]]:
    """Read a table of conditions.

    Raises:
        UsageError: The table has no rows.
    """
    rows = [row for _, row in read_table(path).rows]
    if not rows:
        raise UsageError(f"expected a row for each stimulus in {path}, got none")
    return rows


def find(
    rows: Mapping[str, Sequence[Mapping[str, str]]], stimulus: str
) -> Sequence[Mapping[str, str]]:
    """Return the rows of a stimulus by its whole name, or else by its last part; empty if there is no such stimulus.

    Args:
        rows: Rows as `by_name` returns them.
        stimulus: The stimulus's name.
    """
    return (rows.get(stimulus) or rows.get(_last(stimulus)) or ()) if stimulus else ()


def by_name(conditions: Sequence[Mapping[str, str]]) -> dict[str, list[Mapping[str, str]]]:
    """Return the rows of a table of conditions by the names of their stimuli, and by the unique last parts of names.

    Raises:
        UsageError: No column names the stimuli, or there are no rows.
    """
    keys = [name for name in KEYS if conditions and name in conditions[0]]
    if not keys:
        raise UsageError(f"expected a column {' or '.join(KEYS)} and rows in --conditions")
    whole: dict[str, list[Mapping[str, str]]] = {}
    lasts: dict[str, list[Mapping[str, str]]] = {}
    for row in conditions:
        names = dict.fromkeys(row[key] for key in keys if row[key])
        for name in names:
            whole.setdefault(name, []).append(row)
        for last in dict.fromkeys(_last(name) for name in names):
            lasts.setdefault(last, []).append(row)
    short = {
        last: rows
        for last, rows in lasts.items()
        if len({tuple(row[key] for key in keys) for row in rows}) == 1
    }
    return short | whole


def one_row(
    stimulus: str,
    rows: Sequence[Mapping[str, str]],
    columns: Sequence[str],
    duration: str = "",
) -> Mapping[str, str]:
    """Return the row of a stimulus; if there are several rows, they must agree.

    Args:
        stimulus: The stimulus's name, for the message.
        rows: Its rows, at least one.
        columns: The columns in which the rows must agree.
        duration: The duration in milliseconds, as text; it chooses among rows of different durations. Empty if it is
            not known.

    Raises:
        UsageError: The rows differ in one of the columns, or no row has the duration.
    """
    durations = dict.fromkeys(_ms(row.get(DURATION)) for row in rows)
    if len(durations) > 1 and duration.strip():
        rows = [row for row in rows if _ms(row.get(DURATION)) == _ms(duration)]
        if not rows:
            raise UsageError(
                f"expected a {DURATION} of {stimulus} that is in --conditions, {shown(list(durations))}, got {duration}"
            )
    for column in columns:
        values = list(dict.fromkeys(row[column] for row in rows))
        if len(values) > 1:
            raise UsageError(
                f"expected rows of {stimulus} in --conditions that agree, got {column} {shown(values)}: keep one of "
                f"them, or give a column {DURATION} in both tables"
            )
    return rows[0]


def _ms(text: str | None) -> str:
    """Return a duration, which programs write as ``100`` or ``100.0``, in one form."""
    try:
        return f"{float(text or ''):.3f}".rstrip("0").rstrip(".")
    except ValueError:
        return text or ""


def _last(name: str) -> str:
    """Return the last part of a stimulus's name, without a clip's extension; clips of a study are named like this."""
    last = name.strip().replace("\\", "/").rstrip("/").rpartition("/")[2]
    stem, dot, ending = last.rpartition(".")
    return stem if dot and ending.casefold() in ENDINGS else last
