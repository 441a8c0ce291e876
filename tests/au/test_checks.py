import numpy as np
import pytest

from mien.au.checks import as_numbers, check_padding, check_scaled_peaks, check_strength
from mien.errors import BadTrackError, UsageError


def test_largest_strength_can_be_typed_as_told():
    with pytest.raises(BadTrackError, match=r"takes AU4 from 3 to 6.*at most 1\.666$"):
        check_scaled_peaks({"AU12": 1.0, "AU4": 3.0}, 2.0)
    check_scaled_peaks({"AU12": 1.0, "AU4": 3.0}, 1.666)
    check_scaled_peaks({"AU4": 0.0}, 1e9)


@pytest.mark.parametrize("strength", [-0.1, float("nan"), float("inf")])
def test_bad_strength(strength):
    with pytest.raises(UsageError, match="strength of 0 or more"):
        check_strength(strength)


def test_bad_padding():
    with pytest.raises(UsageError, match="tail of 0 s or more"):
        check_padding(0.0, -1.0)
    with pytest.raises(UsageError, match="lead of 0 s or more"):
        check_padding(float("nan"), 0.0)


def test_as_numbers():
    assert as_numbers("values", [[1, 2]], ndim=2).dtype == np.float64
    with pytest.raises(BadTrackError, match="numbers in values"):
        as_numbers("values", [["a"]], ndim=2)
    with pytest.raises(BadTrackError, match="2 dimensions"):
        as_numbers("values", [1.0], ndim=2)
