"""Results of Gorilla. Its files have a row for each event of a trial."""

from __future__ import annotations

from mien.experiment.result_table import ResultTable

RESPONSE_TYPE = "Response Type"
"""The column that says what kind of event a row is."""

RESPONSE = "response"
"""The value, in lower case, of a row with an answer; other rows say that a clip began or that a screen was left."""


def responses_only(table: ResultTable) -> tuple[ResultTable, int]:
    """Return only the rows of results with an answer, and the number of the rows that were left out.

    Args:
        table: The results. Without the column `RESPONSE_TYPE` all rows are kept.
    """
    if RESPONSE_TYPE not in table.header:
        return table, 0
    kept = [
        (line, row)
        for line, row in table.rows
        if (row[RESPONSE_TYPE] or "").strip().casefold() == RESPONSE
    ]
    return table.with_columns(table.header, kept), len(table.rows) - len(kept)
