from __future__ import annotations

import json
import math

import numpy as np
import pytest

from mien.augment.options import AugmentOptions
from mien.common.option_checks import check_choice, check_number, check_whole
from mien.errors import UsageError
from mien.measure.options import MeasureOptions
from mien.recode.options import RecodeOptions
from mien.transfer.options import TransferOptions


def test_a_choice_lists_what_is_allowed():
    check_choice("--mode", "b", ("a", "b", "c"))
    for wrong in ("d", None, ["a"]):
        with pytest.raises(UsageError, match="expected --mode a, b or c, got"):
            check_choice("--mode", wrong, ("a", "b", "c"))


def test_a_number_is_finite_and_in_its_range():
    for right in (0, 5, 0.5, np.float32(1)):
        check_number("--x", right, 0, 5)
    for wrong in (-0.1, 5.1, math.nan, math.inf, "1", None, True):
        with pytest.raises(UsageError, match="expected --x from 0 to 5, got"):
            check_number("--x", wrong, 0, 5)
    with pytest.raises(UsageError, match="expected --x of 0 or more, got inf"):
        check_number("--x", math.inf, 0)


def test_a_whole_number_is_no_float_and_no_bool():
    check_whole("--n", 1, 1)
    check_whole("--n", np.int64(1), 1)
    for wrong in (0, 1.0, True, "1", None):
        with pytest.raises(UsageError, match="expected --n of 1 or more"):
            check_whole("--n", wrong, 1)


@pytest.mark.parametrize(
    ("options", "given"),
    [
        (TransferOptions, {"strength": np.float32(0.5), "fps": np.int64(50)}),
        (AugmentOptions, {"count": np.int64(2), "seed": np.int64(1), "strength": np.float32(2)}),
        (MeasureOptions, {"start_seconds": np.float32(0.5), "face": np.int64(1)}),
        (RecodeOptions, {"threshold": np.float32(0.5), "apex": np.int64(3)}),
    ],
)
def test_numpy_numbers_in_options_become_plain(options, given):
    made = options(**given)
    for name, value in given.items():
        assert type(getattr(made, name)) in (int, float) and getattr(made, name) == value
    json.dumps({name: getattr(made, name) for name in given})
