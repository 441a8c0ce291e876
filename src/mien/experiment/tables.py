"""The tables of an analysis as CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from mien.experiment.analysis import Analysis
from mien.experiment.interval import Estimate
from mien.io.atomic import atomic_file
from mien.io.replacing import begins_with

RECOGNITION_HEADER = (
    *("category", "trials", "hits", "hit_rate", "hit_rate_low", "hit_rate_high"),
    *("unbiased", "unbiased_low", "unbiased_high", "unbiased_by_chance"),
    *("d_prime", "d_prime_low", "d_prime_high"),
)
CONFUSION_CORNER = "shown \\ answered"
DIGITS = 4

is_recognition = begins_with(",".join(RECOGNITION_HEADER))
"""Whether a file is a table of recognition that Mien wrote."""

is_confusion = begins_with(CONFUSION_CORNER)
"""Whether a file is a confusion matrix that Mien wrote."""


def write_recognition(path: Path, found: Analysis) -> None:
    """Write how well each category was recognised, a row for each.

    Raises:
        OutputError: The place cannot be written, or holds a file that Mien did not write.
    """
    rows = [
        (
            name,
            each.trials,
            each.hits,
            *_cells(each.hit_rate),
            *_cells(each.unbiased),
            _cell(each.by_chance),
            *_cells(each.sensitivity),
        )
        for name, each in found.recognised.items()
    ]
    text = _csv_text(RECOGNITION_HEADER, rows)
    with atomic_file(path, is_own=is_recognition) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def write_confusion(path: Path, found: Analysis) -> None:
    """Write how often each answer was given in each category: a row for each category, a column for each answer.

    Raises:
        OutputError: The place cannot be written, or holds a file that Mien did not write.
    """
    rows = [
        (name, *counts)
        for name, counts in zip(found.categories, found.confusion.tolist(), strict=True)
    ]
    text = _csv_text((CONFUSION_CORNER, *found.choices), rows)
    with atomic_file(path, is_own=is_confusion) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def _cells(estimate: Estimate) -> tuple[str, str, str]:
    return _cell(estimate.mean), _cell(estimate.low), _cell(estimate.high)


def _cell(value: float) -> str:
    return "" if np.isnan(value) else str(round(value, DIGITS))


def _csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
