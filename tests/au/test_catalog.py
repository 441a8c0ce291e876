import pytest

from mien.au.catalog import (
    CATALOG,
    OPENFACE_AUS,
    RIG_NAMES,
    canonical_name,
    names_on_side,
    parse_au,
    sided_names,
)
from mien.errors import UnknownAUError, UsageError


def test_catalogue_order_sides_and_columns():
    numbers = [unit.number for unit in CATALOG.values()]
    assert numbers == [
        *(1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 16, 17, 18, 20, 22, 23, 24, 25, 26, 28, 38, 43, 45)
    ]
    midline = [unit.number for unit in CATALOG.values() if not unit.sided]
    assert midline == [17, 18, 22, 23, 24, 25, 26, 28]
    assert CATALOG["AU1"].openface_intensity == "AU01_r"
    assert CATALOG["AU28"].openface_intensity is None
    assert CATALOG["AU28"].openface_presence == "AU28_c"
    assert [CATALOG[name].number for name in OPENFACE_AUS] == [
        *(1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45)
    ]
    assert sum(unit.openface_presence is not None for unit in CATALOG.values()) == 18
    assert CATALOG["AU12"].facs_name == "Lip Corner Puller"
    assert all(unit.muscle for unit in CATALOG.values())


def test_rig_names_are_every_side_once():
    assert len(RIG_NAMES) == 16 * 2 + 8 == len(set(RIG_NAMES))
    assert RIG_NAMES[:4] == ("AU1L", "AU1R", "AU2L", "AU2R")
    assert RIG_NAMES[-2:] == ("AU45L", "AU45R")


@pytest.mark.parametrize(
    ("text", "name", "side"),
    [
        ("AU12", "AU12", None),
        ("au04l", "AU4", "left"),
        (" AU12R ", "AU12", "right"),
        ("Au01", "AU1", None),
    ],
)
def test_parse_is_tolerant(text, name, side):
    unit, got = parse_au(text)
    assert (unit.name, got) == (name, side)


@pytest.mark.parametrize("text", ["AU3", "12", "AU12X", "", "AU", "AU1LR", "AU12_r", None, "AU١"])
def test_unknown_names_list_the_known(text):
    with pytest.raises(UnknownAUError, match="AU43 AU45"):
        parse_au(text)


def test_a_side_on_the_midline_is_refused():
    with pytest.raises(UnknownAUError, match=r"AU26 .*midline: write AU26"):
        parse_au("AU26L")


def test_sided_names():
    assert sided_names("AU12") == ("AU12L", "AU12R")
    assert sided_names("au12r") == ("AU12R",)
    assert sided_names("AU26") == ("AU26",)
    assert canonical_name("au06l") == "AU6L"


def test_names_on_side():
    names = ("AU12", "AU4L", "AU14L", "AU14R", "AU26")
    assert names_on_side(names, "right") == {
        "AU12": "AU12R",
        "AU4L": "AU4R",
        "AU14R": "AU14R",
        "AU26": "AU26",
    }
    assert list(names_on_side(names, "both").values()) == list(names)
    # A left extra on top of both sides has nothing to say about the right.
    assert names_on_side(("AU12", "AU12L"), "right") == {"AU12": "AU12R"}
    with pytest.raises(UsageError, match="left, right or both"):
        names_on_side(names, "L")  # type: ignore[arg-type]
