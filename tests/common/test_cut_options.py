from __future__ import annotations

import math

import pytest

from mien.common.cut_options import CutOptions, neutral
from mien.errors import UsageError


@pytest.mark.parametrize(
    ("given", "meant"),
    [("first", "first"), ("median", "median"), ("auto", "auto"), (0, 0), ("12", 12)],
)
def test_neutral_is_a_word_or_a_frame(given, meant):
    assert neutral(given) == meant


@pytest.mark.parametrize("wrong", ["last", 2.7, "2.7", -1, True, None])
def test_anything_else_is_not_neutral(wrong):
    with pytest.raises(
        UsageError, match="--baseline first, median, auto or a frame's number from 0"
    ):
        neutral(wrong)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"start_seconds": -1}, "--start of 0 seconds or more"),
        ({"end_seconds": math.nan}, "--end of 0 seconds or more"),
        ({"start_seconds": 1, "end_seconds": 1}, "--end after --start"),
        ({"scale": "half"}, "--scale full or fast, got 'half'"),
    ],
)
def test_cuts_that_make_no_sense(options, says):
    with pytest.raises(UsageError, match=says):
        CutOptions(**options)
