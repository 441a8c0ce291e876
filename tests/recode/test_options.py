from __future__ import annotations

import math

import pytest

from mien.errors import UsageError
from mien.recode.options import RecodeOptions


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"mode": "nonsense"}, "--mode none, linear, apex or smooth, got 'nonsense'"),
        ({"mode": "recode"}, "--mode none, linear, apex or smooth, got 'recode'"),
        ({"threshold": -0.1}, "--threshold from 0 to 5, got -0.1"),
        ({"threshold": 5.1}, "--threshold from 0 to 5, got 5.1"),
        ({"threshold": math.nan}, "--threshold from 0 to 5, got nan"),
        ({"strength": -1}, "--strength of 0 or more, got -1"),
        ({"strength": math.inf}, "--strength of 0 or more, got inf"),
        ({"portrait_au": "AU4=1"}, "--portrait-au needs --mode apex"),
        ({"apex": 1, "apex_seconds": 0.1}, "one of --apex and --apex-time, got both"),
    ],
)
def test_values_are_checked_when_options_are_made(options, says):
    with pytest.raises(UsageError, match=says):
        RecodeOptions(**options)


def test_one_portrait_au_needs_no_tuple():
    assert RecodeOptions(mode="apex", portrait_au="AU4=1").portrait_au == ("AU4=1",)
    assert RecodeOptions(mode="apex", portrait_au=["AU4=1"]).portrait_au == ("AU4=1",)
