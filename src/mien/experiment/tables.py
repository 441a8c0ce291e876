"""The tables of an analysis: CSV files for programs, Markdown and LaTeX for a paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mien.experiment.analysis import Analysis
from mien.experiment.coders import CoderAgreement
from mien.experiment.interval import Estimate
from mien.experiment.norms import StimulusNorm
from mien.experiment.paper_table import PAPER_SUFFIXES, paper_table
from mien.io.atomic import atomic_file
from mien.io.replacing import IsOwn, begins_with, has_mark

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


NORMS_START = ("stimulus", "correct_answer", "raters", "hits", "hit_rate")
CODERS_START = ("au", "seen_by_one_or_more", "cohen_kappa")

is_norms = begins_with(",".join(NORMS_START))
"""Whether a file is a table of norms that Mien wrote."""

is_coders = begins_with(",".join(CODERS_START))
"""Whether a file is a table of coders' agreement that Mien wrote."""


def is_own_table(path: Path) -> IsOwn:
    """Return the test for a table of recognition that Mien wrote, which depends on the suffix."""
    return has_mark if path.suffix.lower() in PAPER_SUFFIXES else is_recognition


def write_recognition(path: Path, found: Analysis) -> None:
    """Write how well each category was recognised, a row for each: as Markdown (.md), LaTeX (.tex), or else CSV.

    Raises:
        OutputError: The place cannot be written, or holds a file that Mien did not write.
    """
    if path.suffix.lower() in PAPER_SUFFIXES:
        with atomic_file(path) as temporary:
            temporary.write_text(paper_table(found, path.suffix.lower()), encoding="utf-8")
        return
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


def write_norms(path: Path, found: Sequence[StimulusNorm]) -> None:
    """Write the norms, a row for each stimulus.

    Raises:
        OutputError: The place cannot be written, or holds a file that Mien did not write.
    """
    _write_rows(path, [each.row() for each in found], is_norms)


def write_coders(path: Path, found: CoderAgreement) -> None:
    """Write the agreement of coders, a row for each AU.

    Raises:
        OutputError: The place cannot be written, or holds a file that Mien did not write.
    """
    rows = [{"au": name, **each.row()} for name, each in found.aus.items()]
    _write_rows(path, rows, is_coders)


def _write_rows(path: Path, rows: Sequence[Mapping[str, Any]], is_own: IsOwn) -> None:
    cells = [
        [_cell(value) if isinstance(value, float) else value for value in row.values()]
        for row in rows
    ]
    text = _csv_text(list(rows[0]) if rows else CODERS_START, cells)
    with atomic_file(path, is_own=is_own) as temporary:
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
