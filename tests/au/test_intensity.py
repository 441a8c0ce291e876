import pytest

from mien.au.intensity import intensity_from_level, level_from_intensity, parse_intensity
from mien.errors import BadTrackError


def test_levels_are_the_facs_scale():
    assert [intensity_from_level(letter) for letter in "ABCDE"] == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert [level_from_intensity(x) for x in (0.0, 0.49, 0.5, 2.0, 2.4, 2.5, 5.0)] == list(
        "00ABBCE"
    )


@pytest.mark.parametrize("value", ["B", "b", " B ", "2.0", 2.0, 2])
def test_parse_intensity(value):
    assert parse_intensity(value) == 2.0


@pytest.mark.parametrize(
    "value", ["F", "", "BB", "5.1", -0.1, float("nan"), float("inf"), None, True, [2]]
)
def test_bad_intensities(value):
    with pytest.raises(BadTrackError, match="from 0 to 5 or a FACS level"):
        parse_intensity(value)


@pytest.mark.parametrize("level", ["F", "AB", "", 2])
def test_bad_levels(level):
    with pytest.raises(BadTrackError, match="FACS level"):
        intensity_from_level(level)
