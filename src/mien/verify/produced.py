"""Check a set of ``mien produce``: every byte, but without making samples again (`mien produce verify --sample`)."""

from __future__ import annotations

from pathlib import Path

from mien.errors import MienError
from mien.verify.report import Report


def check_produced(folder: Path, report: Report) -> None:
    """Check the shards of a set, and that all of them are there."""
    from mien.produce.verify import verify_set  # imports pyarrow

    try:
        found = verify_set(folder, 0)
    except MienError as error:
        report.add(folder, error)
        return
    report.checked += found.checked
    for problem in found.problems:
        report.add(folder, problem)
