from __future__ import annotations

import csv

import pytest

from mien.datasets.coded_unit import CodedUnit
from mien.datasets.codes import parse_facs
from mien.errors import DatasetError
from tests.conftest import SHARED


def units(code):
    return [(u.number, u.side, u.level) for u in parse_facs(code).units]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("L20+21", [(20, "left", None), (21, "both", None)]),
        ("15A+17", [(15, "both", 1.0), (17, "both", None)]),
        ("4+7", [(4, "both", None), (7, "both", None)]),
        ("L12", [(12, "left", None)]),
        ("12L", [(12, "left", None)]),
        ("5B+24", [(5, "both", 2.0), (24, "both", None)]),
        ("R14A", [(14, "right", 1.0)]),
        ("14RC", [(14, "right", 3.0)]),
        ("AU4, AU12R", [(4, "both", None), (12, "right", None)]),
        ("AU 4+AU 07", [(4, "both", None), (7, "both", None)]),
        ("1，2", [(1, "both", None), (2, "both", None)]),
        ("10A/B", [(10, "both", 1.5)]),
        ("R14+17+softfocus", [(14, "right", None), (17, "both", None)]),
        (4, [(4, "both", None)]),
        (12.0, [(12, "both", None)]),
    ],
)
def test_units(code, expected):
    assert units(code) == expected


def test_either_or():
    code = parse_facs("(R6 or R12)+R15")
    assert [(u.number, u.side, u.alternative) for u in code.units] == [
        (6, "right", 0),
        (12, "right", 0),
        (15, "right", None),
    ]
    assert code.names == ("AU15R",)
    assert [u.alternative for u in parse_facs("(L14 or R14)+4+(6 OR 7 or 9)").units] == [
        *(0, 0, None),
        *(1, 1, 1),
    ]
    assert [u.alternative for u in parse_facs("4 or 7 + 9").units] == [0, 0, None]
    assert [u.alternative for u in parse_facs("(1+2 or 4+5)+9").units] == [0, 0, 0, 0, None]


@pytest.mark.parametrize("code", ["L12orL14", "R14Aor17Aor24A", "(R6orR12)+R15", "A/L12"])
def test_either_or_without_spaces(code):
    spaced = code.replace("or", " or ").replace("A/L12", "(A12 or L12)")
    assert parse_facs(code).units == parse_facs(spaced).units
    assert [u.alternative for u in parse_facs(code).units][:2] == [0, 0]


def test_what_the_reference_frame_shows_already_is_uncertain():
    code = parse_facs("7B+ref(43C)+ref(4+10)")
    assert [(u.number, u.level, u.uncertain) for u in code.units] == [
        *((7, 2.0, False), (43, 3.0, True), (4, None, True), (10, None, True)),
    ]


@pytest.mark.parametrize("code", ["4(k)+12", "4 (k)+12", "4(K)+12", "4?+12", "AU4(k)+AU12"])
def test_uncertain(code):
    first, second = parse_facs(code).units
    assert (first.number, first.uncertain, second.uncertain) == (4, True, False)
    assert parse_facs(code).names == ("AU12",)


def test_modifiers_are_kept():
    asymmetric = parse_facs("7C+A12B").units[1]
    assert asymmetric == CodedUnit(12, "both", 2.0, modifier="A")


def test_what_the_catalogue_lacks_is_kept_and_told():
    code = parse_facs("13+L39+4+R17")
    assert code.unknown == (13, 39)
    assert [u.name for u in code.units] == [None, None, "AU4", "AU17"]
    assert code.units[3].side == "right" and code.names == ("AU4", "AU17")


@pytest.mark.parametrize("nothing", ["", None, "/", " - ", 0, float("nan"), "N/A"])
def test_no_code(nothing):
    assert parse_facs(nothing).units == ()


@pytest.mark.parametrize("bad", ["blink", "4+x", "(4 or 7", "4)", "L4R", "4 or", "4.5", "4+100"])
def test_what_is_no_code(bad):
    with pytest.raises(DatasetError, match="FACS code") as error:
        parse_facs(bad)
    assert bad in str(error.value)


def test_units_are_checked():
    with pytest.raises(DatasetError, match="1 to 99"):
        CodedUnit(0)
    with pytest.raises(DatasetError, match="up to 5"):
        CodedUnit(4, level=6.0)


def test_the_vocabulary_of_four_data_sets():
    path = SHARED / "me_statistics" / "samples.csv"
    if not path.exists():
        pytest.skip("needs ../shared/data/me_statistics")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    unknown = set()
    for row in rows:
        code = parse_facs(row["action_units"])
        # Nothing is lost: every number of the text comes back, in order, with its side.
        written = [t for t in row["action_units"].split("+") if t]
        letters = {"both": "", "left": "L", "right": "R"}
        assert [f"{u.number}{letters[u.side]}" for u in code.units] == written
        unknown.update(code.unknown)
    assert len(rows) == 3604
    assert unknown == {8, 13, 21, 31, 39, 56, 61}
