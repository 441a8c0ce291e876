from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mien.io.plain_values import plain_value


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.float32(0.5), 0.5),
        (np.longdouble(0.5), 0.5),
        (np.int16(-3), -3),
        (np.bool_(True), True),
        (np.str_("two"), "two"),
        (True, True),
        (Fraction(1, 2), Fraction(1, 2)),
        (None, None),
    ],
)
def test_only_numpys_scalars_change(value: object, plain: object) -> None:
    assert plain_value(value) == plain and type(plain_value(value)) is type(plain)


def test_arrays_stay() -> None:
    array = np.zeros(2)
    assert plain_value(array) is array
