"""Results of Gorilla, whose files have a row for each event of a trial."""

from __future__ import annotations

from mien.experiment.result_table import ResultTable

RESPONSE_TYPE = "Response Type"
"""The column that says what kind of event a row is."""

RESPONSE = "response"
"""Such a row holds an answer, in small letters; others say that a clip began or that a screen was left."""


def responses_only(table: ResultTable) -> tuple[ResultTable, int]:
    """Return results with the rows that hold an answer, and how many others were left out.

    Args:
        table: The results. Without the column `RESPONSE_TYPE` they stay as they are.
    """
    if RESPONSE_TYPE not in table.header:
        return table, 0
    kept = [
        (line, row)
        for line, row in table.rows
        if (row[RESPONSE_TYPE] or "").strip().casefold() == RESPONSE
    ]
    return table.with_columns(table.header, kept), len(table.rows) - len(kept)
