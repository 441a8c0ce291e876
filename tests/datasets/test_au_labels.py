"""FACS codes to labels: sides, levels, what the coder left open."""

from __future__ import annotations

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.datasets.au_labels import labels_of_codes
from mien.datasets.codes import parse_facs


def of(code: str) -> dict[str, tuple[int, float | None]]:
    """Return each AU that is not absent: its state and its intensity, None where it is not known."""
    made = labels_of_codes([parse_facs(code)])
    return {
        name: (int(state), None if np.isnan(level) else float(level))
        for name, state, level in zip(RIG_NAMES, made.present[0], made.intensity[0], strict=True)
        if state
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("L10", {"AU10L": (1, None)}),
        ("R12B", {"AU12R": (1, 2.0)}),
        ("4A", {"AU4L": (1, 1.0), "AU4R": (1, 1.0)}),
        ("A12", {"AU12L": (1, None), "AU12R": (1, None)}),
        ("R17", {"AU17": (1, None)}),
        ("L12+R12C", {"AU12L": (1, None), "AU12R": (1, 3.0)}),
        ("17+4(k)", {"AU17": (1, None), "AU4L": (-1, None), "AU4R": (-1, None)}),
        ("(R6 or R12)+R15", {"AU6R": (-1, None), "AU12R": (-1, None), "AU15R": (1, None)}),
        ("A/L12", {"AU12L": (1, None), "AU12R": (-1, None)}),
        ("U12", {"AU12L": (-1, None), "AU12R": (-1, None)}),
        ("4(k)+L4", {"AU4L": (1, None), "AU4R": (-1, None)}),
        ("L4+4(k)", {"AU4L": (1, None), "AU4R": (-1, None)}),
        ("31+26", {"AU26": (1, None)}),
    ],
)
def test_codes(code: str, expected: dict) -> None:
    assert of(code) == expected


def test_a_clip_that_nobody_coded_is_unknown_and_a_foreign_au_alone_is_a_code() -> None:
    made = labels_of_codes([parse_facs(""), parse_facs("31")])
    assert (made.present[0] == -1).all() and (made.present[1] == 0).all()
